//! Files to the table that stands.

use std::rc::Rc;

use super::{
    super::{
        blob::blob,
        clock::Clock,
        desk::Desk,
        source::{Blobs, Reader},
        text::TextBlob,
    },
    Conductor, Standing,
};
use crate::{
    cluster::{
        JobError, conductor,
        source::{Gathered, Given, gather},
    },
    engine::text::Overrides,
    protocol::{Choice, Event, JobId, Loaded, Sample, Step},
};

/// The seed of the built-in samples: everyone sees the same.
const SAMPLE_SEED: u64 = 7;

impl Conductor {
    pub(super) async fn load_sample(
        &self,
        job: JobId,
        sample: Sample,
        overrides: &Overrides,
    ) -> Result<Event, JobError> {
        let file = blob(&sample.csv(SAMPLE_SEED))?.into();
        let given = Given { name: sample.name().to_owned(), file };
        self.load(job, &[given], None, &Choice::default(), overrides).await
    }

    pub(super) async fn load(
        &self,
        job: JobId,
        files: &[Given<TextBlob>],
        labels: Option<&Given<TextBlob>>,
        choice: &Choice,
        overrides: &Overrides,
    ) -> Result<Event, JobError> {
        let first = files.first().ok_or_else(no_file)?;
        let name = match files.len() - 1 {
            0 => first.name.clone(),
            n => format!("{} and {n} more", first.name),
        };
        let mut clock = Clock::start();
        let mut reader = Reader::new(&self.hub);
        let mut tell = one_way(self.progress(job, &mut clock));
        let store = Blobs::new(&self.hub);
        let gathered =
            gather(&store, &mut reader, files, labels, choice, overrides, &mut tell).await?;
        let (text, table) = match gathered {
            Gathered::Asks(members) => return Ok(Event::Asks(members)),
            Gathered::Table(text, table) => (*text, *table),
        };
        reader.commit(&table);
        let profile = table.profile.clone();
        *self.standing.borrow_mut() = Some(Standing {
            table: Rc::new(table),
            file: text.file,
            detection: None,
            classifier: None,
        });
        drop(tell);
        let timings = clock.timings();
        Ok(Event::Loaded(Box::new(Loaded { name, origins: text.origins, profile, timings })))
    }

    pub(super) async fn preview(&self, overrides: &Overrides) -> Result<Event, JobError> {
        let file = self.standing()?.file;
        let n_bytes = file.length();
        let mut desk = Desk::new(&self.hub, Some(file));
        let preview = conductor::preview(&mut desk, n_bytes, overrides).await?;
        Ok(Event::Previewed(Box::new(preview)))
    }
}

/// The progress of a job that first makes a text and then reads it: one way from 0 to 1, also where
/// several texts are made.
fn one_way(mut tell: impl FnMut(Step, f64)) -> impl FnMut(Step, f64) {
    const UNPACKING: f64 = 0.3;
    let (mut begin, mut highest) = (0.0, 0.0_f64);
    move |step, done| {
        let done = if step == Step::Unpack {
            begin = UNPACKING;
            done * UNPACKING
        } else {
            begin + done * (1.0 - begin)
        };
        highest = highest.max(done);
        tell(step, highest);
    }
}

fn no_file() -> JobError {
    JobError::Unreadable { reason: "no file came with the request".to_owned() }
}
