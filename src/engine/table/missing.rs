//! Texts that stand for no value.

use std::sync::{Arc, LazyLock};

/// Texts that stand for no value, blanks around them aside. The empty text always does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    words: Arc<[Vec<u8>]>,
    /// Bit `b` is set where a word begins with byte `b`: most cells need no closer look.
    firsts: [u64; 4],
}

impl Default for Missing {
    fn default() -> Self {
        Self::usual().clone()
    }
}

impl Missing {
    /// What stands for no value unless a person or a file's own header says otherwise.
    pub const USUAL: [&str; 7] = ["NA", "NaN", "nan", "null", "NULL", "-", "?"];

    /// The usual words.
    pub fn usual() -> &'static Self {
        static USUAL: LazyLock<Missing> = LazyLock::new(|| Missing::new(Missing::USUAL));
        &USUAL
    }

    /// The usual words, to be shown.
    pub fn usual_words() -> Vec<String> {
        Self::USUAL.map(str::to_owned).to_vec()
    }

    /// The words given, and the empty text.
    pub fn new<W: AsRef<[u8]>>(words: impl IntoIterator<Item = W>) -> Self {
        let trimmed = words.into_iter().map(|word| word.as_ref().trim_ascii().to_vec());
        let words: Vec<Vec<u8>> = trimmed.filter(|word| !word.is_empty()).collect();
        let mut firsts = [0; 4];
        for word in &words {
            firsts[usize::from(word[0] >> 6)] |= 1 << (word[0] & 63);
        }
        Self { words: words.into(), firsts }
    }

    /// Whether a text without blanks around it is one of these.
    #[inline]
    pub fn has(&self, text: &[u8]) -> bool {
        let Some(&first) = text.first() else { return true };
        self.firsts[usize::from(first >> 6)] >> (first & 63) & 1 == 1
            && self.words.iter().any(|word| word == text)
    }

    /// The words, without the empty one.
    pub fn words(&self) -> &[Vec<u8>] {
        &self.words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_words_are_missing() {
        let usual = Missing::default();
        for word in Missing::USUAL.iter().chain(&[""]) {
            assert!(usual.has(word.as_bytes()), "{word}");
        }
        for text in ["N", "NAN", "--", "-1", "n/a", "nanny", "0"] {
            assert!(!usual.has(text.as_bytes()), "{text}");
        }
        let said = Missing::new([" -1 ", "\u{fffd}", ""]);
        assert!(said.has(b"-1") && said.has("\u{fffd}".as_bytes()) && said.has(b""));
        assert!(!said.has(b"-") && !said.has(b"NA"));
    }
}
