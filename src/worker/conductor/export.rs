//! What a person takes home: the scored table, the model.

use js_sys::Array;
use web_sys::Blob;

use super::{
    super::{
        blob::{Keeper, blob, joined},
        clock::Clock,
        desk::Desk,
    },
    Conductor, Standing,
};
use crate::{
    cluster::{
        JobError,
        bulk::Bulk,
        conductor::{self, Results},
    },
    protocol::{Event, JobId, Judgement},
};

impl Conductor {
    pub(super) async fn export(
        &self,
        job: JobId,
        threshold: f64,
        judgements: &[Judgement],
    ) -> Result<(Event, Option<Blob>), JobError> {
        let mut clock = Clock::start();
        let Standing { table, file, detection, classifier } = self.standing()?;
        let mut desk = Desk::new(&self.hub, Some(file));
        let scores = detection.as_deref().map(|detection| (detection, threshold));
        let of = Results { scores, classifier: classifier.as_deref() };
        let mut tell = self.progress(job, &mut clock);
        let mut parts: Vec<Vec<Blob>> = vec![Vec::new(); self.hub.n_shards() as usize];
        let mut failed = None;
        // Each block goes to the browser's own store at once: a large export need not fit here.
        let keeper = Keeper::default();
        let write = |shard: u32, bytes: Bulk<u8>| match keeper.keep(&bytes) {
            Ok(part) => parts[shard as usize].push(part),
            Err(error) => failed = Some(error),
        };
        conductor::export(&mut desk, &table, of, judgements, &mut tell, write).await?;
        if let Some(error) = failed {
            return Err(error);
        }
        let parts: Array = parts.into_iter().flatten().collect();
        let whole = joined(&parts)?;
        drop(tell);
        Ok((Event::Exported(clock.timings()), Some(whole)))
    }

    pub(super) fn export_model(&self, file: &str) -> Result<(Event, Option<Blob>), JobError> {
        let standing = self.standing()?;
        let classifier = standing.classifier.ok_or(JobError::NoModel)?;
        let text = conductor::model(&standing.table, &classifier, file);
        Ok((Event::Exported(Vec::new()), Some(blob(text.as_bytes())?)))
    }
}
