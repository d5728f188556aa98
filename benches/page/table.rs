//! The table of results: one line per promise.

use std::fmt::Write;

use crate::peers::Peer;

/// One promise and what became of it.
pub(crate) struct Line {
    work: &'static str,
    ours: String,
    peer: String,
    /// What is judged: a ratio, or a size.
    figure: f64,
    unit: &'static str,
    /// What must be, and what we hope for.
    wanted: [f64; 2],
    /// Whether more is better.
    more: bool,
}

impl Line {
    /// How many times faster we are than a peer; it must be at least `must`.
    pub(crate) fn faster(work: &'static str, ours: f64, peer: &Peer, must: f64, aim: f64) -> Self {
        Self {
            work,
            ours: format!("{ours:.2} s"),
            peer: format!("{} {:.2} s", peer.name, peer.seconds),
            figure: peer.seconds / ours,
            unit: " × faster",
            wanted: [must, aim],
            more: true,
        }
    }

    /// At what share of the plain file's speed another form of it loads; at least `must`.
    pub(crate) fn share(work: &'static str, ours: f64, plain: f64, must: f64) -> Self {
        Self {
            work,
            ours: format!("{ours:.2} s"),
            peer: format!("plain {plain:.2} s"),
            figure: plain / ours,
            unit: " × the plain speed",
            wanted: [must, 1.0],
            more: true,
        }
    }

    /// A figure that must be at most the first of `wanted`, and we hope for the second.
    pub(crate) fn at_most(
        work: &'static str,
        ours: String,
        figure: f64,
        unit: &'static str,
        wanted: [f64; 2],
    ) -> Self {
        Self { work, ours, peer: "–".to_owned(), figure, unit, wanted, more: false }
    }

    fn verdict(&self) -> &'static str {
        let [must, aim] = self
            .wanted
            .map(|wanted| if self.more { self.figure >= wanted } else { self.figure <= wanted });
        match (must, aim) {
            (_, true) => "aim met",
            (true, false) => "met",
            (false, false) => "**missed**",
        }
    }
}

/// Writes the lines as a Markdown table.
pub(crate) fn markdown(lines: &[Line]) -> String {
    let mut text = String::from(
        "| work | ours | peer | figure | must | aim | |\n|---|--:|---|--:|--:|--:|---|\n",
    );
    for line in lines {
        let sign = if line.more { '≥' } else { '≤' };
        let [must, aim] = line.wanted;
        let _ = writeln!(
            text,
            "| {} | {} | {} | {:.2}{} | {sign} {must} | {sign} {aim} | {} |",
            line.work,
            line.ours,
            line.peer,
            line.figure,
            line.unit,
            line.verdict(),
        );
    }
    text
}

/// The middle of some measurements; of two in the middle the mean.
pub(crate) fn median(values: &[f64]) -> f64 {
    assert!(!values.is_empty(), "something was measured");
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        sorted[middle]
    } else {
        f64::midpoint(sorted[middle - 1], sorted[middle])
    }
}
