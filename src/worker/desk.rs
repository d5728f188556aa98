//! The shards as one request of the conductor sees them.

use std::{
    cell::{Cell, RefCell},
    ops::Range,
    rc::Rc,
};

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::StreamExt;
use web_sys::Blob;

use super::{
    machine::room,
    port::Port,
    shard::{FromShard, ToShard},
    text::TextBlob,
    time::Turn,
};
use crate::{
    cluster::{
        JobError,
        conductor::{Grain, Shards},
        message::{Answer, Question},
    },
    engine::text::Encoding,
    protocol::{Envelope, JobId},
};

type Inbox = UnboundedSender<(u32, Said)>;

/// What a shard said, and what rode beside.
type Said = (FromShard, Option<Blob>);

/// The ports of all shards, and where the answers to each desk go.
#[derive(Debug)]
pub(super) struct Hub {
    shards: Vec<Port>,
    /// How many desks there were.
    n_desks: Cell<u32>,
    inboxes: RefCell<Vec<(JobId, Inbox)>>,
}

impl Hub {
    /// Listens to shards for as long as the conductor lives; `died` hears of a dead one.
    pub(super) fn new(shards: Vec<Port>, died: impl Fn(String) + Clone + 'static) -> Rc<Self> {
        let hub = Rc::new(Self { shards, n_desks: Cell::default(), inboxes: RefCell::default() });
        for (number, port) in (0..).zip(&hub.shards) {
            let listening = Rc::clone(&hub);
            port.listen(move |Envelope { job, body }: Envelope<FromShard>, blobs| {
                // Answers to a desk that is gone are dropped.
                let inboxes = listening.inboxes.borrow();
                if let Some((_, inbox)) = inboxes.iter().find(|(of, _)| *of == job) {
                    // Its other end lives as long as its entry.
                    let _ = inbox.unbounded_send((number, (body, blobs.into_iter().next())));
                }
            })
            .forget();
            port.on_death(died.clone()).forget();
            if matches!(port, Port::Worker(_)) {
                let (answered, asking) = port.on_silence(died.clone());
                answered.forget();
                asking.forget();
            }
        }
        hub
    }

    pub(super) fn n_shards(&self) -> u32 {
        self.shards.len() as u32
    }
}

/// The shards and the file of one request, or of one step of it. To drop it is to stop what the
/// shards do for it.
#[derive(Debug)]
pub(super) struct Desk {
    hub: Rc<Hub>,
    /// Its own number, not the page's: where a step is given up and done otherwise, what shards
    /// still say about the old one must not be taken for the new one.
    job: JobId,
    file: Option<TextBlob>,
    /// The file's first bytes, where they are at hand.
    head: Vec<u8>,
    inbox: UnboundedReceiver<(u32, Said)>,
    turn: Turn,
}

impl Desk {
    pub(super) fn new(hub: &Rc<Hub>, file: Option<TextBlob>) -> Self {
        let (sender, inbox) = unbounded();
        hub.n_desks.set(hub.n_desks.get().wrapping_add(1));
        let job = JobId(hub.n_desks.get());
        hub.inboxes.borrow_mut().push((job, sender));
        let (head, turn) = (Vec::new(), Turn::begin());
        Self { hub: Rc::clone(hub), job, file, head, inbox, turn }
    }

    /// The same, with the file's first bytes: they need not be read again.
    pub(super) fn with_head(mut self, head: Vec<u8>) -> Self {
        self.head = head;
        self
    }

    async fn hear(&mut self) -> (u32, Said) {
        self.inbox.next().await.expect("the hub keeps the other end")
    }

    /// Has the shards turn a range each from an encoding into UTF-8: the text's parts in their
    /// order, and how many characters are beyond ASCII. Tells how many bytes are done.
    ///
    /// # Errors
    ///
    /// [`JobError::Unreadable`].
    pub(super) async fn decode(
        &mut self,
        encoding: Encoding,
        ranges: &[Range<u64>],
        tell: &mut dyn FnMut(u64),
    ) -> Result<(Vec<Blob>, u64), JobError> {
        for (shard, range) in self.hub.shards.iter().zip(ranges) {
            let body = ToShard::Decode { encoding, range: range.clone() };
            let file = self.file.as_ref().and_then(TextBlob::plain).cloned();
            shard.post(&Envelope { job: self.job, body }, file.as_slice());
        }
        let mut parts = vec![Vec::new(); ranges.len()];
        let (mut n_open, mut n_done, mut n_foreign) = (ranges.len(), 0, 0);
        while n_open > 0 {
            match self.hear().await {
                (shard, (FromShard::Decoded { n_read }, part)) => {
                    parts[shard as usize].extend(part);
                    n_done += n_read;
                    tell(n_done);
                }
                (_, (FromShard::HasDecoded { n_foreign: n }, _)) => {
                    n_foreign += n;
                    n_open -= 1;
                }
                (_, (FromShard::Failed(error), _)) => return Err(error),
                (_, (FromShard::Answer(_), _)) => {
                    unreachable!("nothing was asked")
                }
            }
        }
        Ok((parts.concat(), n_foreign))
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.hub.inboxes.borrow_mut().retain(|(of, _)| *of != self.job);
        for shard in &self.hub.shards {
            shard.post(&Envelope { job: self.job, body: ToShard::Stop }, &[]);
        }
    }
}

impl Shards for Desk {
    fn n_shards(&self) -> u32 {
        self.hub.n_shards()
    }

    fn grain(&self) -> Grain {
        // A step on the page's own thread must not be felt: some milliseconds and no more.
        let piece = if web_sys::window().is_some() { 1 << 18 } else { Grain::default().piece };
        Grain { piece, ..Grain::default() }
    }

    fn room(&self) -> u64 {
        room(self.hub.n_shards())
    }

    fn ask(&mut self, shard: u32, question: Question) {
        let needs_file = match &question {
            Question::Read(_) | Question::Write(_) => true,
            Question::Select(select) => select.read.is_some(),
            _ => false,
        };
        let (file, wide) = match &self.file {
            Some(file) if needs_file => (Some(file.parts().0.clone()), file.parts().1),
            _ => (None, None),
        };
        let body = ToShard::Ask { question: Box::new(question), wide };
        self.hub.shards[shard as usize].post(&Envelope { job: self.job, body }, file.as_slice());
    }

    async fn answer(&mut self) -> Result<(u32, Answer), JobError> {
        match self.hear().await {
            (shard, (FromShard::Answer(answer), _)) => Ok((shard, answer)),
            (_, (FromShard::Failed(error), _)) => Err(error),
            _ => unreachable!("nothing was to be decoded"),
        }
    }

    async fn read(&mut self, range: Range<u64>) -> Result<Vec<u8>, JobError> {
        let within = range.start as usize..range.end as usize;
        if let Some(bytes) = self.head.get(within) {
            return Ok(bytes.to_vec());
        }
        match &self.file {
            Some(file) => file.read(range).await,
            None => Err(JobError::NoTable),
        }
    }

    async fn rest(&mut self) {
        self.turn.rest().await;
    }
}
