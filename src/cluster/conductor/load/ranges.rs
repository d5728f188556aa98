//! The reading of a file's ranges, until every one begins where the one before it ended.

use super::{
    super::{
        super::{
            JobError,
            message::{Answer, Question, RangeToRead, ReadAnswer},
            step::Step,
        },
        Shards, ask_all,
        meaning::Meaning,
    },
    ReadingJob,
};
use crate::engine::{
    table::reader::{Ending, LONGEST_RECORD},
    text::{Example, Notice, NoticeKind, Treatment, sniff},
};

impl ReadingJob {
    /// Reads all ranges, until every one begins where the one before it ended.
    pub(super) async fn read_all<S: Shards>(
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
    pub(super) async fn end_at_tail<S: Shards>(
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

    /// Lets shards read again that kept a column as numbers which is not to be read as such.
    pub(super) async fn settle<S: Shards>(
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

    async fn read_one<S: Shards>(
        &mut self,
        shards: &mut S,
        shard: usize,
        tell: &mut dyn FnMut(Step, f64),
    ) -> Result<ReadAnswer, JobError> {
        let mut answers = self.read(shards, &[shard], None, tell).await?;
        Ok(answers.remove(0))
    }

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

    /// The line in the file, from 1, of a line in the range behind some others.
    fn line(&self, before: &[ReadAnswer], line: u64) -> u64 {
        self.layout.lines_before + before.iter().map(|part| part.n_lines).sum::<u64>() + line + 1
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
        _ => unreachable!("a range was asked to be read"),
    }
}
