//! What is asked about what stands.

use super::{
    super::{
        JobError, conductor,
        findings::{
            Band, CaseSpec, Cases, Counterfactual, Drift, Entities, EntitySpec, Grid, GridSpec,
            Inspection, Positions, RowReasons, RowText, Similar,
        },
        view::{Selection, View, ViewSpec},
    },
    Local,
    desk::{Desk, run},
};

impl Local {
    /// Rows as they stand in the file.
    ///
    /// # Errors
    ///
    /// As [`conductor::rows`].
    pub fn rows(&mut self, rows: &[u32]) -> Result<Vec<RowText>, JobError> {
        let (table, mut desk) = self.standing()?;
        run(conductor::rows(&mut desk, table, rows))
    }

    /// The rows that are to be shown, in their order.
    ///
    /// # Errors
    ///
    /// As [`conductor::view`].
    pub fn view(&mut self, spec: ViewSpec) -> Result<View, JobError> {
        let (table, mut desk) = self.standing()?;
        run(conductor::view(&mut desk, table, spec, &mut |_, _| {}))
    }

    /// The strongest columns of some rows.
    ///
    /// # Errors
    ///
    /// As [`conductor::reasons`].
    pub fn reasons(&mut self, rows: &[u32]) -> Result<Vec<RowReasons>, JobError> {
        let (table, detection, mut desk) = self.scored()?;
        run(conductor::reasons(&mut desk, table, detection, rows))
    }

    /// Where some rows stand in half-forests.
    ///
    /// # Errors
    ///
    /// As [`conductor::steadiness`].
    pub fn steadiness(&mut self, rows: &[u32]) -> Result<Vec<Band>, JobError> {
        let (table, _, mut desk) = self.scored()?;
        run(conductor::steadiness(&mut desk, table, rows))
    }

    /// The rows that are most like one.
    ///
    /// # Errors
    ///
    /// As [`conductor::similar`].
    pub fn similar(&mut self, row: u32, n: u32) -> Result<Similar, JobError> {
        let (table, detection, mut desk) = self.scored()?;
        run(conductor::similar(&mut desk, table, detection, row, n))
    }

    /// The odd rows by what makes them odd.
    ///
    /// # Errors
    ///
    /// As [`conductor::cases`].
    pub fn cases(&mut self, spec: CaseSpec) -> Result<Cases, JobError> {
        let (table, detection, mut desk) = self.scored()?;
        run(conductor::cases(&mut desk, table, detection, spec))
    }

    /// Who takes part, the oddest first.
    ///
    /// # Errors
    ///
    /// As [`conductor::entities`].
    pub fn entities(&mut self, spec: EntitySpec) -> Result<Entities, JobError> {
        let (table, detection, mut desk) = self.scored()?;
        run(conductor::entities(&mut desk, table, detection, spec))
    }

    /// How some rows differ from all others.
    ///
    /// # Errors
    ///
    /// As [`conductor::drift`].
    pub fn drift(&mut self, baseline: Selection, columns: &[u32]) -> Result<Drift, JobError> {
        let (table, mut desk) = self.standing()?;
        run(conductor::drift(&mut desk, table, baseline, columns))
    }

    /// Everything about one row.
    ///
    /// # Errors
    ///
    /// As [`conductor::inspect`].
    pub fn inspect(&mut self, row: u32) -> Result<Inspection, JobError> {
        let (table, detection, mut desk) = self.scored()?;
        run(conductor::inspect(&mut desk, table, detection, row))
    }

    /// What would make a row ordinary.
    ///
    /// # Errors
    ///
    /// As [`conductor::counterfactual`].
    pub fn counterfactual(&mut self, row: u32, threshold: f64) -> Result<Counterfactual, JobError> {
        let (table, detection, mut desk) = self.scored()?;
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
        let (table, mut desk) = self.standing()?;
        run(conductor::positions(&mut desk, table, rows.to_vec(), columns.to_vec()))
    }
}
