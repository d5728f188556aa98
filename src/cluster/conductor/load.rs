//! A file to a table that stands in the shards.

use std::ops::Range;

use super::{
    super::{
        JobError,
        bulk::Bulk,
        findings::Step,
        message::{
            Answer, CountedValues, Ending, Question, RangeToRead, ReadAnswer, Reading, Recode,
        },
    },
    Grain, Shards, ask_all,
    table::{Dictionary, Part, Table, TableLayout},
    to_all,
};
use crate::engine::{
    table::{
        ColumnProfile, ColumnType, Profile, Role, RoleReason, Values,
        dictionary::{Categories, Counted, MOST_CODES, Ranked},
        reader::LONGEST_RECORD,
        roles::{self, Facts},
        schema::{self, Shape},
        value::Kinds,
    },
    text::{
        Notice, NoticeKind, Overrides,
        sniff::{self, Layout},
    },
};

/// Columns that can be worked with.
const MOST_COLUMNS: u64 = 20_000;

/// Reads a file into the shards.
///
/// Each shard begins after a line end near its share of the bytes, as if no quoted cell went on
/// there. Whether that was right is known when the shard before it is done: where its last record
/// ends, the next one begins. If not, the shard reads again from there. So a file is read once,
/// and the result is that of one reader, whatever it holds.
///
/// # Errors
///
/// All of [`JobError`] that is about files.
pub async fn load<S: Shards>(
    shards: &mut S,
    file_length: u64,
    overrides: &Overrides,
    mut tell: impl FnMut(Step, f64),
) -> Result<Table, JobError> {
    if file_length == 0 {
        return Err(JobError::EmptyFile);
    }
    let (sample, layout) = look(shards, file_length, overrides).await?;
    let mut reading = ReadingJob {
        ranges: cut(shards, &layout, file_length).await?,
        grain: shards.grain(),
        layout,
        file_length,
        literal_from: None,
        open_line: None,
        text_columns: Vec::new(),
        n_told: 0,
    };
    let mut answers = reading.read_all(shards, &mut tell).await?;
    let kinds = reading.settle_kinds(shards, &mut answers, &mut tell).await?;
    tell(Step::Profile, 0.85);
    let readings: Vec<Reading> =
        kinds.iter().map(|&kinds| Reading { kind: kinds.column_type(), kinds }).collect();
    let mut columns = count(shards, &readings).await?;
    tell(Step::Profile, 0.93);
    recode(shards, &mut columns).await?;
    let table = reading.table(&sample, &answers, &readings, columns)?;
    // Nothing waits from here on: the new table replaces the old one everywhere or nowhere.
    for (shard, part) in (0..).zip(&table.parts) {
        shards.ask(shard, Question::Commit { first_row: part.first_row });
    }
    Ok(table)
}

/// Reads the file's beginning and finds its layout.
async fn look<S: Shards>(
    shards: &mut S,
    file_length: u64,
    overrides: &Overrides,
) -> Result<(Vec<u8>, Layout), JobError> {
    let mut n = (sniff::SAMPLE as u64).min(file_length);
    let sample = loop {
        let sample = shards.read(0..n).await?;
        if let Some(format) = sniff::foreign_format(&sample) {
            return Err(JobError::NotText { format: format.to_owned() });
        }
        if n == file_length || memchr::memchr2(b'\n', b'\r', &sample).is_some() {
            break sample;
        }
        if n >= LONGEST_RECORD {
            return Err(JobError::LongLine { line: 1, limit: LONGEST_RECORD });
        }
        n = (n * 8).min(LONGEST_RECORD).min(file_length);
    };
    let layout = sniff::sniff(&sample, n == file_length, overrides);
    let found = layout.width as u64;
    if found > MOST_COLUMNS {
        return Err(JobError::TooManyColumns { found, limit: MOST_COLUMNS });
    }
    Ok((sample, layout))
}

/// Cuts the rows' bytes into a range per shard, each beginning after a line end.
async fn cut<S: Shards>(
    shards: &mut S,
    layout: &Layout,
    file_length: u64,
) -> Result<Vec<Range<u64>>, JobError> {
    let start = layout.first_row as u64;
    let n_bytes = file_length - start;
    let n_shards = u64::from(shards.n_shards());
    let n_used = n_shards.min(n_bytes / shards.grain().least_range).max(1);
    let mut cuts = vec![start];
    for i in 1..n_used {
        let at = start + n_bytes / n_used * i;
        let previous = cuts[cuts.len() - 1];
        cuts.push(if at <= previous {
            previous
        } else {
            next_line(shards, at, file_length).await?
        });
    }
    cuts.resize(n_shards as usize + 1, file_length);
    Ok(cuts.windows(2).map(|ends| ends[0]..ends[1]).collect())
}

/// The place after the first line end at or behind `at`; the file's end if there is none near.
async fn next_line<S: Shards>(shards: &mut S, at: u64, file_length: u64) -> Result<u64, JobError> {
    let mut from = at;
    let mut n = 1 << 16;
    while from < file_length {
        let bytes = shards.read(from..(from + n).min(file_length)).await?;
        if let Some(found) = memchr::memchr2(b'\n', b'\r', &bytes) {
            let end = from + found as u64 + 1;
            let is_pair = bytes[found] == b'\r' && end < file_length;
            let next = if is_pair { shards.read(end..end + 1).await? } else { Vec::new() };
            return Ok(end + u64::from(next == b"\n"));
        }
        from += n;
        n *= 2;
    }
    Ok(file_length)
}

/// The reading of a file's ranges, until every one begins where the one before it ended.
struct ReadingJob {
    layout: Layout,
    file_length: u64,
    ranges: Vec<Range<u64>>,
    grain: Grain,
    literal_from: Option<u64>,
    /// The line of the quote that is never closed.
    open_line: Option<u64>,
    text_columns: Vec<u32>,
    n_told: u64,
}

impl ReadingJob {
    fn question(&self, shard: usize, patience: Option<u64>) -> Question {
        Question::Read(Box::new(RangeToRead {
            dialect: self.layout.dialect.clone(),
            width: self.layout.width as u32,
            range: self.ranges[shard].clone(),
            file_length: self.file_length,
            literal_from: self.literal_from,
            text_columns: self.text_columns.clone(),
            patience,
            piece: self.grain.piece,
            record_length: u32::try_from(self.layout.record_length).unwrap_or(u32::MAX),
        }))
    }

    /// Asks some shards to read their ranges.
    async fn read<S: Shards>(
        &mut self,
        shards: &mut S,
        which: &[usize],
        patience: Option<u64>,
        tell: &mut impl FnMut(Step, f64),
    ) -> Result<Vec<ReadAnswer>, JobError> {
        // The first shard certainly begins at a record.
        let patience = |shard| if shard == 0 { None } else { patience };
        let questions: Vec<_> = which
            .iter()
            .map(|&shard| (shard as u32, self.question(shard, patience(shard))))
            .collect();
        let (n_told, n_bytes) = (&mut self.n_told, self.file_length);
        let answers = ask_all(shards, questions, |_, answer| {
            if let Answer::Progress(n) = answer {
                *n_told += n;
                tell(Step::Read, 0.85 * (*n_told as f64 / n_bytes as f64).min(1.0));
            }
        })
        .await?;
        Ok(answers.into_iter().map(|(_, answer)| read_answer(answer)).collect())
    }

    async fn read_all<S: Shards>(
        &mut self,
        shards: &mut S,
        tell: &mut impl FnMut(Step, f64),
    ) -> Result<Vec<ReadAnswer>, JobError> {
        let all: Vec<usize> = (0..self.ranges.len()).collect();
        let mut answers = self.read(shards, &all, Some(self.grain.patience), tell).await?;
        let mut begins = self.ranges[0].start;
        let mut shard = 0;
        while shard < answers.len() {
            let range = &mut self.ranges[shard];
            let is_read = range.start == begins && answers[shard].ending != Ending::OutOfPatience;
            if !is_read {
                *range = begins..range.end.max(begins);
                answers[shard] = self.read_one(shards, shard, tell).await?;
            }
            match answers[shard].ending {
                Ending::At(end) => {
                    begins = end;
                    shard += 1;
                }
                Ending::OpenQuote(quote, line) => {
                    // Read this range again, and all behind it, with the quote as text.
                    self.literal_from = Some(quote);
                    self.open_line = Some(self.line(&answers[..shard], line));
                    let rest: Vec<usize> = (shard..answers.len()).collect();
                    let again = self.read(shards, &rest, Some(self.grain.patience), tell).await?;
                    answers.splice(shard.., again);
                }
                Ending::TooLong(line) => {
                    let line = self.line(&answers[..shard], line);
                    return Err(JobError::LongLine { line, limit: LONGEST_RECORD });
                }
                Ending::OutOfPatience => unreachable!("it was read without a limit"),
            }
        }
        Ok(answers)
    }

    /// The line in the file, from 1, of a line in the range behind some others.
    fn line(&self, before: &[ReadAnswer], line: u64) -> u64 {
        self.layout.lines_before + before.iter().map(|part| part.n_lines).sum::<u64>() + line + 1
    }

    async fn read_one<S: Shards>(
        &mut self,
        shards: &mut S,
        shard: usize,
        tell: &mut impl FnMut(Step, f64),
    ) -> Result<ReadAnswer, JobError> {
        let mut answers = self.read(shards, &[shard], None, tell).await?;
        Ok(answers.remove(0))
    }

    /// Merges the kinds of values; what was kept as numbers and is none is read again as text.
    async fn settle_kinds<S: Shards>(
        &mut self,
        shards: &mut S,
        answers: &mut [ReadAnswer],
        tell: &mut impl FnMut(Step, f64),
    ) -> Result<Vec<Kinds>, JobError> {
        let mut kinds = vec![Kinds::default(); self.layout.width];
        for answer in &*answers {
            for (merged, &seen) in kinds.iter_mut().zip(&answer.kinds) {
                merged.merge(seen);
            }
        }
        let is_spoilt = |column: &u32| !kinds[*column as usize].is_plain();
        let spoilt = |answer: &ReadAnswer| answer.numbers.iter().any(is_spoilt);
        let again: Vec<usize> = (0..answers.len()).filter(|&i| spoilt(&answers[i])).collect();
        self.text_columns = answers.iter().flat_map(|answer| &answer.numbers).copied().collect();
        self.text_columns.retain(is_spoilt);
        if !again.is_empty() {
            for (shard, answer) in again.iter().zip(self.read(shards, &again, None, tell).await?) {
                answers[*shard] = answer;
            }
        }
        Ok(kinds)
    }

    /// The table, once its columns are counted.
    fn table(
        self,
        sample: &[u8],
        answers: &[ReadAnswer],
        readings: &[Reading],
        columns: Vec<CountedColumn>,
    ) -> Result<Table, JobError> {
        let layout = self.layout;
        let mut parts = Vec::new();
        let mut n_rows: u32 = 0;
        let mut line = layout.lines_before;
        for (answer, range) in answers.iter().zip(&self.ranges) {
            parts.push(Part {
                first_row: n_rows,
                n_rows: answer.n_rows,
                range: range.clone(),
                first_line: line,
                marks: answer.marks.as_chunks().0.to_vec(),
            });
            n_rows = n_rows
                .checked_add(answer.n_rows)
                .ok_or(JobError::TooManyRows { limit: u64::from(u32::MAX) })?;
            line += answer.n_lines;
        }
        if n_rows == 0 {
            return Err(JobError::NoRows);
        }
        let mut notices = Notices::default();
        notices.add_layout(&layout);
        for (answer, part) in answers.iter().zip(&parts) {
            notices.add_part(answer, part);
        }
        if let Some(line) = self.open_line {
            notices.add(NoticeKind::UnclosedQuote, None, 1, vec![line]);
        }
        for (column, counted) in (0..).zip(&columns) {
            notices.add_column(column, counted, readings[column as usize].kinds, &parts);
        }
        let mut names = names(&layout, &mut notices);
        let shapes: Vec<Shape<'_>> = names
            .iter()
            .zip(&columns)
            .zip(readings)
            .map(|((name, column), reading)| Shape {
                name: layout.dialect.has_header.then_some(name.as_str()),
                kind: reading.kind,
                texts: column.texts(),
            })
            .collect();
        let schema = schema::recognise(&shapes);
        if let Some(schema) = schema
            && !layout.dialect.has_header
        {
            names = schema.names()[..names.len()].iter().map(ToString::to_string).collect();
        }
        let profiles = names
            .into_iter()
            .zip(&columns)
            .zip(readings)
            .enumerate()
            .map(|(i, ((name, column), reading))| {
                let by_schema = schema.and_then(|schema| schema.role(i));
                column.profile(name, reading.kind, n_rows, by_schema)
            })
            .collect();
        let header_line = if layout.dialect.has_header {
            let line = &sample[layout.start..layout.first_row];
            let mark: &[u8] = if layout.has_mark { b"\xEF\xBB\xBF" } else { b"" };
            let end = line.iter().rposition(|byte| !b"\r\n".contains(byte)).map_or(0, |at| at + 1);
            [mark, &line[..end]].concat()
        } else {
            Vec::new()
        };
        Ok(Table {
            profile: Profile {
                n_bytes: self.file_length,
                n_rows,
                columns: profiles,
                dialect: layout.dialect.clone(),
                schema,
                notices: notices.sorted(),
            },
            dictionaries: columns.into_iter().map(|column| column.dictionary).collect(),
            parts,
            layout: TableLayout {
                dialect: layout.dialect,
                width: layout.width,
                header_line,
                n_names: layout.header.len(),
                file_length: self.file_length,
                literal_from: self.literal_from,
                piece: self.grain.piece,
                record_length: u32::try_from(layout.record_length).unwrap_or(u32::MAX),
            },
        })
    }
}

fn read_answer(answer: Answer) -> ReadAnswer {
    match answer {
        Answer::Read(read) => *read,
        other => unreachable!("a range was asked to be read, and the answer is {other:?}"),
    }
}

/// The values of a column over all shards.
struct CountedColumn {
    dictionary: Dictionary,
    n_missing: u32,
    n_distinct: u32,
    infinite: Vec<(u64, Vec<u64>)>,
    is_sequence: bool,
    values: Option<Values>,
    /// Each shard's codes for its texts.
    maps: Vec<Vec<u16>>,
}

/// Lets the shards count the columns' values, and gives them codes.
async fn count<S: Shards>(
    shards: &mut S,
    readings: &[Reading],
) -> Result<Vec<CountedColumn>, JobError> {
    let n_shards = shards.n_shards();
    let mut answers: Vec<Vec<(u32, Answer)>> = readings.iter().map(|_| Vec::new()).collect();
    let mut columns: Vec<Option<CountedColumn>> = readings.iter().map(|_| None).collect();
    let questions = to_all(n_shards, |_| Question::Count(readings.to_vec()));
    ask_all(shards, questions, |shard, answer| {
        if let Answer::Counted { column, .. } = answer {
            let column = column as usize;
            answers[column].push((shard, answer));
            if answers[column].len() == n_shards as usize {
                // A column is merged when its last part is here: never are all parts in memory.
                let mut parts = std::mem::take(&mut answers[column]);
                parts.sort_by_key(|&(shard, _)| shard);
                columns[column] =
                    Some(CountedColumn::merge(parts.into_iter().map(|(_, part)| part)));
            }
        }
    })
    .await?;
    Ok(columns.into_iter().map(|column| column.expect("every shard counts every column")).collect())
}

impl CountedColumn {
    fn merge(parts: impl Iterator<Item = Answer>) -> Self {
        let mut ordered = Counted::default();
        let mut texts = Vec::new();
        let mut n_missing = 0;
        let mut infinite = Vec::new();
        let mut sequences = Vec::new();
        for part in parts {
            let Answer::Counted { counted, n_missing: missing, infinite: lines, sequence, .. } =
                part
            else {
                unreachable!("only counts are collected")
            };
            n_missing += missing;
            infinite.push(lines);
            match counted {
                CountedValues::Ordered { values, counts } => {
                    // A shard without rows breaks no sequence.
                    sequences.extend((!values.is_empty() || missing > 0).then_some(sequence));
                    ordered = ordered.merge(&Counted { values: values.0, counts: counts.0 });
                }
                CountedValues::Unordered { bytes, ends, counts } => {
                    texts.push((bytes, ends, counts));
                }
            }
        }
        let is_next = |pair: &[Option<(f64, f64)>]| matches!(pair, [Some((_, last)), Some((first, _))] if last + 1.0 == *first);
        let is_sequence = !sequences.is_empty()
            && sequences.iter().all(Option::is_some)
            && sequences.windows(2).all(is_next);
        let column = Self {
            dictionary: Dictionary::None,
            n_missing,
            n_distinct: 0,
            infinite,
            is_sequence,
            values: None,
            maps: Vec::new(),
        };
        if texts.is_empty() { column.ranked(ordered) } else { column.unordered(&texts) }
    }

    fn ranked(self, counted: Counted) -> Self {
        let ranked = Ranked::new(counted);
        let (n_distinct, values) = (ranked.n_distinct, ranked.spread());
        Self { n_distinct, values, dictionary: Dictionary::Ranked(ranked), ..self }
    }

    fn unordered(self, parts: &[(Bulk<u8>, Bulk<u32>, Bulk<u32>)]) -> Self {
        let categories = Categories::of(
            parts
                .iter()
                .flat_map(|(bytes, ends, counts)| texts_of(bytes, ends).zip(counts.iter().copied()))
                // Texts that stand for no value were counted as missing, not here.
                .filter(|&(_, count)| count > 0),
        );
        let n_distinct = categories.texts.len();
        let values = categories.spread();
        if n_distinct > MOST_CODES {
            return Self { n_distinct: n_distinct as u32, values, ..self };
        }
        let missing = n_distinct as u16;
        let code = |(text, &count): (&[u8], &u32)| match categories.code(text) {
            Some(code) if count > 0 => code as u16,
            _ => missing,
        };
        let maps = parts
            .iter()
            .map(|(bytes, ends, counts)| {
                texts_of(bytes, ends).zip(counts.iter()).map(code).collect()
            })
            .collect();
        let n_distinct = n_distinct as u32;
        Self { n_distinct, values, maps, dictionary: Dictionary::Unordered(categories), ..self }
    }

    fn texts(&self) -> &[Vec<u8>] {
        match &self.dictionary {
            Dictionary::Unordered(categories) => &categories.texts,
            _ => &[],
        }
    }

    fn profile(
        &self,
        name: String,
        kind: ColumnType,
        n_rows: u32,
        by_schema: Option<(Role, RoleReason)>,
    ) -> ColumnProfile {
        let bounds = match &self.values {
            Some(Values::Ordered { min, max, .. }) => Some((*min, *max)),
            _ => None,
        };
        let (role, reason) = by_schema.unwrap_or_else(|| {
            roles::role(&Facts {
                name: &name,
                kind,
                n_rows,
                n_missing: self.n_missing,
                n_distinct: self.n_distinct,
                is_sequence: self.is_sequence,
                bounds,
            })
        });
        let quantile_codes =
            matches!(&self.dictionary, Dictionary::Ranked(ranked) if !ranked.highs.is_empty());
        ColumnProfile {
            name,
            kind,
            role,
            reason,
            n_missing: self.n_missing,
            n_distinct: self.n_distinct,
            values: self.values.clone(),
            quantile_codes,
        }
    }
}

fn texts_of<'a>(bytes: &'a [u8], ends: &'a [u32]) -> impl Iterator<Item = &'a [u8]> {
    let mut start = 0;
    ends.iter().map(move |&end| {
        let text = &bytes[start..end as usize];
        start = end as usize;
        text
    })
}

/// Tells the shards the codes of their values.
async fn recode<S: Shards>(shards: &mut S, columns: &mut [CountedColumn]) -> Result<(), JobError> {
    let mut questions = Vec::new();
    for shard in 0..shards.n_shards() {
        let recode = |column: &mut CountedColumn| match &column.dictionary {
            Dictionary::Ranked(ranked) => Recode::Ranked { lows: Bulk(ranked.lows.clone()) },
            Dictionary::Unordered(categories) => Recode::Unordered {
                map: Bulk(std::mem::take(&mut column.maps[shard as usize])),
                n_codes: categories.texts.len() as u16,
            },
            Dictionary::None => Recode::None,
        };
        questions.push((shard, Question::Recode(columns.iter_mut().map(recode).collect())));
    }
    ask_all(shards, questions, |_, _| {}).await?;
    Ok(())
}

/// Notices by kind and column.
#[derive(Default)]
struct Notices {
    merged: Vec<Notice>,
}

impl Notices {
    fn add(&mut self, kind: NoticeKind, column: Option<u32>, count: u64, lines: Vec<u64>) {
        let notice = Notice { kind, column, count, lines };
        match self.merged.iter_mut().find(|there| there.kind == kind && there.column == column) {
            Some(there) => there.merge(&notice),
            None => self.merged.push(notice),
        }
    }

    /// By kind, then column: in which order shards told them cannot be seen.
    fn sorted(mut self) -> Vec<Notice> {
        self.merged.sort_by_key(|notice| (notice.kind, notice.column));
        self.merged
    }

    fn add_layout(&mut self, layout: &Layout) {
        if layout.has_mark {
            self.add(NoticeKind::ByteOrderMark, None, 1, vec![1]);
        }
        if layout.n_comments > 0 {
            let lines = (1..=layout.n_comments).take(Notice::SHOWN).collect();
            self.add(NoticeKind::CommentLine, None, layout.n_comments, lines);
        }
        if !layout.dialect.has_header {
            self.add(NoticeKind::NoHeader, None, 1, Vec::new());
        }
    }

    fn add_part(&mut self, answer: &ReadAnswer, part: &Part) {
        for notice in &answer.notices {
            let lines = notice.lines.iter().map(|line| line + part.first_line).collect();
            self.add(notice.kind, None, notice.count, lines);
        }
    }

    fn add_column(&mut self, column: u32, counted: &CountedColumn, kinds: Kinds, parts: &[Part]) {
        let column = Some(column);
        for ((count, lines), part) in counted.infinite.iter().zip(parts) {
            if *count > 0 {
                let lines = lines.iter().map(|line| line + part.first_line + 1).collect();
                self.add(NoticeKind::Infinity, column, *count, lines);
            }
        }
        if kinds.has_big_integers() {
            self.add(NoticeKind::BigInteger, column, 1, Vec::new());
        } else if kinds.has_leading_zeros() {
            self.add(NoticeKind::LeadingZero, column, 1, Vec::new());
        }
        if matches!(&counted.dictionary, Dictionary::Ranked(ranked) if !ranked.highs.is_empty()) {
            self.add(NoticeKind::QuantileCodes, column, u64::from(counted.n_distinct), Vec::new());
        }
    }
}

/// The columns' names: those of the header, trimmed, made unique; invented where there are none.
fn names(layout: &Layout, notices: &mut Notices) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(layout.width);
    let mut taken = std::collections::BTreeSet::new();
    let line = layout.n_comments + 1;
    for i in 0..layout.width {
        let raw = layout.header.get(i).map(|cell| String::from_utf8_lossy(cell).into_owned());
        let column = Some(i as u32);
        let mut name = raw.as_deref().unwrap_or_default().trim().to_owned();
        if layout.dialect.has_header {
            if raw.as_ref().is_some_and(|raw| raw.len() != name.len() && !name.is_empty()) {
                notices.add(NoticeKind::PaddedName, None, 1, vec![line]);
            }
            if name.is_empty() {
                notices.add(NoticeKind::EmptyName, column, 1, vec![line]);
            }
        }
        if name.is_empty() {
            name = format!("column {}", i + 1);
        }
        let mut unique = name.clone();
        let mut number = 2;
        while !taken.insert(unique.clone()) {
            unique = format!("{name} ({number})");
            number += 1;
        }
        if unique != name {
            notices.add(NoticeKind::DuplicateName, column, 1, vec![line]);
        }
        names.push(unique);
    }
    names
}
