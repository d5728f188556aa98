//! Whole fits in one shard: of rows it was lent, whichever shards hold them.
//!
//! Where many models are wanted, each shard trains its own: they need not wait for each other after
//! every level of a tree. Sums are integers, so a model is the same as if all shards had made it.

use super::{
    bulk::Bulk,
    message::{Answer, FitQuestion, Fitted, Loan},
    shard::Outcome,
};
use crate::engine::{
    boost::{Booster, FitError, Part, Rows, Use},
    matrix::Feature,
    table::Codes,
};

/// Rounds after which a fit tells how far it is.
const WORD: u64 = 8;

/// Rows in folds.
#[derive(Debug)]
pub(super) struct Lent {
    features: Vec<Feature>,
    columns: Vec<Codes>,
    classes: Bulk<u8>,
    folds: Bulk<u8>,
    n_classes: u32,
    /// The fold that was fitted last, and its rows: most often the next fit is of the same.
    gathered: Option<(u8, Rows)>,
}

impl Lent {
    pub(super) fn new(loan: Loan) -> Self {
        let Loan { features, codes, classes, folds, n_classes } = loan;
        let n_columns = features.len();
        let column = |place: usize| {
            let mut column = Codes::default();
            column.reserve(classes.len());
            for &code in codes.iter().skip(place).step_by(n_columns) {
                column.push(code.into());
            }
            column
        };
        let columns = (0..n_columns).map(column).collect();
        Self { features, columns, classes, folds, n_classes, gathered: None }
    }

    /// The rows of a fold: it judges, all others are learnt from.
    fn rows(&mut self, fold: u8) -> Rows {
        let (features, columns) = (&self.features, &self.columns);
        let gather = || {
            let views: Vec<_> = columns.iter().map(Codes::view).collect();
            let of = |&there: &u8| if there == fold { Use::Held } else { Use::Train };
            let uses: Vec<Use> = self.folds.iter().map(of).collect();
            (fold, Rows::gather(&views, features, &self.classes, &uses, self.n_classes))
        };
        let gathered = self.gathered.take().filter(|(there, _)| *there == fold);
        self.gathered.insert(gathered.unwrap_or_else(gather)).1.clone()
    }

    /// Begins to fit what a fold leaves.
    pub(super) fn fit(&mut self, question: FitQuestion) -> Result<Fitting, FitError> {
        let FitQuestion { fold, params } = question;
        let rows = self.rows(fold);
        let booster = Booster::new(&self.features, params, rows.census())?;
        let part = Part::new(rows, booster.plan());
        Ok(Fitting { booster, part, n_told: 0 })
    }
}

/// A model on its way.
#[derive(Debug)]
pub(super) struct Fitting {
    booster: Booster,
    part: Part,
    n_told: u64,
}

impl Fitting {
    /// Does what is next: a level of a tree.
    pub(super) fn step(&mut self) -> Outcome {
        if let Some(order) = self.booster.order() {
            let report = self.part.obey(order);
            self.booster.take(report);
            let n_new = self.booster.model().curve.len() as u64 - self.n_told;
            if n_new < WORD {
                return Outcome::GoesOn;
            }
            self.n_told += n_new;
            return Outcome::Tells(Answer::Progress(n_new));
        }
        let model = self.booster.model();
        let wrong = model.curve.iter().flat_map(|watched| watched.held_wrong.iter().copied());
        let (wrong, held) = (Bulk(wrong.collect()), model.held.clone());
        Outcome::Ends(Answer::Fitted(Ok(Fitted { wrong, held })))
    }
}
