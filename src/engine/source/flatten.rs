//! JSON to comma separated lines: one object, one row.
//!
//! * `{"flow": {"bytes": 7}}` has a column `flow.bytes`. Columns come in the order of first sight.
//! * Strings are cells as they stand for, numbers and words as they are written. Arrays, and objects
//!   nested too deep for a name, are kept as JSON text; `null` is the word, a key that is not there
//!   an empty cell: both read as missing.
//! * Of columns there is an end: what more keys hold is kept as JSON text in the last one.
//! * A key that comes twice gets a column of its own for the second time.
//! * What is no object is counted, and left out.
//!
//! The header can only be known at the end: it comes from [`Flatten::finish`], to be put before.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::json::{Broken, Tokens, unescape, write_string};
use crate::{
    table::reader::LONGEST_RECORD,
    text::{Notice, NoticeKind},
};

/// Levels of objects that become names.
const DEEPEST: usize = 16;
/// Columns, the one for everything else not counted.
const MOST_COLUMNS: usize = 2_000;
/// The column for everything else.
const MORE: &[u8] = b"(more)";
const NONE: usize = usize::MAX;

/// How objects follow one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Objects {
    /// One per line; a broken one spoils its line and no more.
    Lines,
    /// In an array, or one after the other over any number of lines.
    Sequence,
}

/// How the text begins, if it is JSON that holds objects.
///
/// # Examples
///
/// ```
/// use isoscope_engine::source::flatten::{Objects, objects};
///
/// assert_eq!(objects(b"{\"a\": 1}\n{\"a\""), Some(Objects::Lines));
/// assert_eq!(objects(b"[\n {\"a\": 1},"), Some(Objects::Sequence));
/// assert_eq!(objects(b"[2026-11-21] started, ok\n"), None);
/// ```
pub fn objects(head: &[u8]) -> Option<Objects> {
    let mut tokens = Tokens::new(head);
    if tokens.take(b'[') {
        return (tokens.peek() == Some(b'{') && begins_object(tokens)).then_some(Objects::Sequence);
    }
    if tokens.peek() != Some(b'{') || !begins_object(tokens) {
        return None;
    }
    let head = head.trim_ascii_start();
    let line = &head[..memchr::memchr(b'\n', head).unwrap_or(head.len())];
    let is_whole = line.len() == head.len() || Tokens::new(line).value().is_ok();
    Some(if is_whole { Objects::Lines } else { Objects::Sequence })
}

/// Whether an object begins here: a brace and a key, or nothing.
fn begins_object(mut tokens: Tokens<'_>) -> bool {
    tokens.take(b'{') && (tokens.take(b'}') || tokens.key().is_ok())
}

/// A text is not flattened any further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LongObject {
    /// The line it begins on, from 1.
    pub line: u64,
}

/// What a flattened text came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flattened {
    /// The line that belongs before all others.
    pub header: Vec<u8>,
    /// How many objects there were.
    pub n_objects: u64,
    /// What was left out or parted; lines are those of the JSON text.
    pub notices: Vec<Notice>,
}

/// Turns objects into lines, piece by piece.
#[derive(Debug)]
pub struct Flatten {
    splitter: Splitter,
    rows: Rows,
}

impl Flatten {
    /// Begins at the beginning of a text.
    pub fn new(objects: Objects) -> Self {
        Self { splitter: Splitter::new(objects), rows: Rows::default() }
    }

    /// Takes the next bytes and puts the rows they complete behind `out`.
    ///
    /// # Errors
    ///
    /// [`LongObject`], if one is longer than any row may be.
    pub fn feed(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), LongObject> {
        let rows = &mut self.rows;
        self.splitter.feed(bytes, |text, line| rows.take(text, line, out))
    }

    /// Ends the text.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Flattened {
        let rows = &mut self.rows;
        self.splitter.finish(|text, line| rows.take(text, line, out));
        self.rows.finish()
    }
}

/// Parts a text into the values at its top.
#[derive(Debug)]
struct Splitter {
    objects: Objects,
    /// What is there of a value that is not complete yet, and the line it begins on.
    rest: Vec<u8>,
    line: u64,
    n_lines: u64,
    /// Where a sequence is.
    place: Place,
    has_begun: bool,
}

/// Where in a sequence of values one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Between,
    /// Inside this many brackets; in a scalar, none.
    Inside(u32),
    InString(u32),
    /// Behind a backslash.
    Escaped(u32),
    /// The value ended with the byte before, or with this one.
    EndedBefore,
    EndedHere,
}

impl Place {
    /// Where one is behind a byte of a value.
    fn after(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::InString(depth), b'\\') => Self::Escaped(depth),
            (Self::InString(depth), b'"') => Self::Inside(depth),
            (Self::Escaped(depth), _) | (Self::Inside(depth), b'"') => Self::InString(depth),
            (Self::Inside(depth), b'{' | b'[') => Self::Inside(depth + 1),
            (Self::Inside(depth @ 2..), b'}' | b']') => Self::Inside(depth - 1),
            (Self::Inside(1), b'}' | b']') => Self::EndedHere,
            (Self::Inside(0), b',' | b']' | b'\n') => Self::EndedBefore,
            (place, _) => place,
        }
    }
}

impl Splitter {
    fn new(objects: Objects) -> Self {
        let (rest, place) = (Vec::new(), Place::Between);
        Self { objects, rest, line: 1, n_lines: 0, place, has_begun: false }
    }

    fn feed(&mut self, bytes: &[u8], mut take: impl FnMut(&[u8], u64)) -> Result<(), LongObject> {
        match self.objects {
            Objects::Lines => {
                let mut start = 0;
                for end in memchr::memchr_iter(b'\n', bytes) {
                    self.hand_over(&bytes[start..end], &mut take);
                    self.line += 1;
                    start = end + 1;
                }
                self.rest.extend(&bytes[start..]);
            }
            Objects::Sequence => self.feed_sequence(bytes, &mut take),
        }
        if self.rest.len() as u64 > LONGEST_RECORD {
            return Err(LongObject { line: self.line });
        }
        Ok(())
    }

    fn feed_sequence(&mut self, bytes: &[u8], take: &mut impl FnMut(&[u8], u64)) {
        let mut start = 0;
        for (at, &byte) in bytes.iter().enumerate() {
            if self.place == Place::Between {
                let is_white = byte.is_ascii_whitespace();
                let is_around = byte == b'[' && !self.has_begun;
                self.has_begun |= !is_white;
                if !is_white && !is_around && !b",]".contains(&byte) {
                    (self.place, self.line, start) = (Place::Inside(0), self.n_lines + 1, at);
                }
            }
            if self.place != Place::Between {
                self.place = self.place.after(byte);
                let end = match self.place {
                    Place::EndedBefore => Some(at),
                    Place::EndedHere => Some(at + 1),
                    _ => None,
                };
                if let Some(end) = end {
                    self.hand_over(&bytes[start..end], take);
                    self.place = Place::Between;
                }
            }
            self.n_lines += u64::from(byte == b'\n');
        }
        if self.place != Place::Between {
            self.rest.extend(&bytes[start..]);
        }
    }

    fn hand_over(&mut self, bytes: &[u8], take: &mut impl FnMut(&[u8], u64)) {
        if self.rest.is_empty() {
            take(bytes, self.line);
        } else {
            self.rest.extend(bytes);
            take(&self.rest, self.line);
            self.rest.clear();
        }
    }

    fn finish(&mut self, mut take: impl FnMut(&[u8], u64)) {
        take(&std::mem::take(&mut self.rest), self.line);
    }
}

/// Objects to rows under columns that grow in number.
#[derive(Debug, Default)]
struct Rows {
    names: Vec<Vec<u8>>,
    columns: HashMap<Vec<u8>, usize>,
    /// The row at hand: the columns it has a cell in, each cell's place among `text`, and what goes
    /// into the column for everything else.
    filled: Vec<usize>,
    cells: Vec<Option<(usize, usize)>>,
    text: Vec<u8>,
    more: Vec<u8>,
    has_more: bool,
    n_objects: u64,
    broken: Count,
    doubled: Count,
    surplus: Count,
}

/// How often something happened, and where first.
#[derive(Debug, Default)]
struct Count {
    n: u64,
    lines: Vec<u64>,
}

impl Count {
    fn add(&mut self, line: u64) {
        self.n += 1;
        if self.lines.len() < Notice::SHOWN && self.lines.last() != Some(&line) {
            self.lines.push(line);
        }
    }
}

impl Rows {
    /// Takes what stands at the top of a text: values, or blanks.
    fn take(&mut self, text: &[u8], line: u64, out: &mut Vec<u8>) {
        let mut tokens = Tokens::new(text);
        while tokens.peek().is_some() {
            if self.object(&mut tokens, line).is_err() {
                self.clear();
                return self.broken.add(line);
            }
            self.n_objects += 1;
            self.write(out);
            // Some write the comma of an array behind each line.
            tokens.take(b',');
        }
    }

    /// Takes an object into the row.
    fn object(&mut self, tokens: &mut Tokens<'_>, line: u64) -> Result<(), Broken> {
        tokens.expect(b'{')?;
        if tokens.take(b'}') {
            return Ok(());
        }
        let mut path = Vec::new();
        // How long the path is without the key at hand, by level.
        let mut levels = vec![0];
        loop {
            let key = tokens.key()?;
            let level = levels[levels.len() - 1];
            path.truncate(level);
            if level > 0 {
                path.push(b'.');
            }
            unescape(tokens.text(key), &mut path);
            if tokens.peek() == Some(b'{') && levels.len() < DEEPEST && !tokens.is_empty_object() {
                tokens.expect(b'{')?;
                levels.push(path.len());
                continue;
            }
            let value = tokens.value()?;
            self.put(&path, tokens.text(value), line);
            while !tokens.take(b',') {
                tokens.expect(b'}')?;
                levels.pop();
                if levels.is_empty() {
                    return Ok(());
                }
            }
        }
    }

    /// Puts a value into its column.
    fn put(&mut self, path: &[u8], value: &[u8], line: u64) {
        let mut column = self.column(path);
        let is_doubled = column != NONE && self.cells[column].is_some();
        if is_doubled {
            self.doubled.add(line);
            let mut n = 2;
            while column != NONE && self.cells[column].is_some() {
                column = self.column(&[path, format!(" ({n})").as_bytes()].concat());
                n += 1;
            }
        }
        if column == NONE {
            self.surplus.add(line);
            self.more.push(if self.more.is_empty() { b'{' } else { b',' });
            write_string(path, &mut self.more);
            self.more.push(b':');
            self.more.extend(value);
            return;
        }
        let start = self.text.len();
        match value {
            [b'"', inner @ .., b'"'] => unescape(inner, &mut self.text),
            _ => self.text.extend(value),
        }
        self.cells[column] = Some((start, self.text.len()));
        self.filled.push(column);
    }

    /// The column of this name; [`NONE`] if it would be one too many.
    fn column(&mut self, path: &[u8]) -> usize {
        // Mostly keys come in the order they came in before.
        let next = self.filled.last().map_or(0, |&last| last + 1);
        if self.names.get(next).is_some_and(|name| name == path) {
            return next;
        }
        if let Some(&column) = self.columns.get(path) {
            return column;
        }
        if self.names.len() >= MOST_COLUMNS {
            return NONE;
        }
        let column = self.names.len();
        self.names.push(path.to_vec());
        self.cells.push(None);
        self.columns.insert(path.to_vec(), column);
        column
    }

    fn write(&mut self, out: &mut Vec<u8>) {
        let start = out.len();
        for (column, cell) in self.cells.iter().enumerate() {
            if column > 0 {
                out.push(b',');
            }
            if let &Some((start, end)) = cell {
                write_cell(&self.text[start..end], out);
            }
        }
        if !self.more.is_empty() {
            self.has_more = true;
            self.more.push(b'}');
            out.push(b',');
            write_cell(&self.more, out);
        }
        if out.len() == start {
            // An empty line is no row.
            out.extend(b"\"\"");
        }
        out.push(b'\n');
        self.clear();
    }

    fn clear(&mut self) {
        for column in self.filled.drain(..) {
            self.cells[column] = None;
        }
        self.text.clear();
        self.more.clear();
    }

    fn finish(self) -> Flattened {
        let mut header = Vec::new();
        let more = self.has_more.then(|| MORE.to_vec());
        for name in self.names.into_iter().chain(more) {
            if !header.is_empty() {
                header.push(b',');
            }
            write_cell(&name, &mut header);
        }
        header.push(b'\n');
        let notices = [
            (NoticeKind::BrokenJson, self.broken),
            (NoticeKind::RepeatedKey, self.doubled),
            (NoticeKind::SurplusKey, self.surplus),
        ];
        let notices = notices.into_iter().filter(|(_, count)| count.n > 0);
        Flattened {
            header,
            n_objects: self.n_objects,
            notices: notices
                .map(|(kind, Count { n, lines })| Notice {
                    count: n,
                    lines,
                    ..Notice::new(kind, None)
                })
                .collect(),
        }
    }
}

/// Writes a cell of comma separated lines: quoted where it holds what would part it, where it is
/// empty (a cell that is not there is empty without quotes), and where it begins with a sign that
/// could mean something to a reader of lines.
pub fn write_cell(cell: &[u8], out: &mut Vec<u8>) {
    let is_plain = |byte: u8| !matches!(byte, b',' | b'"' | b'\n' | b'\r');
    let may_begin = |byte: u8| !matches!(byte, b' ' | b'\t' | b'#' | b'\'');
    let is_bare = cell.first().is_some_and(|&first| may_begin(first))
        && cell.iter().all(|&byte| is_plain(byte));
    if is_bare {
        out.extend(cell);
        return;
    }
    out.push(b'"');
    for &byte in cell {
        out.extend(std::iter::repeat_n(byte, if byte == b'"' { 2 } else { 1 }));
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

    use super::*;
    use crate::text::{
        Dialect, Rules,
        records::{Extent, PADDING, Padded, Record, Sink, Skipped, tokenize, unquoted},
    };

    fn flattened(text: &[u8], cut: usize) -> (Vec<u8>, Flattened) {
        let mut flatten = Flatten::new(objects(text).unwrap_or(Objects::Lines));
        let mut out = Vec::new();
        text.chunks(cut).for_each(|piece| flatten.feed(piece, &mut out).expect("short objects"));
        let flattened = flatten.finish(&mut out);
        ([&flattened.header[..], &out].concat(), flattened)
    }

    fn text(json: &str) -> String {
        String::from_utf8(flattened(json.as_bytes(), 3).0).expect("UTF-8")
    }

    /// The cells of comma separated lines, as the reader of tables sees them.
    fn cells(csv: &[u8]) -> Vec<Vec<Vec<u8>>> {
        struct Cells(Vec<Vec<Vec<u8>>>);
        impl Sink for Cells {
            fn record(&mut self, text: Padded<'_>, record: Record<'_>) {
                let cell =
                    |cell: &_| unquoted(text, *cell, &Dialect::default(), &mut Vec::new()).to_vec();
                self.0.push(record.cells.iter().map(cell).collect());
            }
            fn skip(&mut self, _: Padded<'_>, skipped: Skipped) {
                panic!("{skipped:?}");
            }
        }
        let bytes = [csv, &[0; PADDING]].concat();
        let mut cells = Cells(Vec::new());
        tokenize(Padded::new(&bytes, csv.len()), &Rules::default(), Extent::WHOLE, &mut cells);
        cells.0
    }

    #[test]
    fn objects_become_columns_in_the_order_of_first_sight() {
        let eve = r#"{"ts":"2026-11-21T10:00:00","flow_id":2248183098234567,"flow":{"bytes":7,"state":"new"},"alert":{}}
{"flow":{"bytes":1.50e3},"tags":["a", "b"],"ts":null}
"#;
        assert_eq!(
            text(eve),
            "ts,flow_id,flow.bytes,flow.state,alert,tags\n\
             2026-11-21T10:00:00,2248183098234567,7,new,{}\n\
             null,,1.50e3,,,\"[\"\"a\"\", \"\"b\"\"]\"\n"
        );
    }

    #[test]
    fn arrays_and_objects_over_many_lines_are_sequences() {
        let expected = "a,b\n1,\n2,\"x,\ny\"\n";
        assert_eq!(
            text("[\n  {\"a\": 1},\n  {\"a\": 2, \"b\": \"x,\\ny\"}\n]\n"),
            expected.replace("1,\n", "1\n")
        );
        assert_eq!(
            text("{\n\"a\": 1}\n{\n\"a\": 2,\n\"b\": \"x,\\ny\"}"),
            expected.replace("1,\n", "1\n")
        );
    }

    #[test]
    fn what_is_no_object_is_counted_and_the_rest_loads() {
        let (csv, flattened) = flattened(b"{\"a\":1}\n{\"a\":\n[7]\n\nnot json\n{\"a\":2},\n", 5);
        assert_eq!(csv, b"a\n1\n2\n");
        assert_eq!(flattened.n_objects, 2);
        let [notice] = &flattened.notices[..] else { panic!("{flattened:?}") };
        assert_eq!((notice.kind, notice.count), (NoticeKind::BrokenJson, 3));
        assert_eq!(notice.lines, [2, 3, 5]);
        let (csv, flattened) =
            super::tests::flattened(b"[{\"a\":1},\n7,\n[{\"a\":3}],\n{\"a\":2}]", 2);
        assert_eq!(csv, b"a\n1\n2\n");
        assert_eq!(flattened.notices[0].lines, [2, 3]);
    }

    #[test]
    fn keys_that_meet_get_columns_of_their_own() {
        let (csv, flattened) = flattened(br#"{"a.b":1,"a":{"b":2},"a.b":3}"#, 100);
        assert_eq!(csv, b"a.b,a.b (2),a.b (3)\n1,2,3\n");
        assert_eq!(flattened.notices[0].kind, NoticeKind::RepeatedKey);
        assert_eq!(flattened.notices[0].count, 2);
    }

    #[test]
    fn depth_beyond_names_is_kept_as_text() {
        let deep = format!("{}1{}", "{\"k\":".repeat(1_000), "}".repeat(1_000));
        let (csv, _) = flattened(deep.as_bytes(), 64);
        let cells = cells(&csv);
        assert_eq!(cells[0], [vec!["k"; DEEPEST].join(".").into_bytes()]);
        let inner: Value =
            serde_json::from_slice(&deep.as_bytes()[5 * 900..deep.len() - 900]).expect("JSON");
        assert!(cells[1][0].len() > 5_000 && inner.is_object());
    }

    #[test]
    fn keys_beyond_the_last_column_are_kept_together() {
        let object: BTreeMap<String, usize> =
            (0..MOST_COLUMNS + 2).map(|i| (format!("{i:05}"), i)).collect();
        let json = serde_json::to_string(&object).expect("JSON");
        let (csv, flattened) = flattened(json.as_bytes(), 1 << 12);
        let cells = cells(&csv);
        assert_eq!((cells[0].len(), cells[1].len()), (MOST_COLUMNS + 1, MOST_COLUMNS + 1));
        assert_eq!(cells[1][MOST_COLUMNS], br#"{"02000":2000,"02001":2001}"#);
        assert_eq!(flattened.notices[0].kind, NoticeKind::SurplusKey);
    }

    /// Flat columns and values of an object, by the rules of this module's head.
    fn expected(object: &Map<String, Value>, path: &str, into: &mut BTreeMap<String, Value>) {
        for (key, value) in object {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            match value {
                Value::Object(inner) if !inner.is_empty() => expected(inner, &path, into),
                other => drop(into.insert(path, other.clone())),
            }
        }
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[ ,\"\\n\\r#'a-cé]{0,6}".prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::btree_map("[a-d]{1,2}", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn values_survive(
            rows in prop::collection::vec(prop::collection::btree_map("[a-d]{1,2}", values(), 1..4), 1..6),
            is_array: bool, is_pretty: bool, cut in 1..40_usize,
        ) {
            let rows: Vec<Map<String, Value>> = rows.into_iter().map(|row| row.into_iter().collect()).collect();
            let written = if is_array && is_pretty {
                serde_json::to_string_pretty(&rows).expect("JSON")
            } else if is_array {
                json!(rows).to_string()
            } else {
                rows.iter().map(|row| json!(row).to_string() + "\n").collect()
            };
            let (csv, flattened) = flattened(written.as_bytes(), cut);
            prop_assert_eq!(flattened.n_objects, rows.len() as u64);
            prop_assert!(flattened.notices.is_empty());
            let cells = cells(&csv);
            prop_assert_eq!(cells.len(), rows.len() + 1);
            for (row, read) in rows.iter().zip(&cells[1..]) {
                let mut wanted = BTreeMap::new();
                expected(row, "", &mut wanted);
                for (name, value) in wanted {
                    let column = cells[0].iter().position(|cell| *cell == name.as_bytes());
                    let cell = &read[column.expect("every key has a column")];
                    match value {
                        Value::String(text) => prop_assert_eq!(cell, text.as_bytes(), "{}", name),
                        // Written over several lines it is so still.
                        Value::Array(_) => prop_assert_eq!(
                            serde_json::from_slice::<Value>(cell).expect("JSON"),
                            value
                        ),
                        other => prop_assert_eq!(cell, &other.to_string().into_bytes(), "{}", name),
                    }
                }
            }
        }

        #[test]
        fn any_bytes_are_survived(text in "[\\[\\]{}:,\"a1\\\\\n ]{0,60}", cut in 1..9_usize) {
            for kind in [Objects::Lines, Objects::Sequence] {
                let run = |cut: usize| {
                    let (mut flatten, mut out) = (Flatten::new(kind), Vec::new());
                    text.as_bytes().chunks(cut).for_each(|it| flatten.feed(it, &mut out).expect("short"));
                    (flatten.finish(&mut out), out)
                };
                prop_assert_eq!(run(cut), run(1000));
            }
        }
    }
}
