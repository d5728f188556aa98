//! What jobs and questions come to, as the page shows it.

mod cases;
mod drift;
mod entities;
mod grid;
mod row;

use serde::{Deserialize, Serialize};

pub use self::{
    cases::{Case, CaseSpec, Cases, Involved},
    drift::{ColumnDrift, Drift, Unseen},
    entities::{Entities, Entity, EntitySpec},
    grid::{AxisOf, AxisScale, Component, Grid, GridSpec, GroupBy},
    row::{
        Band, CellValue, Contribution, Counterfactual, Inspection, Positions, Reason, RowReasons,
        RowText, Similar, SimilarRow,
    },
};
use super::{bulk::Bulk, view::Selection};
use crate::engine::{
    evaluate::Proposal,
    eyes::Eye,
    forest::{ForestParams, Verdict},
};

/// The scores of all rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// Who looked.
    pub eye: Eye,
    /// s(x) per row, in (0, 1], high = anomalous.
    pub scores: Bulk<f64>,
    /// All rows, by score descending, then row ascending.
    pub ranking: Bulk<u32>,
    /// Scores of rows whose columns were shuffled independently, descending: what chance gives. None
    /// where that says nothing: by the local outlier factor, and by all eyes together.
    pub by_chance: Bulk<f64>,
    /// Where the data propose to cut; `None` when there are no clear anomalies.
    pub proposal: Option<Proposal>,
    /// The columns that took part.
    pub features: Vec<u32>,
    /// The settings, with the sample size ψ that was really drawn.
    pub params: ForestParams,
    /// The rows that the forest grew on.
    pub grown_on: Selection,
    /// How many they are.
    pub n_grown_on: u32,
    /// The verdicts that the forest has learnt from, by row.
    pub verdicts: Vec<(u32, Verdict)>,
}

/// What a person said about a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// The row.
    pub row: u32,
    /// What it is.
    pub verdict: Verdict,
    /// In the person's own words.
    pub note: String,
}
