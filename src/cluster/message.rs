//! What conductor and shards say to each other: plain data.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{
    bulk::Bulk,
    condition::Condition,
    findings::{AxisScale, Judgement},
};
use crate::engine::{
    baselines::{Baseline, LearnError, LearntFrom, Rows as StudyRows},
    boost::{Census, FitError, Model as Trees, Mute, Order, Params, Plan, Report, Rows},
    centres::Centres,
    components::Components,
    eyes::{Eye, Model},
    forest::Judged,
    matrix::Feature,
    table::{
        Direction, format::Reading, missing::Missing, reader::ReadPlan, share::RowShare,
        value::Kinds,
    },
    text::{Notice, Rules, records::Literal},
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

/// What a shard does in training. There is one training at a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum LearnQuestion {
    /// Copy the rows that take part, and count them: [`Answer::Census`].
    Gather {
        /// The columns that are learnt from.
        columns: Vec<u32>,
        /// The class of each of the shard's rows; of rows that are out it may be anything.
        classes: Bulk<u8>,
        /// What each of them is there for: 0 to train on, 1 to be watched, 2 for nothing.
        uses: Bulk<u8>,
        /// How many classes there are.
        n_classes: u32,
        /// Whether the conductor trains on them itself: [`Answer::Gathered`].
        is_handed_over: bool,
    },
    /// Weigh the rows that were gathered: [`Answer::Done`].
    Begin(Box<Plan>),
    /// Go on with them: [`Answer::Reported`].
    Obey(Box<Order>),
    /// Keep rows to fit models on alone, whichever shards hold them: [`Answer::Done`].
    Lend(Box<Loan>),
    /// Forget them: [`Answer::Done`].
    End,
    /// Two hashes of each row's codes: [`Answer::Hashes`].
    Hashes(Vec<u32>),
    /// How often each code comes with each class: [`Answer::Tallied`].
    Tally {
        /// The columns.
        columns: Vec<u32>,
        /// The class of each of the shard's rows; others than these are not counted.
        classes: Bulk<u8>,
        /// How many classes there are.
        n_classes: u32,
    },
}

/// Asks to measure all rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AddQuestion {
    /// By what.
    pub gauge: Gauge,
    /// The columns it reads, by feature.
    pub columns: Vec<u32>,
    /// How many columns the training added before.
    pub place: u32,
    /// Of each of its columns the smallest number of each code, ascending.
    pub cuts: Vec<Bulk<f64>>,
}

/// What measures rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Gauge {
    /// An eye's score: one column.
    Eye(Box<Model>),
    /// The distance to each centre: as many columns.
    Centres(Box<Centres>),
}

/// Rows to fit models on, parted into folds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Loan {
    /// What their codes stand for.
    pub features: Vec<Feature>,
    /// Codes, row by row: `rows × features`.
    pub codes: Bulk<u16>,
    /// The class of each row.
    pub classes: Bulk<u8>,
    /// The fold of each row.
    pub folds: Bulk<u8>,
    /// How many classes there are.
    pub n_classes: u32,
}

/// Asks for a model of all folds but one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FitQuestion {
    /// The fold that is watched.
    pub fold: u8,
    /// What the model is trained with.
    pub params: Params,
}

/// How wrong a model was about the fold that it did not learn from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fitted {
    /// After each round, rows of the fold that are told wrong, by class: `rounds × classes`.
    pub wrong: Bulk<u64>,
    /// All its rows, by class.
    pub held: Bulk<u64>,
}

/// What a shard does as a pair of hands, whichever rows it holds: one baseline after the other learns from
/// rows that were sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum StudyQuestion {
    /// Keep these rows to learn from: [`Answer::Done`].
    Keep(StudyRows),
    /// Have a baseline learn from them: [`Answer::Progress`], in thousandths, then [`Answer::Studied`].
    Learn(Baseline),
    /// Its votes of rows with these codes, `rows × columns`: [`Answer::Votes`].
    Vote(Bulk<u16>),
    /// Forget all of it: [`Answer::Done`].
    End,
}

/// A range of a file, and how it is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RangeToRead {
    /// How records are read, and of how many cells rows are.
    pub rules: Rules,
    /// Bytes of the file.
    pub range: Range<u64>,
    /// The file's length.
    pub file_length: u64,
    /// From where on quotes are text.
    pub literal: Literal,
    /// Columns that cannot be kept as numbers.
    pub text_columns: Vec<u32>,
    /// Words that mean no value, if not the usual ones.
    pub missing: Option<Vec<String>>,
    /// The rows that are read, if not all.
    pub share: Option<RowShare>,
    /// How far past the range the end of its last record may be looked for.
    pub patience: Option<u64>,
    /// How many bytes are read at a time.
    pub piece: u64,
    /// Mean length of a record, to make room.
    pub record_length: u32,
}

impl RangeToRead {
    /// The same, as a reader takes it.
    pub(super) fn plan(self) -> ReadPlan {
        let n_bytes = self.range.end - self.range.start;
        let per_mille = self.share.map_or(1_000, |share| u64::from(share.per_mille.min(1_000)));
        let n_rows = n_bytes / u64::from(self.record_length) * per_mille / 1_000 + 1;
        ReadPlan {
            rules: self.rules,
            range: self.range,
            file_length: self.file_length,
            literal: self.literal,
            text_columns: self.text_columns,
            missing: self.missing.map_or_else(Missing::default, Missing::new),
            share: self.share,
            patience: self.patience.unwrap_or(u64::MAX),
            piece: self.piece,
            // A little more than the sample promises, as growing would copy everything.
            n_rows: usize::try_from(n_rows + n_rows / 32).unwrap_or(0),
        }
    }
}

/// How a column gets its codes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Recode {
    /// By value: the code of the last of these that is not above it.
    Ranked {
        /// The smallest value of each code.
        lows: Bulk<f64>,
        /// Whether codes stand for ranges: then the numbers themselves are kept too.
        keeps_numbers: bool,
    },
    /// By the order in which the shard counted its texts.
    Unordered {
        /// Code of each text of the shard's [`Answer::Counted`].
        map: Bulk<u16>,
        /// How many codes there are.
        n_codes: u16,
    },
    /// It has no codes: too many texts.
    None,
}

/// Asks for the rows that score at least a threshold, by what makes them odd.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseQuestion {
    /// The threshold.
    pub threshold: f64,
    /// By feature, the first code that counts as high; `None` where codes have no order.
    pub high_from: Vec<Option<u16>>,
}

/// Asks for the rows that are most like one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LikeQuestion {
    /// The row, counted over all shards.
    pub row: u32,
    /// Its codes, by feature.
    pub codes: Bulk<u16>,
    /// How many are asked for, those that the forest cannot tell apart counted as one.
    pub n: u32,
}

/// Rows that the forest cannot tell apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alike {
    /// How near they are to the row that was asked about.
    pub proximity: f64,
    /// The first of them, counted over all shards.
    pub row: u32,
    /// How many they are.
    pub n_rows: u32,
    /// The leaves of each, as [`Leaves`](crate::engine::forest::Leaves) has them.
    pub leaves: Bulk<u64>,
}

/// What makes rows odd: features, ascending, and the direction of their values.
pub type Pattern = Vec<(u16, Direction)>;

/// Rows that are odd for the same reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OddRows {
    /// The reasons.
    pub pattern: Pattern,
    /// The rows, counted over all shards, ascending.
    pub rows: Bulk<u32>,
}

/// Asks what is known of each value of a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EntityQuestion {
    /// The column, which has codes.
    pub column: u32,
    /// The rows of the shard that are looked at, ascending; `None`: all.
    pub of: Option<Bulk<u32>>,
    /// Rows that score at least this are counted apart.
    pub threshold: f64,
    /// The column that tells when, and the time of each of its codes; no times where codes stand
    /// for ranges of them and the shard keeps the times themselves.
    pub time: Option<(u32, Bulk<f64>)>,
}

/// Asks for all rows on a grid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GridQuestion {
    /// Left to right.
    pub x: Axis,
    /// Bottom to top.
    pub y: Axis,
    /// Cells across.
    pub width: u32,
    /// Cells up.
    pub height: u32,
    /// What parts rows into groups.
    pub by: Option<Grouped>,
}

/// Which group a row is in; [`GroupBy::MOST`](super::findings::GroupBy::MOST) for none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Grouped {
    /// By the code of a column: the column, and the group of each code.
    Column(u32, Bulk<u8>),
    /// By row.
    Rows(Vec<(u32, u8)>),
    /// Row by row of the shard.
    Each(Bulk<u8>),
}

/// Where a row stands on an axis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Axis {
    /// By the code of a column.
    Column {
        /// The column.
        column: u32,
        /// Cell of each code; `u16::MAX` where it has none, `u16::MAX - 1` where it is not among the
        /// values that the axis shows. The last is that of missing values.
        cells: Bulk<u16>,
    },
    /// Row by row of the shard, the cell.
    Each(Bulk<u16>),
    /// By the score, linear from the first to the second.
    Score(f64, f64),
    /// By where it stands along a component, which all rows were projected on before.
    Component {
        /// 0 or 1.
        component: u32,
        /// The smallest and the largest of all rows.
        domain: (f64, f64),
        /// How places between them are cut into cells.
        scale: AxisScale,
    },
}

/// Asks to put rows where they stand along principal components, and to keep that.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProjectQuestion {
    /// The components.
    pub components: Components,
    /// The columns they read, by feature: those that scores are about.
    pub columns: Vec<u32>,
    /// The seed of the forest that stands. Columns and seed settle what the components are.
    pub seed: u64,
}

/// Asks how often each code occurs among some rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DriftQuestion {
    /// The shard's rows of the baseline, counted over all shards, ascending.
    pub rows: Bulk<u32>,
    /// Columns, which have codes.
    pub columns: Vec<u32>,
}

/// Asks for the rows that meet all of some conditions, and not all of those of a rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SelectQuestion {
    /// The conditions.
    pub conditions: Vec<Condition>,
    /// Rules: a row that meets all conditions of one is left out. Each has a condition at least.
    pub except: Vec<Vec<Condition>>,
    /// The box on the map that rows must stand in.
    pub within: Option<[(f64, f64); 2]>,
    /// The order; without, that of the file.
    pub sort: Option<SortBy>,
    /// How the file is read, where a condition or the order needs texts.
    pub read: Option<RangeToRead>,
}

/// What rows are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "plain words")]
pub enum SortBy {
    /// The codes of a column.
    Codes { column: u32, is_descending: bool },
    /// Its numbers, where codes stand for ranges of them.
    Numbers { column: u32, is_descending: bool },
    /// Its texts, read from the file.
    Texts { column: u32, is_descending: bool },
}

/// The keys by which sorted rows of several shards are merged: a key for each run of equal rows, and
/// its length. Rows without a value come after all runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "said above")]
pub enum SortKeys {
    /// Rows stand in the order of the file.
    None,
    /// Numbers, ascending whatever the order.
    Numbers { keys: Bulk<u64>, counts: Bulk<u32> },
    /// Texts one after the other, and where each ends; descending where that was asked.
    Texts { bytes: Bulk<u8>, ends: Bulk<u64>, counts: Bulk<u32> },
}

/// Asks for the rows with their scores, as lines of a CSV file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WriteQuestion {
    /// How the file is read.
    pub read: RangeToRead,
    /// What ends a line.
    pub line_end: String,
    /// Rows that score at least this are flagged; without, rows have no scores.
    pub threshold: Option<f64>,
    /// The rank of each of the shard's rows.
    pub ranks: Bulk<u32>,
    /// Names of the columns, by feature.
    pub names: Vec<String>,
    /// By feature, the first code that counts as high; `None` where codes have no order.
    pub high_from: Vec<Option<u16>>,
    /// Eyes whose scores are told as well.
    pub others: Vec<Eye>,
    /// What a person said about rows of the shard, ascending; `None` where nothing was said of any row
    /// of the table.
    pub judgements: Option<Vec<Judgement>>,
    /// What a model says of each of the shard's rows.
    pub classified: Option<Classified>,
}

/// What a model says of some rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Classified {
    /// The names of its classes.
    pub names: Vec<String>,
    /// The class of each row.
    pub classes: Bulk<u8>,
    /// How clear its votes are.
    pub margins: Bulk<f64>,
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

/// What a range came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadAnswer {
    /// Rows.
    pub n_rows: u32,
    /// Records that are not of the share that was to be read.
    pub n_left_out: u64,
    /// Lines that ended in it.
    pub n_lines: u64,
    /// What was repaired; lines count from 1 at the range's start.
    pub notices: Vec<Notice>,
    /// Byte in the file and line (from 0 at the range's start) of every 64th row, in turn.
    pub marks: Bulk<u64>,
    /// How the range ended.
    pub ending: Ending,
    /// Where the table may have ended in it.
    pub tail: Tail,
    /// The kinds of values, by column.
    pub kinds: Vec<Kinds>,
    /// Columns kept as numbers: if they are not to be numbers, they must be read again.
    pub numbers: Vec<u32>,
}

pub use crate::engine::table::reader::{Ending, Tail};

/// The distinct values of a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum CountedValues {
    /// Numbers, ascending.
    Ordered {
        /// Distinct values.
        values: Bulk<f64>,
        /// Rows of each.
        counts: Bulk<u32>,
    },
    /// Texts, in the shard's own order.
    Unordered {
        /// The texts, one after the other.
        bytes: Bulk<u8>,
        /// Where each ends.
        ends: Bulk<u32>,
        /// Rows of each; 0 for those that stand for no value.
        counts: Bulk<u32>,
    },
}
