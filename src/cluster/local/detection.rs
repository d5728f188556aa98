//! Detection, and the scores that stand.

use super::{
    super::{
        JobError,
        conductor::{self, DetectSpec, Detection},
        view::Selection,
    },
    Local,
    desk::run,
};
use crate::engine::{
    eyes::Eye,
    forest::{ForestParams, Verdict},
};

impl Local {
    /// The last scoring.
    pub fn detection(&self) -> Option<&Detection> {
        self.detection.as_ref()
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
        let (table, mut desk) = self.standing()?;
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
        let (table, detection, mut desk) = self.scored()?;
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
        let (table, detection, mut desk) = self.scored()?;
        let detection = run(conductor::look(&mut desk, table, detection, eye, &mut |_, _| {}))?;
        Ok(self.detection.insert(detection))
    }
}
