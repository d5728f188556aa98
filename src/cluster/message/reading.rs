//! Of a file that is read: ranges to rows, values to codes.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::super::bulk::Bulk;
use crate::engine::{
    table::{
        missing::Missing,
        reader::{Ending, ReadPlan, Tail},
        share::RowShare,
        value::Kinds,
    },
    text::{Notice, Rules, records::Literal},
};

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
    pub(in crate::cluster) fn plan(self) -> ReadPlan {
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
        /// Code of each text of the shard's [`Answer::Counted`](super::Answer::Counted).
        map: Bulk<u16>,
        /// How many codes there are.
        n_codes: u16,
    },
    /// It has no codes: too many texts.
    None,
}
