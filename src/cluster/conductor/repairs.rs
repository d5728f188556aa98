//! What was repaired or guessed in a file, over all shards, and the names of its columns.

use super::{
    super::message::ReadAnswer,
    columns::CountedColumn,
    table::{Dictionary, Part},
};
use crate::engine::{
    arrange::arrange,
    table::{
        ColumnProfile, ColumnType,
        format::{Format, Reading, Settled},
        value::Kinds,
    },
    text::{Notice, NoticeKind, sniff::Layout},
};

/// Notices by kind and column.
#[derive(Default)]
pub(super) struct Notices {
    merged: Vec<Notice>,
}

impl Notices {
    pub(super) fn add(
        &mut self,
        kind: NoticeKind,
        column: Option<u32>,
        count: u64,
        lines: Vec<u64>,
    ) {
        self.take(Notice { count, lines, ..Notice::new(kind, column) });
    }

    /// Adds what is told elsewhere.
    pub(super) fn take(&mut self, notice: Notice) {
        let is_same =
            |there: &&mut Notice| there.kind == notice.kind && there.column == notice.column;
        match self.merged.iter_mut().find(is_same) {
            Some(there) => there.merge(&notice),
            None => self.merged.push(notice),
        }
    }

    /// By kind, then column: in which order shards told them cannot be seen.
    pub(super) fn sorted(mut self) -> Vec<Notice> {
        arrange(&mut self.merged, Notice::place);
        self.merged
    }

    pub(super) fn add_layout(&mut self, layout: &Layout) {
        if layout.has_mark {
            self.add(NoticeKind::ByteOrderMark, None, 1, vec![1]);
        }
        layout.notices.iter().cloned().for_each(|notice| self.take(notice));
        if !layout.rules.dialect.has_header() && layout.header.is_empty() {
            self.add(NoticeKind::NoHeader, None, 1, Vec::new());
        }
    }

    pub(super) fn add_part(&mut self, answer: &ReadAnswer, part: &Part) {
        for notice in &answer.notices {
            self.take(notice.clone().moved(part.first_line));
        }
    }

    /// Notes what was mended in the values of a label.
    pub(super) fn add_known(&mut self, column: u32, profile: &ColumnProfile) {
        let mended = profile.known_values.iter().filter(|value| value.name != value.text);
        let count = mended.map(|value| u64::from(value.count)).sum();
        if count > 0 {
            self.add(NoticeKind::MendedLabel, Some(column), count, Vec::new());
        }
    }

    #[inline(never)]
    pub(super) fn add_column(
        &mut self,
        column: u32,
        counted: &CountedColumn,
        kinds: Kinds,
        reading: &Reading,
        parts: &[Part],
    ) {
        let column = Some(column);
        for (notices, part) in counted.notices.iter().zip(parts) {
            for notice in notices {
                let lines = notice.lines.iter().map(|line| line + part.first_line).collect();
                self.add(notice.kind, column, notice.count, lines);
            }
        }
        if matches!(reading.format, Format::Number(_)) {
            self.add(NoticeKind::NumberFormat, column, 1, Vec::new());
        }
        if reading.settled == Settled::Nothing {
            let is_time = reading.kind == ColumnType::Time;
            let kind =
                if is_time { NoticeKind::AmbiguousDate } else { NoticeKind::AmbiguousNumber };
            self.add(kind, column, 1, Vec::new());
        }
        if reading.kind.is_ordered() {
            // Kept as numbers: as found, or as said.
        } else if kinds.has_big_integers() {
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
#[inline(never)]
pub(super) fn names(layout: &Layout, notices: &mut Notices) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(layout.width);
    let mut taken = std::collections::BTreeSet::new();
    let line = layout.start_line + 1;
    for i in 0..layout.width {
        let raw = layout.header.get(i).map(|cell| String::from_utf8_lossy(cell).into_owned());
        let column = Some(i as u32);
        let mut name = raw.as_deref().unwrap_or_default().trim().to_owned();
        if !layout.header.is_empty() {
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
