//! What the page and the conductor say to each other: plain data, no web.
//!
//! A *request* opens a job (load, detect, export) or asks a question (rows, reasons, a grid). A
//! newer job overtakes an older one; questions are answered in between. Every message carries the
//! number of the request it belongs to, so late answers are recognised and dropped.
//!
//! The `File` of a load and the `Blob` of an export are handles, not data: they ride beside the
//! envelope.

use serde::{Deserialize, Serialize};

pub use crate::cluster::JobError;
pub use crate::cluster::added::{Eyes, Helped};
pub use crate::cluster::bulk::Bulk;
pub use crate::cluster::conductor::Preview;
pub use crate::cluster::counting::{Counting, Line, Muted, Weights};
pub use crate::cluster::findings::{
    AxisOf, AxisScale, Band, Case, CaseSpec, Cases, CellValue, ColumnDrift, Component,
    Contribution, Counterfactual, Drift, Entities, Entity, EntitySpec, Found, Grid, GridSpec,
    GroupBy, Inspection, Involved, Judgement, Positions, Reason, RowReasons, RowText, Similar,
    SimilarRow, Unseen,
};
pub use crate::cluster::learned::{
    Applied, CheapestLine, ClassesBy, ColumnVotes, Compared, Judged, Leakage, Measure, NO_CLASS,
    OfClass, RowSet, RowVotes, SplitBy, StepValues, Told, TrainSpec, Trained, VoteStep, Wrong,
};
pub use crate::cluster::source::{Choice, JoinBy, Origin, distinct};
pub use crate::cluster::step::Step;
pub use crate::cluster::tuned::{ByRows, RowsPoint, Trial, TuneEnding, TuneSpec, Tuned};
pub use crate::cluster::view::{Bound, Filter, Selection, Sort, Test, View, ViewSpec};
pub use crate::engine::arrange::{arrange, sort_u32};
pub use crate::engine::baselines::{Baseline, LearntFrom};
pub use crate::engine::boost::{Ending, Learner, Params as BoostParams, VOTE};
pub use crate::engine::evaluate::{
    Basis, Interval, Point, Proposal, ReliabilityBin, SplitNote, Undefined, precision_at_base_rate,
};
pub use crate::engine::eyes::Eye;
pub use crate::engine::forest::{ColumnWeights, ForestParams, Verdict};
pub use crate::engine::samples::Sample;
pub use crate::engine::source::flatten::Objects;
pub use crate::engine::source::recognise::{Archive, Evidence as EncodingEvidence, Recognised};
pub use crate::engine::source::zip::Member;
pub use crate::engine::table::dictionary::MOST_CODES;
pub use crate::engine::table::{
    Bin, ColumnProfile, ColumnType, Direction, Frequency, KnownSchema, Profile, Role, RoleReason,
    Values,
};
pub use crate::engine::table::{
    format::{EpochUnit, Format, Reading, Settled},
    number::{Grouping, Mark, NumberFormat},
    schema::{Help, KnownValue},
    share::RowShare,
    time::DateOrder,
};
pub use crate::engine::text::{
    Dialect, Encoding, Escape, Evidence, Example, Finding, LineEnd, Notice, NoticeKind, Overrides,
    Sign, Treatment, Tried,
};

/// The number of a request; answers carry it back.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct JobId(pub u32);

/// A message, and the request it belongs to: so late answers of an overtaken job are recognised.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Envelope<T> {
    /// The request.
    pub job: JobId,
    /// What is said.
    pub body: T,
}

/// What the page asks of the conductor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Job: make one table of the files that ride beside this message. It replaces the old one only
    /// when it stands; until then, and if it fails, the old one stays.
    Load {
        /// The files' names, in the order they ride in. Several are parts of one table.
        names: Vec<String>,
        /// The name of the file with labels for their rows, if there is one; it rides behind them.
        labels: Option<String>,
        /// Which member of an archive is meant, and how labels find their rows.
        choice: Choice,
        /// What the person said about the file; the rest is sniffed.
        overrides: Overrides,
    },
    /// Question: how would the file of the table that stands be read? The table is not touched.
    Preview {
        /// What the person said about the file; the rest is sniffed.
        overrides: Overrides,
    },
    /// Job: make a built-in sample and read it like a file.
    LoadSample {
        /// Which.
        sample: Sample,
        /// What the person said about it.
        overrides: Overrides,
    },
    /// Job: grow a forest and score all rows.
    Detect {
        /// Columns that take part, ascending.
        features: Vec<u32>,
        /// Trees, sample size, seed.
        params: ForestParams,
        /// The rows to grow on.
        grow_on: Selection,
        /// What a person said about rows, by row.
        verdicts: Vec<(u32, Verdict)>,
    },
    /// Job: score all rows again by the forest that stands, which learns from what a person says now.
    Judge {
        /// What a person says about rows, by row; all that is said, not only what is new.
        verdicts: Vec<(u32, Verdict)>,
    },
    /// Job: have an eye look at the rows that the forest has scored, if it has not yet, and show what
    /// it sees. Answered as a detection is.
    Look {
        /// Which.
        eye: Eye,
    },
    /// Job: the scored CSV of all rows, as a `Blob` beside [`Event::Exported`].
    Export {
        /// Rows that score at least this carry `isoscope_flag` 1.
        threshold: f64,
        /// What a person said about rows, by row.
        judgements: Vec<Judgement>,
    },
    /// Job: learn the classes of a column and say how well that goes. [`Event::Learning`] comes before
    /// [`Event::Trained`].
    Train(Box<TrainSpec>),
    /// Job: look for the settings that do best on folds of the rows to learn from: [`Event::Tuned`] after
    /// every fit.
    Tune(Box<TuneSpec>),
    /// Job: how the error of the model that stands falls with the rows it learns from.
    ByRows,
    /// Job: have baselines learn from the rows that the model learnt from, and judge them by its test.
    /// [`Event::Compared`] comes for each, then [`Event::ComparedAll`].
    Compare,
    /// Question: the votes of the model that stands, counted otherwise.
    Recount(Box<Counting>),
    /// Job: the model that stands as JSON, as it is shown: a `Blob` beside [`Event::Exported`].
    ExportModel {
        /// The name of what it was learnt from.
        file: String,
    },
    /// What the running training, [`Tune`](Self::Tune) or [`ByRows`](Self::ByRows) has is enough. No answer.
    Enough,
    /// Drop the running job.
    Cancel,
    /// Question: which rows to show, in which order. A newer one overtakes an older one, no job.
    View(ViewSpec),
    /// Question: rows as they stand in the file.
    Rows {
        /// The rows, from 0.
        rows: Vec<u32>,
    },
    /// Question: the strongest columns of these rows.
    Reasons {
        /// The rows, from 0.
        rows: Vec<u32>,
    },
    /// Question: where these rows stand in half-forests.
    Steadiness {
        /// The rows, from 0.
        rows: Vec<u32>,
    },
    /// Question: which rows are most like one, odd or not.
    Similar {
        /// The row, from 0.
        row: u32,
        /// How many are asked for, those that the forest cannot tell apart counted as one; at most a
        /// thousand are told.
        n: u32,
    },
    /// Question: which rows are odd for the same reasons.
    Cases(CaseSpec),
    /// Question: who takes part, the oddest first.
    Entities(EntitySpec),
    /// Question: how the rows of a selection differ from all others.
    Drift {
        /// The rows that the others are compared with.
        baseline: Selection,
        /// Columns; those without codes are left out.
        columns: Vec<u32>,
    },
    /// Question: everything about one row.
    Inspect {
        /// The row, from 0.
        row: u32,
    },
    /// Question: what would make a row ordinary.
    Counterfactual {
        /// The row, from 0.
        row: u32,
        /// The score that it would have to stay below.
        threshold: f64,
    },
    /// Question: what each column adds to the votes of a row.
    Votes {
        /// The row, from 0.
        row: u32,
    },
    /// Question: all rows on a grid of two axes.
    Grid(GridSpec),
    /// Question: where the values of some rows stand in their columns.
    Positions {
        /// The rows, from 0.
        rows: Vec<u32>,
        /// Columns, which have codes.
        columns: Vec<u32>,
    },
}

impl Request {
    /// Whether this asks about scores that stand.
    pub fn is_about_scores(&self) -> bool {
        matches!(
            self,
            Self::Reasons { .. }
                | Self::Steadiness { .. }
                | Self::Similar { .. }
                | Self::Cases(_)
                | Self::Entities(_)
                | Self::Inspect { .. }
                | Self::Counterfactual { .. }
        )
    }

    /// Whether this opens a job (and so overtakes a running one).
    pub fn is_job(&self) -> bool {
        matches!(
            self,
            Self::Load { .. }
                | Self::LoadSample { .. }
                | Self::Detect { .. }
                | Self::Judge { .. }
                | Self::Look { .. }
                | Self::Train(_)
                | Self::Tune(_)
                | Self::ByRows
                | Self::Compare
                | Self::Export { .. }
                | Self::ExportModel { .. }
        )
    }
}

/// What the conductor tells the page. All but `Ready`, `Progress`, `Learning` and
/// `Compared` end their request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The conductor listens. Sent once, before anything else.
    Ready {
        /// How many shards it has started; 0 when the work is done on the page's own thread.
        shards: u32,
    },
    /// The request, a job or a [`Request::View`], got so far.
    Progress {
        /// What it is doing now.
        step: Step,
        /// How far the whole job is, from 0 to 1.
        done: f64,
    },
    /// The table stands.
    Loaded(Box<Loaded>),
    /// The file is an archive of several: say which in [`Choice::member`] and load it again.
    Asks(Vec<Member>),
    /// The answer to [`Request::Preview`].
    Previewed(Box<Preview>),
    /// Every row has its score.
    Detected(Box<Found>, Vec<Timing>),
    /// How wrong the model in training was after the rounds that came since the last such word.
    Learning(Vec<Wrong>),
    /// A model stands; this is what it is worth, and where the time went.
    Trained(Box<Trained>, Vec<Timing>),
    /// What Tune knows by now; the last word has an ending.
    Tuned(Box<Tuned>),
    /// The answer to [`Request::ByRows`].
    ByRows(Box<ByRows>),
    /// What a baseline came to; more may follow.
    Compared(Box<Compared>),
    /// All baselines have been told of.
    ComparedAll,
    /// The answer to [`Request::Recount`].
    Recounted(Box<Trained>),
    /// The answer to [`Request::Votes`].
    Votes(Box<RowVotes>),
    /// The scored CSV, or the model, rides beside this message as a `Blob`; this is where the time went.
    Exported(Vec<Timing>),
    /// The answer to [`Request::View`].
    Viewed(Box<View>),
    /// The answer to [`Request::Rows`], in the order asked.
    Rows(Vec<RowText>),
    /// The answer to [`Request::Reasons`], in the order asked.
    Reasons(Vec<RowReasons>),
    /// The answer to [`Request::Steadiness`], in the order asked.
    Steadiness(Vec<Band>),
    /// The answer to [`Request::Similar`].
    Similar(Box<Similar>),
    /// The answer to [`Request::Cases`].
    Cases(Box<Cases>),
    /// The answer to [`Request::Entities`].
    Entities(Box<Entities>),
    /// The answer to [`Request::Drift`].
    Drift(Box<Drift>),
    /// The answer to [`Request::Inspect`].
    Inspected(Box<Inspection>),
    /// The answer to [`Request::Counterfactual`].
    Counterfactual(Box<Counterfactual>),
    /// The answer to [`Request::Grid`].
    Grid(Box<Grid>),
    /// The answer to [`Request::Positions`].
    Positions(Box<Positions>),
    /// The job was dropped, by [`Request::Cancel`] or by a newer job; what stood before stands.
    Cancelled,
    /// The request failed; what stood before stands.
    Failed(JobError),
}

/// How long the parts of a job took, in milliseconds: they become User Timing measures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    /// The measure's name, as `load.parse`.
    pub name: String,
    /// When it began, on the clock of `performance.timeOrigin + performance.now()`.
    pub start: f64,
    /// How long it took.
    pub duration: f64,
}

/// A loaded table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Loaded {
    /// The file's name; of several, the first one's and how many more there are.
    pub name: String,
    /// What each file was taken for, and the evidence.
    pub origins: Vec<Origin>,
    /// Its table, column by column, and the notices.
    pub profile: Profile,
    /// Where the time went.
    pub timings: Vec<Timing>,
}
