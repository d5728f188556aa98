//! What one worker holds and answers: a contiguous range of a table's rows.

use std::ops::Range;

use super::{
    adding::{Added, Adding},
    bulk::Bulk,
    casing::Casing,
    drifting::Drifting,
    fitting::Fitting,
    gridding,
    halving::Halving,
    incoming::Incoming,
    learning::{Classifying, Learning},
    listing,
    matching::Matching,
    message::{Answer, Question, Recode},
    projecting::Projecting,
    scoring::Scoring,
    selecting::Selecting,
    sights::Sights,
    studying::{Studies, Studying},
    writing::Writing,
};
use crate::engine::{boost, matrix, table::Codes};

/// Rows that are scored between two looks at the mailbox.
pub(super) const BLOCK: usize = 1 << 13;
/// Bytes after which a reader tells how far it is.
const WORD: u64 = 1 << 20;

/// A range of a table's rows, and what a job has made of them.
#[derive(Debug, Default)]
pub struct Shard {
    incoming: Option<Incoming>,
    pub(super) first_row: u32,
    pub(super) n_rows: usize,
    columns: Vec<Option<CodedColumn>>,
    /// What stands.
    pub(super) sights: Sights,
    /// The training there is.
    pub(super) learning: Learning,
    /// The columns that it added.
    pub(super) added: Added,
    /// The baselines that it is compared with.
    pub(super) studies: Studies,
    /// What was scored last, until it is adopted.
    pub(super) scored: Option<Box<Scoring>>,
    /// How often rows were scored.
    pub(super) n_scorings: u64,
    /// How often other scores came to be shown, or none: what takes several steps sees it.
    pub(super) n_changes: u64,
}

/// A column of a shard.
#[derive(Debug)]
pub(super) struct CodedColumn {
    /// A code per row.
    pub(super) codes: Codes,
    /// The code of missing values: the one after the last value's.
    pub(super) missing: u16,
    /// The numbers themselves where codes are quantiles; NaN where there is none.
    pub(super) numbers: Vec<f64>,
}

/// A question that is being answered.
#[derive(Debug)]
pub struct Task(Work);

#[derive(Debug)]
enum Work {
    Read { n_told: u64 },
    Add(Box<Adding>),
    Count { next: u32, n_columns: u32 },
    Recode(std::vec::IntoIter<Recode>),
    Score(Option<Box<Scoring>>),
    Case(Box<Casing>),
    Classify(Box<Classifying>),
    Drift(Box<Drifting>),
    Fit(Box<Fitting>),
    Halve(Halving),
    Match(Box<Matching>),
    Project(Projecting),
    Select(Box<Selecting>),
    Study(Box<Studying>),
    Write(Box<Writing>),
    Once(Option<Answer>),
    Nothing,
}

/// What a task wants or tells.
#[derive(Debug)]
pub enum Outcome {
    /// [`feed`](Shard::feed) me these bytes of the file.
    Needs {
        /// The bytes.
        range: Range<u64>,
        /// Those up to here will most likely be needed next, one after the other.
        until: u64,
    },
    /// An answer; more follow.
    Tells(Answer),
    /// Nothing to tell yet.
    GoesOn,
    /// The last answer.
    Ends(Answer),
    /// It is done and there is nothing to say.
    Silent,
}

impl Shard {
    /// Takes a question.
    ///
    /// # Panics
    ///
    /// If questions come in an order that no conductor asks them in; so do `step` and `feed`.
    #[inline(never)]
    pub fn begin(&mut self, question: Question) -> Task {
        Task(match question {
            Question::Read(range) => {
                self.incoming = Some(Incoming::new(*range));
                Work::Read { n_told: 0 }
            }
            Question::Count(readings) => {
                let n_columns = readings.len() as u32;
                self.incoming().take_as(readings);
                Work::Count { next: 0, n_columns }
            }
            Question::Recode(recodes) => Work::Recode(recodes.into_iter()),
            Question::Fingerprints(columns) => {
                Work::Once(Some(self.incoming().fingerprints(&columns)))
            }
            Question::AreSame(pairs) => Work::Once(Some(self.incoming().are_same(&pairs))),
            Question::Commit { first_row } => {
                self.commit(first_row);
                Work::Nothing
            }
            Question::Adopt => {
                self.n_changes += 1;
                self.adopt();
                Work::Nothing
            }
            Question::Show(eye) => {
                self.n_changes += 1;
                self.sights.show(eye);
                Work::Nothing
            }
            Question::Blend { scores, leaders } => {
                self.n_changes += 1;
                self.sights.blend(scores.0, leaders);
                Work::Nothing
            }
            Question::Codes { rows, columns } => Work::Once(Some(self.codes(&rows, &columns))),
            Question::Score { model, columns, judged, is_afresh } => {
                Work::Score(Some(self.begin_scoring(model, columns, &judged, is_afresh)))
            }
            Question::Judge(judged) => Work::Score(Some(self.begin_judging(&judged))),
            Question::Explain { rows } => Work::Once(Some(self.explain(&rows))),
            Question::HalfPaths { rows } => Work::Once(Some(self.half_paths(&rows))),
            Question::Shorter { paths } => Work::Halve(Halving::new(paths)),
            Question::Like(question) => Work::Match(Box::new(Matching::new(*question))),
            Question::Cases(question) => Work::Case(Box::new(Casing::new(*question))),
            Question::Entities(question) => Work::Once(Some(listing::entities(self, &question))),
            Question::Grid(grid) => Work::Once(Some(gridding::grid(self, &grid))),
            Question::Project(question) => Work::Project(Projecting::new(question)),
            Question::Drift(question) => Work::Drift(Box::new(Drifting::new(*question))),
            Question::Select(select) => Work::Select(Box::new(Selecting::new(*select))),
            Question::Column(column) => Work::Once(Some(self.whole_column(column))),
            Question::Learn(question) => Work::Once(Some(self.learn(*question))),
            Question::Add(question) => Work::Add(Box::new(Adding::new(*question))),
            Question::Keep(n) => {
                self.added.keep(n);
                Work::Nothing
            }
            Question::Fit(question) => match self.fit(*question) {
                Ok(fitting) => Work::Fit(Box::new(fitting)),
                Err(error) => Work::Once(Some(Answer::Fitted(Err(error)))),
            },
            Question::Study(question) => Work::Study(Box::new(Studying::new(*question))),
            Question::Classify { model, columns, except } => {
                let scorer = boost::Scorer::new(&model, &except);
                Work::Classify(Box::new(Classifying::new(scorer, columns, model.missing.0)))
            }
            Question::Credit { model, columns, rows, except } => {
                let scorer = boost::Scorer::new(&model, &except);
                Work::Once(Some(self.credit(&scorer, &columns, &rows)))
            }
            Question::Write(write) => Work::Write(Box::new(Writing::new(*write))),
        })
    }

    /// Works on a task for some milliseconds at most.
    ///
    /// # Panics
    ///
    /// As [`begin`](Self::begin).
    #[inline(never)]
    pub fn step(&mut self, task: &mut Task) -> Outcome {
        match &mut task.0 {
            Work::Read { n_told } => self.read(n_told),
            Work::Count { next, n_columns } if *next < *n_columns => {
                *next += 1;
                Outcome::Tells(self.incoming().count(*next - 1))
            }
            Work::Recode(recodes) => match recodes.next() {
                Some(recode) => {
                    self.incoming().recode(recode);
                    Outcome::GoesOn
                }
                None => Outcome::Ends(Answer::Done),
            },
            Work::Score(scoring) => self.score(scoring),
            Work::Add(adding) => adding.step(self),
            Work::Case(casing) => casing.step(self),
            Work::Classify(classifying) => classifying.step(self),
            Work::Drift(drifting) => drifting.step(self),
            Work::Fit(fitting) => fitting.step(),
            Work::Halve(halving) => halving.step(self),
            Work::Match(matching) => matching.step(self),
            Work::Project(projecting) => projecting.step(self),
            Work::Select(selecting) => selecting.step(self),
            Work::Study(studying) => studying.step(&mut self.studies),
            Work::Write(writing) => writing.step(self),
            Work::Count { .. } => Outcome::Ends(Answer::Done),
            Work::Nothing => Outcome::Silent,
            Work::Once(answer) => Outcome::Ends(answer.take().expect("a task ends once")),
        }
    }

    /// Hands over the first `n` of the bytes that were needed, at least one: `fill` writes them.
    ///
    /// # Panics
    ///
    /// As [`begin`](Self::begin).
    pub fn feed(&mut self, task: &mut Task, n: usize, fill: impl FnOnce(&mut [u8])) {
        match &mut task.0 {
            Work::Read { .. } => {
                self.incoming().reader().expect("bytes are for a range").feed(n, fill);
            }
            Work::Select(selecting) => selecting.feed(n, fill),
            Work::Write(writing) => writing.feed(n, fill),
            _ => unreachable!("only reading, selecting and writing need bytes"),
        }
    }

    /// Forgets a table that was being read: its job is over.
    pub fn forget_incoming(&mut self) {
        self.incoming = None;
    }

    fn incoming(&mut self) -> &mut Incoming {
        self.incoming.as_mut().expect("a table is read before it is asked for")
    }

    fn read(&mut self, n_told: &mut u64) -> Outcome {
        let incoming = self.incoming();
        let Some(reader) = incoming.reader() else { unreachable!("a range is read once") };
        let n_new = reader.n_read().saturating_sub(*n_told);
        let wants = reader.wants();
        if n_new >= WORD || (n_new > 0 && wants.is_none()) {
            *n_told += n_new;
            return Outcome::Tells(Answer::Progress(n_new));
        }
        match wants {
            Some(range) => Outcome::Needs { range, until: reader.until() },
            None => Outcome::Ends(Answer::Read(Box::new(incoming.finish()))),
        }
    }

    fn commit(&mut self, first_row: u32) {
        let incoming = self.incoming.take().expect("a table is read before it stands");
        let (columns, n_rows) = incoming.into_columns();
        let (n_rows, n_scorings, n_changes) =
            (n_rows as usize, self.n_scorings, self.n_changes + 1);
        *self = Self { first_row, n_rows, columns, n_scorings, n_changes, ..Self::default() };
    }

    /// A column, as models read it.
    pub(super) fn column(&self, column: u32) -> &CodedColumn {
        self.coded(column).expect("only coded columns are asked for")
    }

    /// A column of the table, or one that training added, if it has codes.
    pub(super) fn coded(&self, column: u32) -> Option<&CodedColumn> {
        match self.columns.get(column as usize) {
            Some(own) => own.as_ref(),
            None => self.added.column(column as usize - self.columns.len()),
        }
    }

    pub(super) fn views(&self, columns: &[u32]) -> Vec<matrix::Codes<'_>> {
        columns.iter().map(|&column| self.column(column).codes.view()).collect()
    }

    /// The codes of some rows, within the shard, column by column.
    pub(super) fn gathered(&self, columns: &[u32], rows: &[u32]) -> Vec<Vec<u16>> {
        let views = self.views(columns).into_iter();
        views.map(|codes| rows.iter().map(|&row| codes.get(row as usize)).collect()).collect()
    }

    fn whole_column(&self, column: u32) -> Answer {
        let column = self.column(column);
        let mut codes = Vec::with_capacity(self.n_rows);
        column.codes.for_each(|code| codes.push(code as u16));
        Answer::Column { codes: Bulk(codes), numbers: Bulk(column.numbers.clone()) }
    }

    fn codes(&self, rows: &[u32], columns: &[u32]) -> Answer {
        let views = self.views(columns);
        let mut codes = Vec::with_capacity(rows.len() * columns.len());
        for row in rows {
            let row = (row - self.first_row) as usize;
            codes.extend(views.iter().map(|column| column.get(row)));
        }
        Answer::Codes(Bulk(codes))
    }
}
