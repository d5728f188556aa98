//! Why a request failed.

use serde::{Deserialize, Serialize};

use crate::engine::{
    baselines::LearnError, boost, evaluate::SplitError, forest::FitError, neighbours,
    source::conversion::SourceError,
};

/// Why a request failed. What stood before still stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[expect(missing_docs, reason = "the sentences say it")]
#[non_exhaustive]
pub enum JobError {
    #[error("the file is empty: it has no bytes at all")]
    EmptyFile,
    #[error("the file holds no row: there is nothing below its header")]
    NoRows,
    #[error(
        "the file holds no row below its header: {n_lines} lines were said to stand before its rows, and it has \
         no more. Say fewer, or take header= and preamble= out of the address"
    )]
    NoRowsBelow { n_lines: u64 },
    #[error(
        "this is not a table of text but {format}: choose a file of comma, semicolon, tab or pipe separated values"
    )]
    NotText { format: String },
    #[error("line {line} is longer than {limit} bytes: this does not look like a table of rows")]
    LongLine { line: u64, limit: u64 },
    #[error("the first record has {found} columns; more than {limit} cannot be worked with")]
    TooManyColumns { found: u64, limit: u64 },
    #[error(
        "the file has about {n_rows} rows, which would take about {needed} bytes of memory; {room} are at hand: load a sample of the rows"
    )]
    TooLarge { n_rows: u64, needed: u64, room: u64, per_mille: u16 },
    #[error("none of the file's {n_rows} rows is in the sample: load a larger share of them")]
    EmptySample { n_rows: u64 },
    #[error("the file has more than {limit} rows")]
    TooManyRows { limit: u64 },
    #[error(
        "the file could not be read any further ({reason}): it may be a folder, or have been moved, changed or deleted; choose it again"
    )]
    Unreadable { reason: String },
    #[error(
        "the file has changed while it stood: there are other characters in it now; choose it again"
    )]
    NotAscii,
    #[error("“{name}” is a folder: drop the files in it instead")]
    Folder { name: String },
    #[error("no table is loaded: drop a file first")]
    NoTable,
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error(transparent)]
    Fit(#[from] FitError),
    #[error(transparent)]
    Neighbours(#[from] neighbours::FitError),
    #[error(transparent)]
    Boost(#[from] boost::FitError),
    #[error(transparent)]
    Baseline(#[from] LearnError),
    #[error(transparent)]
    Split(#[from] SplitError),
    #[error(
        "column {column} has {found} classes, and no more than {limit} can be told apart: tell one of them from all others"
    )]
    TooManyClasses { column: String, found: u64, limit: u32 },
    #[error("no row of column {column} is {class}: choose another class")]
    NoSuchClass { column: String, class: String },
    #[error("no row has a value in column {column}: choose another column to learn")]
    NoLabels { column: String },
    #[error(
        "only rows of {file} have a value in column {column}, and they are to judge by: nothing is left to learn from. Judge by the other file, and {file} is learnt from"
    )]
    LabelsElsewhere { column: String, file: String },
    #[error("column {column} holds no numbers or times: choose another column")]
    NotNumbers { column: String },
    #[error("there is no column beside {column} to learn from: choose a file with more columns")]
    NoOtherColumn { column: String },
    #[error("no column takes part: set the role of at least one column to feature")]
    NoFeatures,
    #[error("column {column} has only one class, “{class}”: choose another column")]
    OneClass { column: String, class: String },
    #[error(
        "all rows to learn from are of class “{class}” of column {column}: split the rows another way, or tell other classes apart"
    )]
    OneClassLearnt { column: String, class: String },
    #[error("column {column} has more different texts than can take part: set its role to ignore")]
    NotAFeature { column: String },
    #[error("nothing has been scored yet: press Find anomalies first")]
    NoScores,
    #[error("no model has been trained yet: press Train first")]
    NoModel,
    #[error(
        "no row of {class} was held out of training, so no line can be set by such rows: train again with some held out"
    )]
    NoneHeldOut { class: String },
    #[error(
        "the model is judged in folds, so its line cannot be set by rows held out and nothing in it can be muted: choose another split"
    )]
    Folded,
    #[error(
        "{n_classes} classes need {n_classes} × {n_classes} costs of 0 or more, and these are {found}"
    )]
    NotCosts { n_classes: u32, found: u32 },
    #[error("there is no component {component}: a map has two, 0 and 1")]
    NoSuchComponent { component: u32 },
    #[error("there is no row {row}: the table has {n_rows}")]
    NoSuchRow { row: u32, n_rows: u32 },
    #[error("there is no column {column}: the table has {n_columns}")]
    NoSuchColumn { column: u32, n_columns: u32 },
    #[error("column {column} holds no value written like {text:?}: write it as the file does")]
    NotComparable { column: String, text: String },
    #[error(
        "column {column} has {n_distinct} different values, and no more than {limit} can be told one by one: choose a column with fewer, or filter the rows for the value you look for"
    )]
    TooManyValues { column: String, n_distinct: u32, limit: u32 },
    #[error("no row passes the filters: loosen them, or choose other rows")]
    NothingSelected,
    #[error("no row's {column} {test}: choose other rows to grow on")]
    NoSuchRows { column: String, test: String },
    #[error("every row passes the filters: there is no other row to compare them with")]
    NothingToCompare,
    #[error("a worker stopped ({reason}); it was started afresh, please repeat the last step")]
    WorkerDied { reason: String },
}
