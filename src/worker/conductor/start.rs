//! The conductor's start, and that of its shards.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use super::{
    super::{
        desk::Hub,
        machine::n_cores,
        port::Port,
        shard,
        spawn::{Part, Program, channel},
    },
    Conductor,
};
use crate::{
    cluster::JobError,
    protocol::{Envelope, Event, JobId, Request},
};

/// Shards at most: beyond, messages cost more than cores bring.
const MOST_SHARDS: u32 = 16;

/// Conducts for the page for as long as the worker lives.
pub(in crate::worker) fn serve(port: &Port, program: &Program, workers: Option<u32>) {
    let n_shards = workers.unwrap_or_else(n_cores).clamp(1, MOST_SHARDS);
    let is_on_page = matches!(port, Port::Channel(_));
    let shards: Vec<Port> = (0..n_shards).map(|_| start_shard(program, is_on_page)).collect();
    let n_workers = shards.iter().filter(|port| matches!(port, Port::Worker(_))).count() as u32;
    let latest = Rc::new(Cell::new(JobId::default()));
    let died = {
        let (port, latest) = (port.clone(), Rc::clone(&latest));
        move |reason| {
            let body = Event::Failed(JobError::WorkerDied { reason });
            port.post(&Envelope { job: latest.get(), body }, &[]);
        }
    };
    let conductor = Rc::new(Conductor {
        hub: Hub::new(shards, died),
        port: port.clone(),
        standing: RefCell::default(),
        running: RefCell::default(),
        viewing: RefCell::default(),
        latest,
        is_enough: Cell::default(),
    });
    let listening = Rc::clone(&conductor);
    port.listen(move |Envelope { job, body }: Envelope<Request>, files| {
        listening.take(job, body, files);
    })
    .forget();
    let ready = Event::Ready { shards: n_workers };
    conductor.tell(JobId::default(), ready);
    // Not on the page's own thread: it is never idle.
    if !is_on_page {
        conductor.run_in();
    }
}

/// Starts a shard as a worker; where none can be had, on this thread.
fn start_shard(program: &Program, is_on_page: bool) -> Port {
    if !is_on_page && let Ok(worker) = program.spawn(Part::Shard, None) {
        return Port::Worker(worker);
    }
    let (here, there) = channel();
    shard::serve(&there);
    here
}
