//! Training, and the model that stands.

use super::{
    super::{
        JobError,
        conductor::{self, Classifier, Comparison, TuneWatch, Watch},
        counting::Counting,
        learned::{Compared, RowVotes, TrainSpec},
        tuned::{ByRows, TuneSpec, Tuned},
    },
    Local,
    desk::run,
};

impl Local {
    /// The model that stands.
    pub fn classifier(&self) -> Option<&Classifier> {
        self.classifier.as_ref()
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
        let (table, mut desk) = self.standing()?;
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
        let (table, mut desk) = self.standing()?;
        run(conductor::tune(&mut desk, table, spec, watch))
    }

    /// How the error of the model that stands falls with the rows it learns from.
    ///
    /// # Errors
    ///
    /// As [`conductor::by_rows`]; [`NoModel`](JobError::NoModel).
    pub fn by_rows(&mut self, is_enough: &dyn Fn() -> bool) -> Result<ByRows, JobError> {
        let (table, classifier, mut desk) = self.trained()?;
        let mut watch = Watch { tell: &mut |_, _| {}, round: &mut |_| {}, is_enough };
        run(conductor::by_rows(&mut desk, table, classifier, &mut watch))
    }

    /// What baselines make of the rows that the model learnt from; `clock` tells the time in seconds.
    ///
    /// # Errors
    ///
    /// As [`conductor::compare`].
    pub fn compare(&mut self, clock: &dyn Fn() -> f64) -> Result<Vec<Compared>, JobError> {
        let (table, classifier, mut desk) = self.trained()?;
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
        let (table, classifier, mut desk) = self.trained()?;
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
        let (table, classifier, mut desk) = self.trained()?;
        run(conductor::votes(&mut desk, table, classifier, row))
    }
}
