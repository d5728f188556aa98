//! A file to a table that stands in the shards.

use std::ops::Range;

use super::{
    super::{
        JobError,
        message::{Answer, Question, RangeToRead, ReadAnswer},
        step::Step,
    },
    Grain, Shards, ask_all,
    columns::{CountedColumn, count, recode},
    copies::copies,
    meaning::Meaning,
    memory,
    table::{Part, Table, TableLayout},
};
use crate::engine::{
    table::{
        Profile, Role, RoleReason,
        missing::Missing,
        reader::{Ending, LONGEST_RECORD},
        roles,
        schema::Known,
        share::RowShare,
        zeek::ZeekHeader,
    },
    text::{
        Example, Notice, NoticeKind, Overrides, Sign, Treatment,
        records::Literal,
        sniff::{self, Layout},
    },
};

/// Columns that can be worked with.
const MOST_COLUMNS: u64 = 20_000;

/// Reads a file into the shards; its table replaces the one that stood.
///
/// # Errors
///
/// As [`read`].
pub async fn load<S: Shards>(
    shards: &mut S,
    file_length: u64,
    overrides: &Overrides,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<Table, JobError> {
    let table = read(shards, file_length, overrides, tell).await?;
    commit(shards, &table);
    Ok(table)
}

/// Lets a table that was read replace the one that stood: at once, so everywhere or nowhere.
pub fn commit<S: Shards>(shards: &mut S, table: &Table) {
    for (shard, part) in (0..).zip(&table.parts) {
        shards.ask(shard, Question::Commit { first_row: part.first_row });
    }
}

/// Reads a file into the shards, beside the table that stands there until [`commit`].
///
/// Each shard begins after a line end near its share of the bytes, as if no quoted cell went on
/// there. Whether that was right is known when the shard before it is done: where its last record
/// ends, the next one begins. If not, the shard reads again from there. So a file is read once,
/// and the result is that of one reader, whatever it holds.
///
/// # Errors
///
/// All of [`JobError`] that is about files.
pub async fn read<S: Shards>(
    shards: &mut S,
    file_length: u64,
    overrides: &Overrides,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<Table, JobError> {
    if file_length == 0 {
        return Err(JobError::EmptyFile);
    }
    let (sample, layout, zeek) = look(shards, file_length, overrides).await?;
    if overrides.share.is_none() {
        memory::fits(&sample, &layout, file_length, shards.n_shards(), shards.room())?;
    }
    let mut reading = ReadingJob {
        ranges: cut(shards, &layout, file_length).await?,
        grain: shards.grain(),
        layout,
        n_bytes: file_length,
        file_length,
        literal: Literal::NOWHERE,
        open_line: None,
        behind: None,
        text_columns: Vec::new(),
        missing: overrides.missing.clone().or(zeek.as_ref().map(ZeekHeader::missing)),
        share: overrides.share.filter(|share| !share.is_all()),
        n_told: 0,
    };
    let mut answers = reading.read_all(shards, tell).await?;
    reading.end_at_tail(shards, &mut answers, tell).await?;
    let meaning = Meaning::of(&reading.layout, zeek.as_ref(), &answers, overrides);
    reading.settle(shards, &mut answers, &meaning, tell).await?;
    tell(Step::Profile, 0.85);
    let mut columns = count(shards, &meaning.readings).await?;
    tell(Step::Profile, 0.93);
    recode(shards, &mut columns).await?;
    let copies = copies(shards, &columns).await?;
    let mut table = reading.table(&sample, &answers, meaning, columns)?;
    set_copies_aside(&mut table.profile, &copies);
    Ok(table)
}

/// Reads the file's beginning and finds its layout.
pub(super) async fn look<S: Shards>(
    shards: &mut S,
    file_length: u64,
    overrides: &Overrides,
) -> Result<(Vec<u8>, Layout, Option<ZeekHeader>), JobError> {
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
    let zeek = ZeekHeader::of(&sample);
    let mut overrides = overrides.clone();
    if let Some(zeek) = &zeek {
        overrides.delimiter = overrides.delimiter.or(Some(zeek.separator));
        overrides.header_lines = overrides.header_lines.or(Some(0));
        overrides.quote = overrides.quote.or(Some(Sign::Absent));
        overrides.comment = overrides.comment.or_else(|| Some(Sign::Is("#".to_owned())));
    }
    let mut layout = sniff::sniff(&sample, n == file_length, &overrides);
    if let Some(zeek) = &zeek
        && !layout.rules.dialect.has_header()
    {
        layout.header = zeek.fields.iter().map(|name| name.clone().into_bytes()).collect();
        layout.width = layout.width.max(layout.header.len());
        layout.rules.width = layout.width;
        layout.rules.named = zeek.fields_line();
    }
    let found = layout.width as u64;
    if found > MOST_COLUMNS {
        return Err(JobError::TooManyColumns { found, limit: MOST_COLUMNS });
    }
    Ok((sample, layout, zeek))
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
    /// The file's size.
    n_bytes: u64,
    /// Where the table's text ends: at the file's end, unless something else follows.
    file_length: u64,
    ranges: Vec<Range<u64>>,
    grain: Grain,
    literal: Literal,
    /// The line of the quote that is never closed.
    open_line: Option<u64>,
    /// What stands behind the table, where something does.
    behind: Option<Notice>,
    text_columns: Vec<u32>,
    /// Words that mean no value, if not the usual ones.
    missing: Option<Vec<String>>,
    /// The rows that are read, if not all.
    share: Option<RowShare>,
    n_told: u64,
}

impl ReadingJob {
    fn question(&self, shard: usize, patience: Option<u64>) -> Question {
        Question::Read(Box::new(RangeToRead {
            rules: self.layout.rules.clone(),
            range: self.ranges[shard].clone(),
            file_length: self.file_length,
            literal: self.literal,
            text_columns: self.text_columns.clone(),
            missing: self.missing.clone(),
            share: self.share,
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
        tell: &mut dyn FnMut(Step, f64),
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
        tell: &mut dyn FnMut(Step, f64),
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
                Ending::OpenQuote(literal, line) => {
                    // Read this range again, and all behind it, with the quote as text.
                    self.literal = literal;
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

    /// Leaves out what stands behind the table: records of another width, to the file's end, that
    /// begin like something else.
    async fn end_at_tail<S: Shards>(
        &mut self,
        shards: &mut S,
        answers: &mut Vec<ReadAnswer>,
        tell: &mut dyn FnMut(Step, f64),
    ) -> Result<(), JobError> {
        if self.layout.rules.treatment(NoticeKind::AfterTable) != Treatment::Drop {
            return Ok(());
        }
        let Some((shard, at, line)) = tail(answers) else { return Ok(()) };
        let first_line = self.line(&answers[..shard], line);
        let lines_behind: u64 = answers[shard..].iter().map(|answer| answer.n_lines).sum();
        let end = (at + sniff::SAMPLE as u64).min(self.file_length);
        let beginning = shards.read(at..end).await?;
        let mut notice = Notice::new(NoticeKind::AfterTable, None);
        for (line, (text, _)) in (first_line..).zip(sniff::lines(&beginning)).take(Notice::SHOWN) {
            notice.count_line(line, || Example::new(line, text, std::iter::empty()));
        }
        notice.count = lines_behind - line;
        notice.lines.truncate(usize::try_from(notice.count).unwrap_or(usize::MAX));
        notice.examples.truncate(notice.lines.len());
        self.behind = Some(notice);
        self.file_length = at;
        for range in &mut self.ranges[shard..] {
            *range = range.start.min(at)..range.end.min(at);
        }
        let again: Vec<usize> = (shard..answers.len()).collect();
        let read = self.read(shards, &again, None, tell).await?;
        answers.splice(shard.., read);
        Ok(())
    }

    /// The line in the file, from 1, of a line in the range behind some others.
    fn line(&self, before: &[ReadAnswer], line: u64) -> u64 {
        self.layout.lines_before + before.iter().map(|part| part.n_lines).sum::<u64>() + line + 1
    }

    async fn read_one<S: Shards>(
        &mut self,
        shards: &mut S,
        shard: usize,
        tell: &mut dyn FnMut(Step, f64),
    ) -> Result<ReadAnswer, JobError> {
        let mut answers = self.read(shards, &[shard], None, tell).await?;
        Ok(answers.remove(0))
    }

    /// Lets shards read again that kept a column as numbers which is not to be read as such.
    async fn settle<S: Shards>(
        &mut self,
        shards: &mut S,
        answers: &mut [ReadAnswer],
        meaning: &Meaning,
        tell: &mut dyn FnMut(Step, f64),
    ) -> Result<(), JobError> {
        let is_spoilt = |column: &u32| {
            let column = *column as usize;
            !meaning.kinds[column].is_plain_for(&meaning.readings[column])
        };
        let spoilt = |answer: &ReadAnswer| answer.numbers.iter().any(is_spoilt);
        let again: Vec<usize> = (0..answers.len()).filter(|&i| spoilt(&answers[i])).collect();
        self.text_columns = answers.iter().flat_map(|answer| &answer.numbers).copied().collect();
        self.text_columns.retain(is_spoilt);
        if !again.is_empty() {
            for (shard, answer) in again.iter().zip(self.read(shards, &again, None, tell).await?) {
                answers[*shard] = answer;
            }
        }
        Ok(())
    }

    /// The table, once its columns are counted.
    #[inline(never)]
    fn table(
        self,
        sample: &[u8],
        answers: &[ReadAnswer],
        meaning: Meaning,
        columns: Vec<CountedColumn>,
    ) -> Result<Table, JobError> {
        let layout = self.layout;
        let n_bytes = self.n_bytes;
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
        let n_left_out = answers.iter().map(|answer| answer.n_left_out).sum();
        if n_rows == 0 {
            return Err(match n_left_out {
                0 => JobError::NoRows,
                n_rows => JobError::EmptySample { n_rows },
            });
        }
        let known = meaning.known(&columns);
        let names = known.and_then(Known::names).unwrap_or(&meaning.names);
        let profiles: Vec<_> = (0..columns.len())
            .map(|i| {
                let known = known.map(|known| (known, i));
                columns[i].profile(names[i].clone(), meaning.readings[i], n_rows, known)
            })
            .collect();
        let schema = known.map(|known| (known.schema, known.evidence.clone()));
        let Meaning { mut notices, kinds, readings, .. } = meaning;
        notices.add_layout(&layout);
        for (answer, part) in answers.iter().zip(&parts) {
            notices.add_part(answer, part);
        }
        if n_left_out > 0 {
            notices.add(NoticeKind::LeftOut, None, n_left_out, Vec::new());
        }
        if let Some(line) = self.open_line {
            notices.add(NoticeKind::UnclosedQuote, None, 1, vec![line]);
        }
        if let Some(behind) = self.behind {
            notices.take(behind);
        }
        for (i, counted) in columns.iter().enumerate() {
            notices.add_column(i as u32, counted, kinds[i], &readings[i], &parts);
            notices.add_known(i as u32, &profiles[i]);
        }
        let is_one_line = layout.rules.dialect.n_header_lines == 1;
        let header_line = if is_one_line
            && layout.notices.iter().all(|n| n.kind != NoticeKind::OtherDelimiter)
        {
            let line = &sample[layout.start..layout.first_row];
            let mark: &[u8] = if layout.has_mark { b"\xEF\xBB\xBF" } else { b"" };
            let end = line.iter().rposition(|byte| !b"\r\n".contains(byte)).map_or(0, |at| at + 1);
            [mark, &line[..end]].concat()
        } else {
            Vec::new()
        };
        Ok(Table {
            profile: Profile {
                n_bytes,
                n_rows,
                sample: self.share.map(|share| (share, u64::from(n_rows) + n_left_out)),
                columns: profiles,
                dialect: layout.rules.dialect.clone(),
                schema: schema.as_ref().map(|(schema, _)| *schema),
                schema_evidence: schema.map(|(_, evidence)| evidence).unwrap_or_default(),
                evidence: layout.evidence,
                missing: self.missing.clone().unwrap_or_else(Missing::usual_words),
                notices: notices.sorted(),
            },
            dictionaries: columns.into_iter().map(|column| column.dictionary).collect(),
            readings,
            parts,
            layout: TableLayout {
                n_names: if header_line.is_empty() { 0 } else { layout.header.len() },
                header_line,
                file_length: self.file_length,
                literal: self.literal,
                piece: self.grain.piece,
                record_length: u32::try_from(layout.record_length).unwrap_or(u32::MAX),
                missing: self.missing,
                share: self.share,
                rules: layout.rules,
            },
        })
    }
}

/// A feature that repeats an earlier column says nothing new. Few rows prove no copy.
fn set_copies_aside(profile: &mut Profile, originals: &[Option<u32>]) {
    if profile.n_rows < roles::FEW {
        return;
    }
    for (column, original) in profile.columns.iter_mut().zip(originals) {
        if let Some(original) = *original
            && column.role == Role::Feature
        {
            (column.role, column.reason) = (Role::Ignore, RoleReason::Copy(original));
        }
    }
}

/// The shard, byte and line (from 0 in the shard's range) at which something else begins.
fn tail(answers: &[ReadAnswer]) -> Option<(usize, u64, u64)> {
    // Behind the last row of full width: its shard, and those behind it.
    let last = answers.iter().rposition(|answer| answer.tail.has_full)?;
    let mut tails = answers.iter().enumerate().skip(last);
    let (shard, (at, line)) = tails.find_map(|(shard, answer)| Some((shard, answer.tail.at?)))?;
    Some((shard, at, line))
}

fn read_answer(answer: Answer) -> ReadAnswer {
    match answer {
        Answer::Read(read) => *read,
        other => unreachable!("a range was asked to be read, and the answer is {other:?}"),
    }
}
