//! Shards in this process: whole jobs without a browser.

use std::{
    collections::VecDeque,
    ops::Range,
    pin::pin,
    task::{Context, Poll, Waker},
};

use super::{
    JobError, Outcome, Shard, Task,
    bulk::Bulk,
    conductor::{
        self, Classifier, Comparison, DetectSpec, Detection, Grain, Preview, Results, Shards,
        Table, TuneWatch, Watch,
    },
    counting::Counting,
    findings::{
        Band, CaseSpec, Cases, Counterfactual, Drift, Entities, EntitySpec, Grid, GridSpec,
        Inspection, Judgement, Positions, RowReasons, RowText, Similar,
    },
    learned::{Compared, RowVotes, TrainSpec},
    message::{Answer, Question},
    source::{self, Choice, Gathered, Given, Store, Tables, Text},
    step::Step,
    tuned::{ByRows, TuneSpec, Tuned},
    view::{Selection, View, ViewSpec},
};
use crate::engine::{
    eyes::Eye,
    forest::{ForestParams, Verdict},
    source::zip::Member,
    text::{Decoder, Encoding, Overrides},
};

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
        let desk = Desk::new(&mut self.shards, self.grain, &file);
        let mut desk = Desk { room: self.room, ..desk };
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

    /// Scores all rows.
    ///
    /// # Errors
    ///
    /// As [`conductor::detect`].
    pub fn detect(
        &mut self,
        features: &[u32],
        params: ForestParams,
    ) -> Result<&Detection, JobError> {
        self.detect_on(features, params, &Selection::default())
    }

    /// Grows a forest on some rows and scores all.
    ///
    /// # Errors
    ///
    /// As [`conductor::detect`].
    pub fn detect_on(
        &mut self,
        features: &[u32],
        params: ForestParams,
        rows: &Selection,
    ) -> Result<&Detection, JobError> {
        let table = self.table.as_ref().ok_or(JobError::NoTable)?;
        let mut desk = Desk::new(&mut self.shards, self.grain, &self.file);
        let (features, grow_on) = (features.to_vec(), rows.clone());
        let spec = DetectSpec { features, params, grow_on, verdicts: Vec::new() };
        let detection = run(conductor::detect(&mut desk, table, spec, &mut |_, _| {}))?;
        Ok(self.detection.insert(detection))
    }

    /// Scores all rows again with what a person said about some of them, ascending.
    ///
    /// # Errors
    ///
    /// As [`conductor::judge`].
    pub fn judge(&mut self, verdicts: &[(u32, Verdict)]) -> Result<&Detection, JobError> {
        let table = self.table.as_ref().ok_or(JobError::NoTable)?;
        let detection = self.detection.as_ref().ok_or(JobError::NoScores)?;
        let mut desk = Desk::new(&mut self.shards, self.grain, &self.file);
        let verdicts = verdicts.to_vec();
        let detection =
            run(conductor::judge(&mut desk, table, detection, verdicts, &mut |_, _| {}))?;
        Ok(self.detection.insert(detection))
    }

    /// Has an eye look at the rows, and shows what it sees.
    ///
    /// # Errors
    ///
    /// As [`conductor::look`].
    pub fn look(&mut self, eye: Eye) -> Result<&Detection, JobError> {
        let table = self.table.as_ref().ok_or(JobError::NoTable)?;
        let detection = self.detection.as_ref().ok_or(JobError::NoScores)?;
        let mut desk = Desk::new(&mut self.shards, self.grain, &self.file);
        let detection = run(conductor::look(&mut desk, table, detection, eye, &mut |_, _| {}))?;
        Ok(self.detection.insert(detection))
    }

    /// Trains a model; `is_enough` is asked after every round.
    ///
    /// # Errors
    ///
    /// As [`conductor::train`].
    pub fn train(
        &mut self,
        spec: TrainSpec,
        is_enough: &dyn Fn() -> bool,
    ) -> Result<&Classifier, JobError> {
        let table = self.table.as_ref().ok_or(JobError::NoTable)?;
        let mut desk = Desk::new(&mut self.shards, self.grain, &self.file);
        let mut watch = Watch { tell: &mut |_, _| {}, round: &mut |_| {}, is_enough };
        let classifier = run(conductor::train(&mut desk, table, spec, &mut watch))?;
        Ok(self.classifier.insert(classifier))
    }

    /// Looks for the settings that do best on folds of the rows to learn from.
    ///
    /// # Errors
    ///
    /// As [`conductor::tune`].
    pub fn tune(&mut self, spec: TuneSpec, watch: &mut TuneWatch<'_>) -> Result<Tuned, JobError> {
        let table = self.table.as_ref().ok_or(JobError::NoTable)?;
        let mut desk = Desk::new(&mut self.shards, self.grain, &self.file);
        run(conductor::tune(&mut desk, table, spec, watch))
    }

    /// How the error of the model that stands falls with the rows it learns from.
    ///
    /// # Errors
    ///
    /// As [`conductor::by_rows`]; [`NoModel`](JobError::NoModel).
    pub fn by_rows(&mut self, is_enough: &dyn Fn() -> bool) -> Result<ByRows, JobError> {
        let table = self.table.as_ref().ok_or(JobError::NoTable)?;
        let classifier = self.classifier.as_ref().ok_or(JobError::NoModel)?;
        let mut desk = Desk::new(&mut self.shards, self.grain, &self.file);
        let mut watch = Watch { tell: &mut |_, _| {}, round: &mut |_| {}, is_enough };
        run(conductor::by_rows(&mut desk, table, classifier, &mut watch))
    }

    /// What baselines make of the rows that the model learnt from; `clock` tells the time in seconds.
    ///
    /// # Errors
    ///
    /// As [`conductor::compare`].
    pub fn compare(&mut self, clock: &dyn Fn() -> f64) -> Result<Vec<Compared>, JobError> {
        let table = self.table.as_ref().ok_or(JobError::NoTable)?;
        let classifier = self.classifier.as_ref().ok_or(JobError::NoModel)?;
        let mut desk = Desk::new(&mut self.shards, self.grain, &self.file);
        let mut all = Vec::new();
        let mut found = |compared| all.push(compared);
        let mut watch = Comparison { tell: &mut |_, _| {}, found: &mut found, clock };
        run(conductor::compare(&mut desk, table, classifier, &mut watch))?;
        Ok(all)
    }

    /// Counts the votes of the model that stands otherwise.
    ///
    /// # Errors
    ///
    /// As [`conductor::recount`].
    pub fn recount(&mut self, counting: Counting) -> Result<&Classifier, JobError> {
        let table = self.table.as_ref().ok_or(JobError::NoTable)?;
        let classifier = self.classifier.as_ref().ok_or(JobError::NoModel)?;
        let mut desk = Desk::new(&mut self.shards, self.grain, &self.file);
        let classifier =
            run(conductor::recount(&mut desk, table, classifier, counting, &mut |_| {}))?;
        Ok(self.classifier.insert(classifier))
    }

    /// The model that stands as JSON.
    ///
    /// # Errors
    ///
    /// [`NoTable`](JobError::NoTable), [`NoModel`](JobError::NoModel).
    pub fn model(&self, file: &str) -> Result<String, JobError> {
        let table = self.table.as_ref().ok_or(JobError::NoTable)?;
        let classifier = self.classifier.as_ref().ok_or(JobError::NoModel)?;
        Ok(conductor::model(table, classifier, file))
    }

    /// What each column adds to the votes of a row.
    ///
    /// # Errors
    ///
    /// As [`conductor::votes`].
    pub fn votes(&mut self, row: u32) -> Result<RowVotes, JobError> {
        let table = self.table.as_ref().ok_or(JobError::NoTable)?;
        let classifier = self.classifier.as_ref().ok_or(JobError::NoModel)?;
        let mut desk = Desk::new(&mut self.shards, self.grain, &self.file);
        run(conductor::votes(&mut desk, table, classifier, row))
    }

    /// The table that stands.
    pub fn table(&self) -> Option<&Table> {
        self.table.as_ref()
    }

    /// The model that stands.
    pub fn classifier(&self) -> Option<&Classifier> {
        self.classifier.as_ref()
    }

    /// The last scoring.
    pub fn detection(&self) -> Option<&Detection> {
        self.detection.as_ref()
    }

    /// Rows as they stand in the file.
    ///
    /// # Errors
    ///
    /// As [`conductor::rows`].
    pub fn rows(&mut self, rows: &[u32]) -> Result<Vec<RowText>, JobError> {
        let table = self.table.as_ref().ok_or(JobError::NoTable)?;
        run(conductor::rows(&mut Desk::new(&mut self.shards, self.grain, &self.file), table, rows))
    }

    /// The rows that are to be shown, in their order.
    ///
    /// # Errors
    ///
    /// As [`conductor::view`].
    pub fn view(&mut self, spec: ViewSpec) -> Result<View, JobError> {
        let table = self.table.as_ref().ok_or(JobError::NoTable)?;
        let mut desk = Desk::new(&mut self.shards, self.grain, &self.file);
        run(conductor::view(&mut desk, table, spec, &mut |_, _| {}))
    }

    /// The strongest columns of some rows.
    ///
    /// # Errors
    ///
    /// As [`conductor::reasons`].
    pub fn reasons(&mut self, rows: &[u32]) -> Result<Vec<RowReasons>, JobError> {
        let table = self.table.as_ref().ok_or(JobError::NoTable)?;
        let detection = self.detection.as_ref().ok_or(JobError::NoScores)?;
        let mut desk = Desk::new(&mut self.shards, self.grain, &self.file);
        run(conductor::reasons(&mut desk, table, detection, rows))
    }

    /// Where some rows stand in half-forests.
    ///
    /// # Errors
    ///
    /// As [`conductor::steadiness`].
    pub fn steadiness(&mut self, rows: &[u32]) -> Result<Vec<Band>, JobError> {
        let table = self.table.as_ref().ok_or(JobError::NoTable)?;
        self.detection.as_ref().ok_or(JobError::NoScores)?;
        let mut desk = Desk::new(&mut self.shards, self.grain, &self.file);
        run(conductor::steadiness(&mut desk, table, rows))
    }

    /// The rows that are most like one.
    ///
    /// # Errors
    ///
    /// As [`conductor::similar`].
    pub fn similar(&mut self, row: u32, n: u32) -> Result<Similar, JobError> {
        let table = self.table.as_ref().ok_or(JobError::NoTable)?;
        let detection = self.detection.as_ref().ok_or(JobError::NoScores)?;
        let mut desk = Desk::new(&mut self.shards, self.grain, &self.file);
        run(conductor::similar(&mut desk, table, detection, row, n))
    }

    /// The odd rows by what makes them odd.
    ///
    /// # Errors
    ///
    /// As [`conductor::cases`].
    pub fn cases(&mut self, spec: CaseSpec) -> Result<Cases, JobError> {
        let table = self.table.as_ref().ok_or(JobError::NoTable)?;
        let detection = self.detection.as_ref().ok_or(JobError::NoScores)?;
        let mut desk = Desk::new(&mut self.shards, self.grain, &self.file);
        run(conductor::cases(&mut desk, table, detection, spec))
    }

    /// Who takes part, the oddest first.
    ///
    /// # Errors
    ///
    /// As [`conductor::entities`].
    pub fn entities(&mut self, spec: EntitySpec) -> Result<Entities, JobError> {
        let table = self.table.as_ref().ok_or(JobError::NoTable)?;
        let detection = self.detection.as_ref().ok_or(JobError::NoScores)?;
        let mut desk = Desk::new(&mut self.shards, self.grain, &self.file);
        run(conductor::entities(&mut desk, table, detection, spec))
    }

    /// How some rows differ from all others.
    ///
    /// # Errors
    ///
    /// As [`conductor::drift`].
    pub fn drift(&mut self, baseline: Selection, columns: &[u32]) -> Result<Drift, JobError> {
        let table = self.table.as_ref().ok_or(JobError::NoTable)?;
        let mut desk = Desk::new(&mut self.shards, self.grain, &self.file);
        run(conductor::drift(&mut desk, table, baseline, columns))
    }

    /// Everything about one row.
    ///
    /// # Errors
    ///
    /// As [`conductor::inspect`].
    pub fn inspect(&mut self, row: u32) -> Result<Inspection, JobError> {
        let table = self.table.as_ref().ok_or(JobError::NoTable)?;
        let detection = self.detection.as_ref().ok_or(JobError::NoScores)?;
        let mut desk = Desk::new(&mut self.shards, self.grain, &self.file);
        run(conductor::inspect(&mut desk, table, detection, row))
    }

    /// What would make a row ordinary.
    ///
    /// # Errors
    ///
    /// As [`conductor::counterfactual`].
    pub fn counterfactual(&mut self, row: u32, threshold: f64) -> Result<Counterfactual, JobError> {
        let table = self.table.as_ref().ok_or(JobError::NoTable)?;
        let detection = self.detection.as_ref().ok_or(JobError::NoScores)?;
        let mut desk = Desk::new(&mut self.shards, self.grain, &self.file);
        run(conductor::counterfactual(&mut desk, table, detection, row, threshold))
    }

    /// All rows on a grid.
    ///
    /// # Errors
    ///
    /// As [`conductor::grid`].
    pub fn grid(&mut self, spec: GridSpec) -> Result<Grid, JobError> {
        let table = self.table.as_ref().ok_or(JobError::NoTable)?;
        let mut desk = Desk::new(&mut self.shards, self.grain, &self.file);
        let trained = self.classifier.as_ref().map(|classifier| &*classifier.trained);
        run(conductor::grid(&mut desk, table, self.detection.as_ref(), trained, spec))
    }

    /// Where the values of some rows stand in their columns.
    ///
    /// # Errors
    ///
    /// As [`conductor::positions`].
    pub fn positions(&mut self, rows: &[u32], columns: &[u32]) -> Result<Positions, JobError> {
        let table = self.table.as_ref().ok_or(JobError::NoTable)?;
        let mut desk = Desk::new(&mut self.shards, self.grain, &self.file);
        run(conductor::positions(&mut desk, table, rows.to_vec(), columns.to_vec()))
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
}

/// The shards and the file, as one job sees them.
struct Desk<'a> {
    shards: &'a mut [Shard],
    grain: Grain,
    room: u64,
    file: &'a [u8],
    tasks: VecDeque<(u32, Task)>,
}

impl<'a> Desk<'a> {
    fn new(shards: &'a mut [Shard], grain: Grain, file: &'a [u8]) -> Self {
        Self { shards, grain, room: u64::MAX, file, tasks: VecDeque::new() }
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
fn run<T>(job: impl Future<Output = T>) -> T {
    match pin!(job).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => unreachable!("local shards never wait"),
    }
}

/// Reads tables into the shards.
struct Reader<'a> {
    shards: &'a mut [Shard],
    grain: Grain,
    room: u64,
}

impl Tables<Vec<u8>> for Reader<'_> {
    async fn read(
        &mut self,
        text: &Text<Vec<u8>>,
        tell: &mut dyn FnMut(Step, f64),
    ) -> Result<Table, JobError> {
        let desk = Desk::new(self.shards, self.grain, &text.file);
        let mut desk = Desk { room: self.room, ..desk };
        conductor::read(&mut desk, text.file.len() as u64, &text.overrides, tell).await
    }
}

/// Files in memory.
#[derive(Debug)]
struct Memory;

impl Store for Memory {
    type File = Vec<u8>;

    fn length(&self, file: &Vec<u8>) -> u64 {
        file.len() as u64
    }

    async fn read(&self, file: &Vec<u8>, range: Range<u64>) -> Result<Vec<u8>, JobError> {
        Ok(file[range.start as usize..range.end as usize].to_vec())
    }

    async fn read_on(&self, file: &Vec<u8>, range: Range<u64>) -> Result<Vec<u8>, JobError> {
        let end = range.end.min(range.start + Grain::default().piece);
        self.read(file, range.start..end).await
    }

    fn keep(&self, bytes: &[u8]) -> Result<Vec<u8>, JobError> {
        Ok(bytes.to_vec())
    }

    fn narrowed(&self, _: &Vec<u8>, _: Encoding, _: u64) -> Option<Vec<u8>> {
        None
    }

    fn n_hands(&self) -> u32 {
        // As many as it takes for a cut to show, if it could be seen.
        3
    }

    async fn decode(
        &self,
        file: &Vec<u8>,
        encoding: Encoding,
        ranges: &[Range<u64>],
        tell: &mut dyn FnMut(u64),
    ) -> Result<(Vec<Vec<u8>>, u64), JobError> {
        let mut n_foreign = 0;
        let decoded = ranges.iter().map(|range| {
            let (mut decoder, mut out) = (Decoder::new(encoding), Vec::new());
            decoder.feed(&file[range.start as usize..range.end as usize], &mut out);
            decoder.finish(&mut out);
            n_foreign += decoder.n_foreign();
            tell(range.end);
            out
        });
        Ok((decoded.collect(), n_foreign))
    }

    fn chain(&self, parts: &[Vec<u8>]) -> Result<Vec<u8>, JobError> {
        Ok(parts.concat())
    }

    async fn rest(&self) {}
}
