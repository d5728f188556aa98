//! Words for verdicts.

use crate::protocol::Verdict;

/// What a verdict says, and does.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Real => "An anomaly, as looked for: rows like it move up",
        Verdict::Benign => "Odd, but of no interest: it and rows like it leave the top of the list",
        Verdict::Unsure => "Looked at, and undecided: nothing moves",
    }
}

/// A verdict's sign.
pub fn verdict_sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Real => "✓",
        Verdict::Benign => "–",
        Verdict::Unsure => "?",
    }
}
