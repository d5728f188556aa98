//! Columns that training adds: a shard's rows, measured by an eye and coded.
//!
//! Those of the model that stands are numbered right behind the table's own; those of a training that is
//! still on its way come [`MOST_ADDED`] later. So the model that stands keeps its columns until another
//! one does, and if none ever does.

use super::{
    added::MOST_ADDED,
    bulk::Bulk,
    message::{AddQuestion, Answer, Gauge},
    scoring::block,
    shard::{CodedColumn, Outcome, Shard},
};
use crate::engine::{
    centres::Centres,
    eyes::{Eye, Sight},
    matrix,
    table::Codes,
};

/// The columns that were added to a shard's own.
#[derive(Debug, Default)]
pub(super) struct Added {
    /// Those of the model that stands.
    kept: Vec<CodedColumn>,
    /// Those of the training there is.
    fresh: Vec<CodedColumn>,
}

impl Added {
    /// A column, counted from the first that is not the table's own.
    pub(super) fn column(&self, place: usize) -> Option<&CodedColumn> {
        let most = MOST_ADDED as usize;
        let there = if place < most { &self.kept } else { &self.fresh };
        there.get(place % most)
    }

    /// The first so many of a training stay.
    pub(super) fn keep(&mut self, n: u32) {
        self.kept = std::mem::take(&mut self.fresh);
        self.kept.truncate(n as usize);
    }
}

/// An eye made ready to measure rows.
#[derive(Debug)]
pub(super) enum Gauging {
    Eye(Box<Sight>),
    Centres(Box<Centres>),
}

impl Gauging {
    pub(super) fn new(gauge: &Gauge) -> Self {
        match gauge {
            Gauge::Eye(model) => Self::Eye(Box::new(Sight::new(model, &[]))),
            Gauge::Centres(centres) => Self::Centres(centres.clone()),
        }
    }

    /// How many numbers it has for a row.
    pub(super) fn n_columns(&self) -> usize {
        match self {
            Self::Eye(_) => 1,
            Self::Centres(centres) => centres.n_centres(),
        }
    }

    /// Its numbers for some rows, row after row; `columns[feature]` are their codes.
    pub(super) fn measured(&mut self, columns: &[matrix::Codes<'_>]) -> Vec<f64> {
        let n_rows = columns.first().map_or(0, matrix::Codes::len);
        let mut numbers = vec![0.0; n_rows * self.n_columns()];
        match self {
            Self::Eye(sight) => sight.scores(columns, &mut numbers),
            Self::Centres(centres) => centres.distances(columns, &mut numbers),
        }
        numbers
    }

    /// Rows that are measured between two looks at the mailbox.
    fn block(&self) -> usize {
        match self {
            Self::Eye(sight) => block(sight.eye()),
            Self::Centres(_) => block(Eye::Forest),
        }
    }
}

/// An eye on its way through all rows of a shard.
#[derive(Debug)]
pub(super) struct Adding {
    gauging: Gauging,
    columns: Vec<u32>,
    place: u32,
    cuts: Vec<Bulk<f64>>,
    codes: Vec<Codes>,
    n_done: usize,
}

impl Adding {
    pub(super) fn new(question: AddQuestion) -> Self {
        let AddQuestion { gauge, columns, place, cuts } = question;
        let codes = vec![Codes::default(); cuts.len()];
        Self { gauging: Gauging::new(&gauge), columns, place, cuts, codes, n_done: 0 }
    }

    /// Measures a block of rows; after the last the columns are there.
    pub(super) fn step(&mut self, shard: &mut Shard) -> Outcome {
        let (start, end) = (self.n_done, shard.n_rows.min(self.n_done + self.gauging.block()));
        if start == end {
            let codes = std::mem::take(&mut self.codes).into_iter();
            let column = |(codes, cuts): (Codes, &Bulk<f64>)| {
                let missing = cuts.len() as u16;
                CodedColumn { codes, missing, numbers: Vec::new() }
            };
            let fresh = &mut shard.added.fresh;
            // What a training left that came to nothing.
            fresh.truncate(self.place as usize);
            fresh.extend(codes.zip(&self.cuts).map(column));
            return Outcome::Ends(Answer::Done);
        }
        let views = shard.views(&self.columns);
        let block: Vec<_> = views.iter().map(|column| column.slice(start..end)).collect();
        let numbers = self.gauging.measured(&block);
        for row in numbers.chunks_exact(self.cuts.len()) {
            for ((number, cuts), codes) in row.iter().zip(&self.cuts).zip(&mut self.codes) {
                // What is below all that the eye was shown goes with the least of it.
                let above = cuts.partition_point(|cut| cut <= number);
                codes.push(above.saturating_sub(1) as u32);
            }
        }
        self.n_done = end;
        Outcome::Tells(Answer::Progress((end - start) as u64))
    }
}
