//! A column while its file is being read.

use super::{Codes, value::Kinds, value::Value, value::read};
use crate::engine::text::records::Padded;

/// Distinct texts a column of numbers may have before it is kept as numbers.
const MOST_TEXTS: usize = 1 << 16;
/// Texts of up to seven bytes are their own key; the eighth byte is their length.
const INLINE: usize = 7;
/// The key of no short text.
const NO_KEY: u64 = u64::MAX;

/// One column of one shard while its range is being read.
///
/// A cell becomes the code of its text: equal texts, equal codes, in order of first sight. So a
/// number is parsed once for every text and not for every row, and `007` stays `007`. A column of
/// numbers or ISO times with more than 65,536 texts is kept as `f64` from then on.
#[derive(Debug, Clone)]
pub struct ColumnBuilder {
    texts: Texts,
    codes: Codes,
    /// The key and code of the row before: in logs, most often the next one too. [`NO_KEY`] where
    /// that cannot be used.
    last: (u64, u32),
    numbers: Option<Numbers>,
    must_be_text: bool,
}

/// A column kept as numbers, and what was seen in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Numbers {
    /// NaN where there is none.
    pub values: Vec<f64>,
    /// The kinds of values.
    pub kinds: Kinds,
    /// Rows of infinities.
    pub infinite_rows: Vec<u32>,
}

/// What a column of a shard came to.
#[derive(Debug, Clone)]
pub enum Built {
    /// Codes of texts.
    Texts(Texts, Codes),
    /// Numbers. If `kinds` is not plain, the column must be read again as text.
    Numbers(Numbers),
}

impl ColumnBuilder {
    /// A column that expects `n_rows`; `must_be_text` where a conflict of kinds is known.
    pub fn new(n_rows: usize, must_be_text: bool) -> Self {
        let mut codes = Codes::default();
        codes.reserve(n_rows);
        let texts = Texts::default();
        Self { texts, codes, last: (NO_KEY, 0), numbers: None, must_be_text }
    }

    /// Adds the text from `start` to `end` as the next row's value.
    // A call for each of twenty million cells would cost as much as what it does.
    #[expect(clippy::inline_always, reason = "measured: it makes reading a quarter faster in wasm")]
    #[inline(always)]
    pub fn push(&mut self, text: Padded<'_>, start: usize, end: usize) {
        let n = end - start;
        if n <= INLINE {
            let key = text.word(start) & !(u64::MAX << (8 * n)) | (n as u64) << 56;
            if key == self.last.0 {
                self.codes.push(self.last.1);
            } else {
                self.push_new(text, start, end, key);
            }
        } else {
            self.push_new(text, start, end, NO_KEY);
        }
    }

    /// Adds a text that is not the one of the row before.
    #[inline(never)]
    fn push_new(&mut self, text: Padded<'_>, start: usize, end: usize, key: u64) {
        if self.numbers.is_some() {
            return self.push_number(&text.text()[start..end]);
        }
        let hash = if key == NO_KEY { hash(text, start, end) } else { key };
        let code = self.texts.code(hash, &text.text()[start..end]);
        self.last = (key, code);
        self.codes.push(code);
        if self.texts.len() > MOST_TEXTS && !self.must_be_text {
            self.become_numbers();
        }
    }

    /// Adds a row whose text is not in the buffer: unquoted, or absent.
    pub fn push_text(&mut self, text: &[u8]) {
        let padded = [text, &[0; crate::engine::text::records::PADDING]].concat();
        self.push(Padded::new(&padded, text.len()), 0, text.len());
    }

    fn push_number(&mut self, text: &[u8]) {
        let Some(numbers) = &mut self.numbers else { return };
        let value = read(text);
        numbers.kinds.see(value);
        if value == Value::Infinity {
            numbers.infinite_rows.push(numbers.values.len() as u32);
        }
        numbers.values.push(plain(value));
    }

    /// Gives up the texts, if all of them are numbers or ISO times.
    #[cold]
    fn become_numbers(&mut self) {
        let mut kinds = Kinds::default();
        let values: Vec<Value> = self.texts.iter().map(read).collect();
        for &value in &values {
            kinds.see(value);
        }
        if !kinds.is_plain() {
            self.must_be_text = true;
            return;
        }
        let mut numbers = Numbers { kinds, ..Numbers::default() };
        numbers.values.reserve(self.codes.len() * 2);
        self.codes.for_each(|code| {
            let value = values[code as usize];
            if value == Value::Infinity {
                numbers.infinite_rows.push(numbers.values.len() as u32);
            }
            numbers.values.push(plain(value));
        });
        *self = Self { numbers: Some(numbers), ..Self::new(0, false) };
    }

    /// The column as read.
    pub fn build(self) -> Built {
        match self.numbers {
            Some(mut numbers) => {
                numbers.values.shrink_to_fit();
                Built::Numbers(numbers)
            }
            None => Built::Texts(self.texts, self.codes),
        }
    }
}

fn plain(value: Value) -> f64 {
    match value {
        Value::Integer(value) | Value::Decimal(value) | Value::Time(value, _) => value,
        _ => f64::NAN,
    }
}

/// Mixes a long text into a key whose top byte no inline key has.
fn hash(text: Padded<'_>, start: usize, end: usize) -> u64 {
    const K: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut hash = (end - start) as u64;
    let mut at = start;
    while at + 8 <= end {
        hash = (hash.rotate_left(23) ^ text.word(at)).wrapping_mul(K);
        at += 8;
    }
    let mask = (1_u64 << (8 * (end - at))).wrapping_sub(1);
    hash = (hash.rotate_left(23) ^ text.word(at) & mask).wrapping_mul(K);
    (hash ^ hash >> 29) | 0xFF << 56
}

/// Distinct texts in order of first sight, and their codes.
#[derive(Debug, Clone)]
pub struct Texts {
    bytes: Vec<u8>,
    ends: Vec<u32>,
    /// Open addressing: `(key, code + 1)`, 0 where free.
    slots: Vec<(u64, u32)>,
}

impl Default for Texts {
    fn default() -> Self {
        Self { bytes: Vec::new(), ends: Vec::new(), slots: vec![(0, 0); 16] }
    }
}

impl Texts {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text of `code`.
    pub fn get(&self, code: usize) -> &[u8] {
        let start = if code == 0 { 0 } else { self.ends[code - 1] as usize };
        &self.bytes[start..self.ends[code] as usize]
    }

    /// All texts, by code.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|code| self.get(code))
    }

    /// All bytes, and where each text ends.
    pub fn into_parts(self) -> (Vec<u8>, Vec<u32>) {
        (self.bytes, self.ends)
    }

    #[inline]
    fn code(&mut self, key: u64, text: &[u8]) -> u32 {
        let mask = self.slots.len() - 1;
        let mut slot = place(key) & mask;
        loop {
            let (there, code) = self.slots[slot];
            if code == 0 {
                return self.insert(key, text);
            }
            if there == key && (text.len() <= INLINE || self.get(code as usize - 1) == text) {
                return code - 1;
            }
            slot = (slot + 1) & mask;
        }
    }

    #[cold]
    fn insert(&mut self, key: u64, text: &[u8]) -> u32 {
        if self.ends.len() * 2 >= self.slots.len() {
            let old = std::mem::take(&mut self.slots);
            self.slots = vec![(0, 0); old.len() * 2];
            for (key, code) in old {
                if code != 0 {
                    self.settle(key, code);
                }
            }
        }
        self.bytes.extend_from_slice(text);
        self.ends.push(u32::try_from(self.bytes.len()).expect("a shard's text fits its memory"));
        let code = self.ends.len() as u32;
        self.settle(key, code);
        code - 1
    }

    fn settle(&mut self, key: u64, code: u32) {
        let mask = self.slots.len() - 1;
        let mut slot = place(key) & mask;
        while self.slots[slot].1 != 0 {
            slot = (slot + 1) & mask;
        }
        self.slots[slot] = (key, code);
    }
}

/// Fibonacci hashing; 32 bits are enough for any table and the same on every machine.
fn place(key: u64) -> usize {
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32 as usize
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn built(texts: &[Vec<u8>]) -> Built {
        let mut column = ColumnBuilder::new(texts.len(), false);
        for text in texts {
            column.push_text(text);
        }
        column.build()
    }

    proptest! {
        #[test]
        fn every_text_comes_back(texts in prop::collection::vec(prop::collection::vec(0..3_u8, 0..12), 0..400)) {
            let Built::Texts(distinct, codes) = built(&texts) else { panic!("few texts stay texts") };
            let back: Vec<Vec<u8>> =
                (0..texts.len()).map(|row| distinct.get(codes.get(row) as usize).to_vec()).collect();
            prop_assert_eq!(back, texts);
        }
    }

    #[test]
    fn many_numbers_are_kept_as_numbers_and_many_texts_as_texts() {
        let numbers: Vec<Vec<u8>> = (0..70_000).map(|i| format!("{i}.25").into_bytes()).collect();
        let Built::Numbers(column) = built(&numbers) else { panic!("plain numbers") };
        assert_eq!(column.values.len(), 70_000);
        assert_eq!(column.values[69_999], 69_999.25);
        assert!(column.kinds.is_plain());
        let texts: Vec<Vec<u8>> = (0..70_000).map(|i| format!("x{i}").into_bytes()).collect();
        let Built::Texts(distinct, codes) = built(&texts) else { panic!("texts") };
        assert_eq!(distinct.len(), 70_000);
        assert_eq!(distinct.get(codes.get(69_999) as usize), b"x69999");
    }

    #[test]
    fn a_late_text_among_many_numbers_is_told() {
        let mut texts: Vec<Vec<u8>> = (0..70_000).map(|i| i.to_string().into_bytes()).collect();
        texts.push(b"late".to_vec());
        let Built::Numbers(column) = built(&texts) else { panic!("numbers") };
        assert!(!column.kinds.is_plain());
    }
}
