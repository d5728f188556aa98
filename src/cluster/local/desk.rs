//! Shards that never wait.

use std::{
    collections::VecDeque,
    ops::Range,
    pin::pin,
    task::{Context, Poll, Waker},
};

use super::super::{
    JobError, Outcome, Shard, Task,
    conductor::{self, Grain, Shards, Table},
    message::{Answer, Question},
    source::{Tables, Text},
    step::Step,
};

/// The shards and the file, as one job sees them.
pub(super) struct Desk<'a> {
    shards: &'a mut [Shard],
    grain: Grain,
    room: u64,
    file: &'a [u8],
    tasks: VecDeque<(u32, Task)>,
}

impl<'a> Desk<'a> {
    pub(super) fn new(shards: &'a mut [Shard], grain: Grain, file: &'a [u8]) -> Self {
        Self { shards, grain, room: u64::MAX, file, tasks: VecDeque::new() }
    }

    pub(super) fn with_room(self, room: u64) -> Self {
        Self { room, ..self }
    }
}

impl Shards for Desk<'_> {
    fn n_shards(&self) -> u32 {
        self.shards.len() as u32
    }

    fn grain(&self) -> Grain {
        self.grain
    }

    fn room(&self) -> u64 {
        self.room
    }

    fn ask(&mut self, shard: u32, question: Question) {
        let task = self.shards[shard as usize].begin(question);
        self.tasks.push_back((shard, task));
    }

    async fn answer(&mut self) -> Result<(u32, Answer), JobError> {
        loop {
            let (at, mut task) = self.tasks.pop_front().expect("an answer is due");
            let shard = &mut self.shards[at as usize];
            match shard.step(&mut task) {
                Outcome::Needs { range, .. } => {
                    let bytes = &self.file[range.start as usize..range.end as usize];
                    shard.feed(&mut task, bytes.len(), |there| there.copy_from_slice(bytes));
                }
                Outcome::GoesOn => {}
                Outcome::Tells(answer) => {
                    // To the back of the queue: shards take turns, as workers do.
                    self.tasks.push_back((at, task));
                    return Ok((at, answer));
                }
                Outcome::Ends(answer) => return Ok((at, answer)),
                Outcome::Silent => continue,
            }
            self.tasks.push_back((at, task));
        }
    }

    async fn read(&mut self, range: Range<u64>) -> Result<Vec<u8>, JobError> {
        Ok(self.file[range.start as usize..range.end as usize].to_vec())
    }
}

/// Runs a job over shards that never wait.
pub(super) fn run<T>(job: impl Future<Output = T>) -> T {
    match pin!(job).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => unreachable!("local shards never wait"),
    }
}

/// Reads tables into the shards.
pub(super) struct Reader<'a> {
    pub(super) shards: &'a mut [Shard],
    pub(super) grain: Grain,
    pub(super) room: u64,
}

impl Tables<Vec<u8>> for Reader<'_> {
    async fn read(
        &mut self,
        text: &Text<Vec<u8>>,
        tell: &mut dyn FnMut(Step, f64),
    ) -> Result<Table, JobError> {
        let mut desk = Desk::new(self.shards, self.grain, &text.file).with_room(self.room);
        conductor::read(&mut desk, text.file.len() as u64, &text.overrides, tell).await
    }
}
