//! A column while its file is being read.

use super::{
    Codes,
    missing::Missing,
    value::{Kinds, Value, read},
};
use crate::text::{
    Dialect,
    records::{Cell, PADDING, Padded, unquoted},
    runs::Run,
};

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
    numbers: Option<Numbers>,
    missing: Missing,
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
    /// Rows of words that mean no value.
    pub worded_rows: Vec<u32>,
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
    /// A column that expects `n_rows`, in which some words mean no value; `must_be_text` where it
    /// is known that it cannot be kept as numbers.
    pub fn new(n_rows: usize, missing: Missing, must_be_text: bool) -> Self {
        let mut codes = Codes::default();
        codes.reserve(n_rows);
        let texts = Texts::default();
        Self { texts, codes, numbers: None, missing, must_be_text }
    }

    /// Adds a cell as the next row's value.
    pub fn push(&mut self, text: Padded<'_>, cell: Cell, dialect: &Dialect) {
        if cell.has_doubled {
            let mut scratch = Vec::new();
            self.push_text(unquoted(text, cell, dialect, &mut scratch));
        } else if let Some(numbers) = &mut self.numbers {
            numbers.push(&text.text()[cell.range()], &self.missing);
        } else {
            let code = self.texts.code(text, cell.start as usize, cell.end as usize);
            self.codes.push(code);
            self.reconsider();
        }
    }

    /// Adds a row whose text is not in the buffer: unquoted, or absent.
    pub fn push_text(&mut self, text: &[u8]) {
        let padded = [text, &[0; PADDING]].concat();
        let cell = Cell { start: 0, end: text.len() as u32, has_doubled: false };
        self.push(Padded::new(&padded, text.len()), cell, &Dialect::default());
    }

    /// Adds the cells of a run's `column`, using `codes` for a while.
    // Never inlined: engines compile well what is called often.
    #[inline(never)]
    pub fn push_run(
        &mut self,
        run: &Run<'_>,
        column: usize,
        dialect: &Dialect,
        codes: &mut Vec<u32>,
    ) {
        let text = run.text();
        let mut scratch = Vec::new();
        if let Some(numbers) = &mut self.numbers {
            run.column(column, |start, end, has_doubled| {
                let cell = Cell { start: start as u32, end: end as u32, has_doubled };
                numbers.push(unquoted(text, cell, dialect, &mut scratch), &self.missing);
            });
            return;
        }
        codes.resize(run.n_rows(), 0);
        let mut slots = codes.iter_mut();
        // The key and code of the row before: in logs, most often the next one too.
        let (mut last_key, mut last_code) = (NO_KEY, 0);
        let texts = &mut self.texts;
        run.column(column, |start, end, has_doubled| {
            let Some(slot) = slots.next() else { return };
            let key = short_key(text, start, end);
            if key != last_key || key == NO_KEY {
                last_key = key;
                last_code = if has_doubled {
                    let cell = Cell { start: start as u32, end: end as u32, has_doubled };
                    last_key = NO_KEY;
                    texts.code_of(unquoted(text, cell, dialect, &mut scratch))
                } else {
                    texts.code(text, start, end)
                };
            }
            *slot = last_code;
        });
        self.codes.extend(codes);
        self.reconsider();
    }

    /// Gives up texts where they are too many.
    fn reconsider(&mut self) {
        if self.texts.len() > MOST_TEXTS && !self.must_be_text {
            self.become_numbers();
        }
    }

    /// Gives up the texts, if all of them are numbers or ISO times.
    #[cold]
    fn become_numbers(&mut self) {
        let mut kinds = Kinds::default();
        let values: Vec<Value> = self.texts.iter().map(|text| read(text, &self.missing)).collect();
        for (text, &value) in self.texts.iter().zip(&values) {
            kinds.see(text, value);
        }
        if !kinds.is_plain() {
            self.must_be_text = true;
            return;
        }
        let is_word: Vec<bool> =
            self.texts.iter().map(|text| !text.trim_ascii().is_empty()).collect();
        let mut numbers = Numbers { kinds, ..Numbers::default() };
        numbers.values.reserve(self.codes.len() * 2);
        self.codes.for_each(|code| {
            let value = values[code as usize];
            let row = numbers.values.len() as u32;
            match value {
                Value::Infinity => numbers.infinite_rows.push(row),
                Value::Missing if is_word[code as usize] => numbers.worded_rows.push(row),
                _ => {}
            }
            numbers.values.push(plain(value));
        });
        let missing = self.missing.clone();
        *self = Self { numbers: Some(numbers), ..Self::new(0, missing, false) };
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

impl Numbers {
    fn push(&mut self, text: &[u8], missing: &Missing) {
        let value = read(text, missing);
        self.kinds.see(text, value);
        let row = self.values.len() as u32;
        match value {
            Value::Infinity => self.infinite_rows.push(row),
            Value::Missing if !text.trim_ascii().is_empty() => self.worded_rows.push(row),
            _ => {}
        }
        self.values.push(plain(value));
    }
}

fn plain(value: Value) -> f64 {
    match value {
        Value::Integer(value) | Value::Decimal(value) | Value::Time(value, _) => value,
        _ => f64::NAN,
    }
}

/// The key of a text of up to seven bytes: the text itself, and its length. [`NO_KEY`] for others.
#[inline]
fn short_key(text: Padded<'_>, start: usize, end: usize) -> u64 {
    let n = end - start;
    if n > INLINE {
        return NO_KEY;
    }
    text.word(start) & !(u64::MAX << (8 * n)) | (n as u64) << 56
}

/// Mixes a long text into a key whose top byte no short text's has.
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

    /// The code of a text in a buffer.
    #[inline]
    fn code(&mut self, text: Padded<'_>, start: usize, end: usize) -> u32 {
        let key = match short_key(text, start, end) {
            NO_KEY => hash(text, start, end),
            key => key,
        };
        self.code_by(key, &text.text()[start..end])
    }

    /// The code of a text.
    fn code_of(&mut self, text: &[u8]) -> u32 {
        let padded = [text, &[0; PADDING]].concat();
        self.code(Padded::new(&padded, text.len()), 0, text.len())
    }

    #[inline]
    fn code_by(&mut self, key: u64, text: &[u8]) -> u32 {
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
        let mut column = ColumnBuilder::new(texts.len(), Missing::default(), false);
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
