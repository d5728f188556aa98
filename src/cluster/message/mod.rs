//! What conductor and shards say to each other: plain data.

mod export;
mod grid;
mod oddity;
mod reading;
mod selection;
mod training;

use serde::{Deserialize, Serialize};

pub use self::{
    export::{Classified, WriteQuestion},
    grid::{Axis, GridQuestion, Grouped, ProjectQuestion},
    oddity::{Alike, CaseQuestion, EntityQuestion, LikeQuestion, OddRows, Pattern},
    reading::{CountedValues, RangeToRead, ReadAnswer, Recode},
    selection::{DriftQuestion, SelectQuestion, SortBy, SortKeys},
    training::{AddQuestion, FitQuestion, Fitted, Gauge, LearnQuestion, Loan, StudyQuestion},
};
use super::bulk::Bulk;
use crate::engine::{
    baselines::{LearnError, LearntFrom},
    boost::{Census, FitError, Model as Trees, Mute, Report, Rows},
    eyes::{Eye, Model},
    forest::Judged,
    table::format::Reading,
    text::Notice,
};

/// What the conductor asks of a shard. Each question has one last answer; some have more before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Question {
    /// Read a range of the incoming file: [`Answer::Read`].
    Read(Box<RangeToRead>),
    /// Count the values of the incoming columns, each to be taken as one type:
    /// [`Answer::Counted`] per column, then [`Answer::Done`].
    Count(Vec<Reading>),
    /// Give the incoming columns their codes: [`Answer::Done`].
    Recode(Vec<Recode>),
    /// A fingerprint of the codes of each of these incoming columns: [`Answer::Fingerprints`].
    Fingerprints(Vec<u32>),
    /// Whether these pairs of incoming columns are equal, row by row: [`Answer::AreSame`].
    AreSame(Vec<(u32, u32)>),
    /// The incoming table is the table from now on. No answer.
    Commit {
        /// Its first row, counted over all shards.
        first_row: u32,
    },
    /// The codes of some rows: [`Answer::Codes`].
    Codes {
        /// Rows, counted over all shards.
        rows: Bulk<u32>,
        /// Columns.
        columns: Vec<u32>,
    },
    /// Score all rows: [`Answer::Scored`] per block, then [`Answer::Done`].
    Score {
        /// What an eye has learnt.
        model: Box<Model>,
        /// The columns it reads, by feature.
        columns: Vec<u32>,
        /// Rows that a person has judged, which a forest learns from.
        judged: Vec<Judged>,
        /// Whether what other eyes saw does not hold any more.
        is_afresh: bool,
    },
    /// Score all rows by the forest that stands, which learns from other verdicts now: as
    /// [`Score`](Self::Score).
    Judge(Vec<Judged>),
    /// What was scored last stands from now on: all later questions are about it. No answer.
    Adopt,
    /// All later questions are about what this eye saw, which has looked before. No answer.
    Show(Eye),
    /// All later questions are about what all eyes see together. No answer.
    Blend {
        /// s of each of the shard's rows.
        scores: Bulk<f64>,
        /// The eye that explains each row.
        leaders: Vec<Eye>,
    },
    /// Explain some rows by the forest that stands: [`Answer::Explained`].
    Explain {
        /// Rows, counted over all shards.
        rows: Bulk<u32>,
    },
    /// The paths of some rows in the half-forests of the forest that stands: [`Answer::HalfPaths`].
    HalfPaths {
        /// Rows, counted over all shards.
        rows: Bulk<u32>,
    },
    /// How many rows have a shorter path in each half-forest: [`Answer::Shorter`].
    Shorter {
        /// Paths: `rows × halves`.
        paths: Bulk<u32>,
    },
    /// Which rows are most like one by the forest that stands: [`Answer::Like`].
    Like(Box<LikeQuestion>),
    /// Put the odd rows together by what makes them odd: [`Answer::Progress`] per block, then
    /// [`Answer::Cases`].
    Cases(Box<CaseQuestion>),
    /// Tell of each value of a column how odd its rows are: [`Answer::Entities`].
    Entities(Box<EntityQuestion>),
    /// Put all rows on a grid: [`Answer::Grid`].
    Grid(Box<GridQuestion>),
    /// Find and keep where all rows stand along principal components: [`Answer::Projected`].
    Project(Box<ProjectQuestion>),
    /// Count the codes of some rows, column by column: [`Answer::Drifted`] per column, then
    /// [`Answer::Done`].
    Drift(Box<DriftQuestion>),
    /// Find the rows that meet some conditions: [`Answer::Progress`] where the file is read for it,
    /// then [`Answer::Selected`].
    Select(Box<SelectQuestion>),
    /// All codes of a column: [`Answer::Column`].
    Column(u32),
    /// Something about the training there is.
    Learn(Box<LearnQuestion>),
    /// Measure all rows by an eye, and keep that as columns of the training there is:
    /// [`Answer::Progress`] per block, then [`Answer::Done`].
    Add(Box<AddQuestion>),
    /// The first so many columns that the training added are those of the model that stands from now on.
    /// No answer.
    Keep(u32),
    /// Train a model on the rows that were [lent](LearnQuestion::Lend): [`Answer::Progress`] now and
    /// then, then [`Answer::Fitted`].
    Fit(Box<FitQuestion>),
    /// Something about the baselines that it is compared with.
    Study(Box<StudyQuestion>),
    /// Classify all rows by a model: [`Answer::Voted`] per block, then [`Answer::Done`].
    Classify {
        /// The model.
        model: Box<Trees>,
        /// The columns it reads.
        columns: Vec<u32>,
        /// Votes that do not count.
        except: Vec<Mute>,
    },
    /// What each column adds to the votes of some rows: [`Answer::Credited`].
    Credit {
        /// The model.
        model: Box<Trees>,
        /// The columns it reads.
        columns: Vec<u32>,
        /// Rows, counted over all shards.
        rows: Bulk<u32>,
        /// Votes that do not count.
        except: Vec<Mute>,
    },
    /// Write all rows with their scores: [`Answer::Written`] per block, then [`Answer::Done`].
    Write(Box<WriteQuestion>),
}

/// What a shard answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// So many more bytes were read, rows scored or written, or rounds made: not the last answer.
    Progress(u64),
    /// A range was read.
    Read(Box<ReadAnswer>),
    /// The values of a column: not the last answer.
    Counted {
        /// The column.
        column: u32,
        /// Its values.
        counted: CountedValues,
        /// Rows without a value.
        n_missing: u32,
        /// Cells that have no place among them; lines count from 1 at the range's start.
        notices: Vec<Notice>,
        /// Its first and last value, if each is the one before plus one.
        sequence: Option<(f64, f64)>,
    },
    /// A number per column: equal columns have equal ones.
    Fingerprints(Bulk<u64>),
    /// Whether each pair is equal.
    AreSame(Vec<bool>),
    /// Codes, row by row: `rows × columns`.
    Codes(Bulk<u16>),
    /// Scores of a block: not the last answer.
    Scored {
        /// Its first row, counted over all shards.
        first_row: u32,
        /// s per row.
        scores: Bulk<f64>,
    },
    /// Explanations of the rows asked for, in that order.
    Explained {
        /// The rows' codes: `rows × features`.
        codes: Bulk<u16>,
        /// The rows' steps of path length: `rows × features`.
        steps: Bulk<f64>,
        /// s and h of each row, one after the other.
        scores: Bulk<f64>,
        /// The eye that explains each row.
        eyes: Vec<Eye>,
    },
    /// Paths of the rows asked for, in that order: `rows × halves`.
    HalfPaths(Bulk<u32>),
    /// Per path asked for, how many rows have a shorter one in that half; `None` where the scores
    /// are gone, as another table stands by now.
    Shorter(Option<Bulk<u32>>),
    /// How many other rows have all leaves of the one, and the nearest of the shard; `None` where
    /// other scores or another table stand by now.
    Like(Option<(u32, Vec<Alike>)>),
    /// The odd rows, by pattern; `None` where other scores have come meanwhile.
    Cases(Option<Vec<OddRows>>),
    /// What is known of each code of a column; the last of each list is of missing values.
    Entities {
        /// Rows.
        counts: Bulk<u32>,
        /// Rows that score at least the threshold.
        flagged: Bulk<u32>,
        /// The row with the highest score, the first such; `u32::MAX` for none.
        top_rows: Bulk<u32>,
        /// The first time; infinite where there is none.
        first: Bulk<f64>,
        /// The last time; negative infinity where there is none.
        last: Bulk<f64>,
    },
    /// The rows on a grid, as `protocol::Grid` has them.
    Grid {
        /// Rows per cell.
        counts: Bulk<u32>,
        /// The row with the highest score of each cell, the first such; `u32::MAX` for none.
        top_rows: Bulk<u32>,
        /// Rows per cell and group, [`GroupBy::MOST`](super::findings::GroupBy::MOST) for each cell; empty without groups.
        by_group: Bulk<u32>,
        /// Rows without a place.
        n_missing: u32,
        /// Rows with a value that is not among those an axis shows.
        n_elsewhere: u32,
    },
    /// The smallest and the largest place of the shard's rows along each component, infinity and
    /// negative infinity where it has no row; `None` where other scores or another table stand by now.
    Projected(Option<[(f64, f64); 2]>),
    /// How often each code of a column occurs: not the last answer.
    Drifted {
        /// Its place among the columns asked for.
        place: u32,
        /// Rows of each code, the last that of missing values.
        counts: Bulk<u32>,
    },
    /// All codes of a column, row by row, and the numbers themselves where codes stand for ranges of them.
    Column {
        /// Codes, the one for missing values the highest.
        codes: Bulk<u16>,
        /// Numbers, NaN where there is none; empty where each code is one value.
        numbers: Bulk<f64>,
    },
    /// How many rows there are to learn from, by class and by code.
    Census(Box<Census>),
    /// The rows that take part.
    Gathered(Box<Rows>),
    /// What came of an order.
    Reported(Box<Report>),
    /// How a model of lent rows went, or why there is none.
    Fitted(Result<Fitted, FitError>),
    /// Two hashes for each row, one after the other.
    Hashes(Bulk<u64>),
    /// How often each code comes with each class, column after column: `[code · n_classes + class]`.
    Tallied(Bulk<u32>),
    /// The votes of a block of rows: not the last answer.
    Voted {
        /// Its first row, counted over all shards.
        first_row: u32,
        /// In units of 2⁻⁴⁰, row after row.
        votes: Bulk<i64>,
    },
    /// A baseline has learnt, from these rows; or cannot.
    Studied(Result<LearntFrom, LearnError>),
    /// The votes of the rows that were sent, in units of 2⁻³², row after row.
    Votes(Bulk<i64>),
    /// What each column adds to the votes of the rows asked for: `rows × columns × votes`.
    Credited(Bulk<i64>),
    /// The rows that meet the conditions.
    Selected {
        /// Rows, counted over all shards.
        rows: Bulk<u32>,
        /// What they were sorted by.
        keys: SortKeys,
    },
    /// Lines of the export: not the last answer.
    Written(Bulk<u8>),
    /// That was all.
    Done,
}

impl Answer {
    /// Whether more answers to the same question follow.
    pub fn is_partial(&self) -> bool {
        matches!(
            self,
            Self::Progress(_)
                | Self::Counted { .. }
                | Self::Scored { .. }
                | Self::Drifted { .. }
                | Self::Voted { .. }
                | Self::Written(_)
        )
    }
}
