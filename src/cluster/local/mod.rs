//! Shards in this process: whole jobs without a browser.

mod desk;
mod detection;
mod memory;
mod questions;
mod training;

use self::{
    desk::{Desk, Reader, run},
    memory::Memory,
};
use super::{
    JobError, Shard,
    bulk::Bulk,
    conductor::{self, Classifier, Detection, Grain, Preview, Results, Table},
    findings::Judgement,
    source::{self, Choice, Gathered, Given, Text},
};
use crate::engine::{source::zip::Member, text::Overrides};

/// A conductor and its shards in one process, which never wait.
///
/// # Examples
///
/// ```
/// use isoscope::{cluster::local::Local, engine::forest::ForestParams};
///
/// let mut csv = String::from("x,y\n");
/// csv.extend((0..50).map(|i| format!("{},{}\n", i % 7, i % 5)));
/// csv.push_str("900,900\n");
/// let mut local = Local::new(2);
/// local.load(csv.into_bytes(), &Default::default())?;
/// local.detect(&[0, 1], ForestParams::default())?;
/// assert_eq!(local.detection().unwrap().found.ranking[0], 50);
/// # Ok::<(), isoscope::cluster::JobError>(())
/// ```
#[derive(Debug)]
pub struct Local {
    shards: Vec<Shard>,
    grain: Grain,
    room: u64,
    file: Vec<u8>,
    table: Option<Table>,
    detection: Option<Detection>,
    classifier: Option<Classifier>,
}

impl Local {
    /// Starts `n_shards` shards.
    pub fn new(n_shards: usize) -> Self {
        let shards = (0..n_shards.max(1)).map(|_| Shard::default()).collect();
        let grain = Grain::default();
        let room = u64::MAX;
        Self {
            shards,
            grain,
            room,
            file: Vec::new(),
            table: None,
            detection: None,
            classifier: None,
        }
    }

    /// The same, with files cut as finely as said.
    #[must_use]
    pub fn with_grain(self, grain: Grain) -> Self {
        Self { grain, ..self }
    }

    /// The same, with so many bytes of memory for a table and its scores.
    #[must_use]
    pub fn with_room(self, room: u64) -> Self {
        Self { room, ..self }
    }

    /// Makes one table of whatever a person gives: packed, in another encoding, as JSON, in parts,
    /// with labels beside. Asks which where it is an archive of several; returns the text that was
    /// read otherwise. The table before stays if that fails.
    ///
    /// # Errors
    ///
    /// As [`source::gather`].
    pub fn gather(
        &mut self,
        files: &[Given<Vec<u8>>],
        labels: Option<&Given<Vec<u8>>>,
        choice: &Choice,
        overrides: &Overrides,
    ) -> Result<Result<Text<Vec<u8>>, Vec<Member>>, JobError> {
        let mut tables = Reader { shards: &mut self.shards, grain: self.grain, room: self.room };
        let tell = &mut |_, _| {};
        let job = source::gather(&Memory, &mut tables, files, labels, choice, overrides, tell);
        let (text, table) = match run(job)? {
            Gathered::Asks(members) => return Ok(Err(members)),
            Gathered::Table(text, table) => (*text, *table),
        };
        conductor::commit(&mut Desk::new(&mut self.shards, self.grain, &text.file), &table);
        (self.file, self.table, self.detection) = (text.file.clone(), Some(table), None);
        self.classifier = None;
        Ok(Ok(text))
    }

    /// Reads a file. The table before stays if that fails.
    ///
    /// # Errors
    ///
    /// As [`conductor::load`].
    pub fn load(&mut self, file: Vec<u8>, overrides: &Overrides) -> Result<&Table, JobError> {
        let length = file.len() as u64;
        let mut desk = Desk::new(&mut self.shards, self.grain, &file).with_room(self.room);
        let table = run(conductor::load(&mut desk, length, overrides, &mut |_, _| {}))?;
        (self.file, self.detection, self.classifier) = (file, None, None);
        Ok(self.table.insert(table))
    }

    /// How a file would be read. The table that stands is not touched.
    ///
    /// # Errors
    ///
    /// As [`conductor::preview`].
    pub fn preview(&mut self, file: &[u8], overrides: &Overrides) -> Result<Preview, JobError> {
        let mut desk = Desk::new(&mut self.shards, self.grain, file);
        run(conductor::preview(&mut desk, file.len() as u64, overrides))
    }

    /// The table that stands.
    pub fn table(&self) -> Option<&Table> {
        self.table.as_ref()
    }

    /// The scored CSV.
    ///
    /// # Errors
    ///
    /// As [`conductor::export`].
    pub fn export(&mut self, threshold: f64) -> Result<Vec<u8>, JobError> {
        self.export_judged(threshold, &[])
    }

    /// As [`export`](Self::export), with what a person said about rows, by row.
    ///
    /// # Errors
    ///
    /// As [`conductor::export`].
    pub fn export_judged(
        &mut self,
        threshold: f64,
        judgements: &[Judgement],
    ) -> Result<Vec<u8>, JobError> {
        let table = self.table.as_ref().ok_or(JobError::NoTable)?;
        let scores = self.detection.as_ref().map(|detection| (detection, threshold));
        let of = Results { scores, classifier: self.classifier.as_ref() };
        let mut parts = vec![Vec::new(); self.shards.len()];
        let mut desk = Desk::new(&mut self.shards, self.grain, &self.file);
        let write = |shard: u32, bytes: Bulk<u8>| parts[shard as usize].extend(bytes.0);
        let mut tell = |_, _| {};
        run(conductor::export(&mut desk, table, of, judgements, &mut tell, write))?;
        Ok(parts.concat())
    }

    /// The table that stands, and a desk for a job on it.
    fn standing(&mut self) -> Result<(&Table, Desk<'_>), JobError> {
        let table = self.table.as_ref().ok_or(JobError::NoTable)?;
        Ok((table, Desk::new(&mut self.shards, self.grain, &self.file)))
    }

    /// The same, and its scores.
    fn scored(&mut self) -> Result<(&Table, &Detection, Desk<'_>), JobError> {
        let table = self.table.as_ref().ok_or(JobError::NoTable)?;
        let detection = self.detection.as_ref().ok_or(JobError::NoScores)?;
        Ok((table, detection, Desk::new(&mut self.shards, self.grain, &self.file)))
    }

    /// The same, and the model.
    fn trained(&mut self) -> Result<(&Table, &Classifier, Desk<'_>), JobError> {
        let table = self.table.as_ref().ok_or(JobError::NoTable)?;
        let classifier = self.classifier.as_ref().ok_or(JobError::NoModel)?;
        Ok((table, classifier, Desk::new(&mut self.shards, self.grain, &self.file)))
    }
}
