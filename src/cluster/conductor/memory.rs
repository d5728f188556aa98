//! How much memory a table will take, before it is read.

use super::super::JobError;
use crate::engine::{
    table::{
        builder::Built,
        dictionary::MOST_CODES,
        missing::Missing,
        reader::{RangeReader, ReadPlan},
        value::{Kinds, read},
    },
    text::{records::Literal, sniff::Layout},
};

/// Bytes of scores, ranks, sort keys and paths in half-forests per row, in shards, conductor and page
/// together.
const SCORES: f64 = 88.0;
/// Bytes that a distinct text takes beside itself while it is read: its end, and its place in a
/// table that is at most half full.
const PER_TEXT: f64 = 4.0 + 3.0 * 16.0;
/// Bytes that every worker takes before it holds a row, buffers included.
const PER_WORKER: f64 = 16e6;
/// The places of rows: 16 bytes for each 64 of them.
const MARKS: f64 = 0.25;

/// What a table is expected to take.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Estimate {
    /// Rows.
    n_rows: f64,
    /// Bytes of memory at the worst moment, in all workers and the page, scores included.
    n_bytes: f64,
}

impl Estimate {
    /// Expects of a file what its beginning promises; `sample` are its first bytes.
    ///
    /// How many distinct texts a column will have is extrapolated by Heaps' law, with the share of
    /// texts seen once among all distinct ones as its exponent.
    fn of(sample: &[u8], layout: &Layout, file_length: u64, n_shards: u32) -> Self {
        let columns = columns(sample, layout);
        let n_seen = columns.first().map_or(0, |column| column.n_rows).max(1) as f64;
        let n_bytes = file_length.saturating_sub(layout.first_row as u64) as f64;
        let n_rows = (n_bytes / layout.record_length.max(1) as f64).max(n_seen);
        let n_shards = f64::from(n_shards);
        let (mut reading, mut standing, mut largest) = (0.0, 0.0, 0.0_f64);
        for column in &columns {
            let in_shard = column.n_distinct((n_rows / n_shards).max(n_seen));
            let in_all = column.n_distinct(n_rows);
            let is_kept_as_numbers = column.is_plain && in_shard > MOST_CODES as f64;
            let texts = in_shard * (column.text_length + PER_TEXT) * n_shards;
            // The texts once more, on their way to the conductor and in its dictionaries.
            let read = if is_kept_as_numbers {
                8.0 * n_rows + 12.0 * in_all
            } else {
                width(in_shard) * n_rows + texts + in_all * (2.0 * column.text_length + 32.0)
            };
            let stands = match in_all <= MOST_CODES as f64 {
                true => width(in_all) * n_rows,
                false if column.is_plain => 10.0 * n_rows,
                false => 0.0,
            };
            reading += read;
            standing += stands;
            largest = largest.max(stands);
        }
        // A column gets its codes beside what was read of it; then what was read of it is dropped.
        let table = reading.max(standing) + largest;
        let scored = standing + SCORES * n_rows;
        let n_bytes = table.max(scored) + MARKS * n_rows + PER_WORKER * (n_shards + 1.0);
        Self { n_rows, n_bytes }
    }
}

/// Bytes of a code.
fn width(n_codes: f64) -> f64 {
    match n_codes {
        n if n < 256.0 => 1.0,
        n if n < 65_536.0 => 2.0,
        _ => 4.0,
    }
}

/// Refuses a file that will not fit, with the share of its rows that will.
#[inline(never)]
pub(super) fn fits(
    sample: &[u8],
    layout: &Layout,
    file_length: u64,
    n_shards: u32,
    room: u64,
) -> Result<(), JobError> {
    // A small file fits everywhere, and is not worth a look.
    if file_length < room / 64 {
        return Ok(());
    }
    let Estimate { n_rows, n_bytes } = Estimate::of(sample, layout, file_length, n_shards);
    if n_bytes <= room as f64 {
        return Ok(());
    }
    let fixed = PER_WORKER * (f64::from(n_shards) + 1.0);
    let share = 0.9 * (room as f64 - fixed).max(0.0) / (n_bytes - fixed).max(1.0);
    // A round share: a tenth of it is nothing that anybody would miss.
    let per_mille = match (share * 1_000.0) as u16 {
        n if n >= 100 => n / 50 * 50,
        n if n >= 10 => n / 5 * 5,
        n => n.max(1),
    };
    let (n_rows, needed) = (n_rows as u64, n_bytes as u64);
    Err(JobError::TooLarge { n_rows, needed, room, per_mille })
}

/// What a column looks like at the file's beginning.
struct Column {
    n_rows: usize,
    n_texts: f64,
    n_once: f64,
    text_length: f64,
    is_plain: bool,
}

impl Column {
    fn of(built: &Built) -> Self {
        let Built::Texts(texts, codes) = built else {
            // A sample that holds so many numbers says what to expect of the rest.
            let Built::Numbers(numbers) = built else { unreachable!("a column is one of two") };
            let n_rows = numbers.values.len();
            let n = n_rows as f64;
            return Self { n_rows, n_texts: n, n_once: n, text_length: 8.0, is_plain: true };
        };
        let mut kinds = Kinds::default();
        let mut n_bytes = 0;
        for text in texts.iter() {
            kinds.see(text, read(text, Missing::usual()));
            n_bytes += text.len();
        }
        let n_once = codes.counts(texts.len()).iter().filter(|&&count| count == 1).count();
        Self {
            n_rows: codes.len(),
            n_texts: texts.len() as f64,
            n_once: n_once as f64,
            text_length: n_bytes as f64 / texts.len().max(1) as f64,
            is_plain: kinds.is_plain(),
        }
    }

    /// How many distinct texts `n_rows` rows will hold.
    fn n_distinct(&self, n_rows: f64) -> f64 {
        let growth = self.n_once / self.n_texts.max(1.0);
        let times = (n_rows / self.n_rows.max(1) as f64).max(1.0);
        (self.n_texts * libm::pow(times, growth)).min(n_rows)
    }
}

fn columns(sample: &[u8], layout: &Layout) -> Vec<Column> {
    let text = &sample[layout.first_row.min(sample.len())..];
    let n_bytes = text.len() as u64;
    let plan = ReadPlan {
        rules: layout.rules.clone(),
        range: 0..n_bytes,
        file_length: n_bytes,
        literal: Literal::NOWHERE,
        text_columns: Vec::new(),
        missing: Missing::default(),
        share: None,
        patience: 0,
        piece: n_bytes.max(1),
        n_rows: 0,
    };
    let mut reader = RangeReader::columns(plan);
    while let Some(range) = reader.wants() {
        let bytes = &text[range.start as usize..range.end as usize];
        reader.feed(bytes.len(), |there| there.copy_from_slice(bytes));
    }
    reader.finish().columns.iter().map(Column::of).collect()
}
