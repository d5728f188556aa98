//! What is known of a table: its columns' types, roles and distributions.

use serde::{Deserialize, Serialize};

use super::{
    format::Reading,
    schema::{Help, KnownValue},
    share::RowShare,
};
use crate::text::{Dialect, Evidence, Notice};

/// What a column holds, decided on the whole file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "plain words, and the contract's `data-type`")]
pub enum ColumnType {
    Integer,
    Decimal,
    Boolean,
    Time,
    /// IP addresses, kept as text.
    Address,
    Text,
    /// Not one value in the whole file.
    Empty,
}

impl ColumnType {
    /// Whether values have an order and a distance: numbers and times.
    pub fn is_ordered(self) -> bool {
        matches!(self, Self::Integer | Self::Decimal | Self::Time)
    }
}

/// What a column is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the words of the contract's `data-role`")]
pub enum Role {
    Feature,
    Label,
    Time,
    Entity,
    Id,
    Ignore,
}

/// Why a column was given its role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RoleReason {
    /// Nothing speaks against it.
    Varies,
    /// Every row has the same value.
    Constant,
    /// No row has a value.
    Empty,
    /// It counts the rows: each value is the one before plus one.
    RowNumber,
    /// Nearly every row has a value of its own.
    Unique,
    /// It is text with more different values than there can be codes.
    TooManyTexts,
    /// It is named like an identifier, and nearly every row has a value of its own.
    NamedId,
    /// It is named like a class label.
    NamedLabel,
    /// A known schema says so; the sentence tells why.
    Schema(String),
    /// Its values are points in time.
    Clock,
    /// Its values are addresses of machines.
    Addresses,
    /// The same values, row by row, as the earlier column named.
    Copy(u32),
    /// It says from which of several files a row is.
    File,
    /// Only files that a model is applied to have it, and not the rows that it learns from.
    Elsewhere,
}

/// A known tool's table, or a data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "names of data sets")]
pub enum KnownSchema {
    NslKdd,
    Kdd99,
    CicFlowMeter,
    UnswNb15,
    Zeek,
    SuricataEve,
    Nfdump,
    Wireshark,
}

/// A bar of a histogram: values from `low` to `high` (the last bar's `high` included).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "said above")]
pub struct Bin {
    pub low: f64,
    pub high: f64,
    pub count: u32,
}

/// A text and how many rows have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "said above")]
pub struct Frequency {
    pub text: String,
    pub count: u32,
}

/// How a column's values are spread.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Values {
    /// Numbers, or times as seconds since 1970-01-01 UTC.
    Ordered {
        /// Smallest value.
        min: f64,
        /// Lower quartile.
        lower: f64,
        /// Median.
        median: f64,
        /// Upper quartile.
        upper: f64,
        /// Largest value.
        max: f64,
        /// At most 24 bars of equal width on `log_bins`' scale.
        bins: Vec<Bin>,
        /// Whether the bars are equally wide on a logarithmic scale: `sign(v)·log10(1 + |v|)`.
        log_bins: bool,
    },
    /// Text and booleans: the most common values, most common first, at most 24.
    Unordered {
        /// Value and count.
        top: Vec<Frequency>,
    },
}

/// One column of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnProfile {
    /// Its name, unique in the table.
    pub name: String,
    /// What it holds.
    pub kind: ColumnType,
    /// What it is used for, unless a person says otherwise.
    pub role: Role,
    /// Why.
    pub reason: RoleReason,
    /// Rows without a value (infinities of numeric columns among them).
    pub n_missing: u32,
    /// Different values, missing not counted.
    pub n_distinct: u32,
    /// How they are spread; `None` where there is none.
    pub values: Option<Values>,
    /// Whether ranks in between are quantiles, as there are more values than codes.
    pub quantile_codes: bool,
    /// How its texts are read, and what settled it.
    pub reading: Reading,
    /// What it means, where the schema is known.
    pub help: Option<Help>,
    /// Its values' names and families, where it is the label of a known data set.
    pub known_values: Vec<KnownValue>,
}

/// What is known of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// The file's size.
    pub n_bytes: u64,
    /// Rows, header not counted: those that were loaded.
    pub n_rows: u32,
    /// Where only a share of the rows was loaded: which, and how many rows the file has.
    pub sample: Option<(RowShare, u64)>,
    /// Its columns, in the file's order.
    pub columns: Vec<ColumnProfile>,
    /// How it was read.
    pub dialect: Dialect,
    /// Why it was found to be so.
    pub evidence: Vec<Evidence>,
    /// A schema recognised by its names or its shape.
    pub schema: Option<KnownSchema>,
    /// What speaks for it, as half a sentence.
    pub schema_evidence: String,
    /// Words that mean no value, beside the empty text.
    pub missing: Vec<String>,
    /// What was repaired, skipped or guessed, by kind and column.
    pub notices: Vec<Notice>,
}
