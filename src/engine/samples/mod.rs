//! Three built-in tables, made from a seed: files to try the page on when none is at hand.
//!
//! They come as the bytes of a CSV file, so that they go the very way of a dropped one. Addresses
//! outside the invented networks are from the blocks reserved for documentation (RFC 5737, 3849).

mod draw;
mod flow;
mod office;
mod rings;
mod scan;

use serde::{Deserialize, Serialize};

/// A built-in table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Sample {
    /// An office day with four intrusions.
    Office,
    /// A port scan hidden in a busy server.
    Scan,
    /// Rings and outliers in two dimensions.
    Rings,
}

impl Sample {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 3] = [Self::Office, Self::Scan, Self::Rings];

    /// The file's name.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope_engine::samples::Sample;
    ///
    /// assert_eq!(Sample::Scan.name(), "port-scan.csv");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            Self::Office => "office-day.csv",
            Self::Scan => "port-scan.csv",
            Self::Rings => "rings.csv",
        }
    }

    /// What it is, in a few words.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope_engine::samples::Sample;
    ///
    /// assert_eq!(Sample::Rings.title(), "Rings and outliers");
    /// ```
    pub fn title(self) -> &'static str {
        match self {
            Self::Office => "An office day with four intrusions",
            Self::Scan => "A port scan hidden in a busy server",
            Self::Rings => "Rings and outliers",
        }
    }

    /// What it holds and what to look for, in a sentence.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope_engine::samples::Sample;
    ///
    /// assert!(Sample::ALL.iter().all(|sample| sample.description().ends_with('.')));
    /// ```
    pub fn description(self) -> &'static str {
        match self {
            Self::Office => {
                "A day of connections in a firm of forty: look for data that leaves at night, guessed \
                 passwords, a machine that tries its neighbours, and one that calls home every ten minutes."
            }
            Self::Scan => {
                "Two hours of a web server under load: look for one visitor who knocks at hundreds of \
                 doors, slowly, among thousands who use one."
            }
            Self::Rings => {
                "Points in the plane, two rings and a core: look for those that belong to none, and for \
                 the hollows that a forest of straight cuts finds hard."
            }
        }
    }

    /// How many rows it has, header not counted, whatever the seed.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope_engine::samples::Sample;
    ///
    /// assert!(Sample::ALL.iter().all(|sample| sample.n_rows() <= 20_000));
    /// ```
    pub fn n_rows(self) -> u32 {
        match self {
            Self::Office => office::n_rows(),
            Self::Scan => scan::n_rows(),
            Self::Rings => rings::N_ROWS,
        }
    }

    /// The file: a header, then [`n_rows`](Self::n_rows) lines, the last column being `label`.
    ///
    /// The same seed gives the same bytes everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope_engine::samples::Sample;
    ///
    /// let file = Sample::Rings.csv(7);
    /// assert!(file.starts_with(b"x,y,label\n"));
    /// assert_eq!(file, Sample::Rings.csv(7));
    /// assert_ne!(file, Sample::Rings.csv(8));
    /// ```
    pub fn csv(self, seed: u64) -> Vec<u8> {
        match self {
            Self::Office => flow::csv(office::flows(seed)),
            Self::Scan => flow::csv(scan::flows(seed)),
            Self::Rings => rings::csv(seed),
        }
        .into_bytes()
    }
}
