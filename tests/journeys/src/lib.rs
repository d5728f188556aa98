//! Drives the built page in real browsers, as a person would.
//!
//! * [`browser`]: a browser with its driver, from start to certain end.
//! * [`wire`]: the WebDriver protocol, as far as it is needed.
//! * [`page`]: the page by the names of its `data-testid`s.
//! * [`files`]: the real files, unpacked, and places to put others.
//! * [`processes`]: who belongs to a browser, and how much memory it holds.
#![expect(
    clippy::missing_panics_doc,
    reason = "a journey that cannot go on panics with a sentence: that is how it fails"
)]

pub mod browser;
pub mod files;
pub mod page;
pub mod processes;
pub mod wire;
