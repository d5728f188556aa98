//! Whole journeys through the built page, each in three browsers.
//!
//! `cargo xtask test` builds the page and brings the browsers; alone:
//! `cargo test -p journeys -- --test-threads=1 chromium`.

/// Makes a test of each journey for each browser, as `start::chromium::…`.
macro_rules! in_every_browser {
    ($($journey:ident),+ $(,)?) => {
        in_every_browser!(@ chromium, Chromium, $($journey),+);
        in_every_browser!(@ firefox, Firefox, $($journey),+);
        in_every_browser!(@ webkit, WebKit, $($journey),+);
    };
    (@ $module:ident, $browser:ident, $($journey:ident),+) => {
        mod $module {
            $(
                #[test]
                fn $journey() {
                    super::$journey(journeys::browser::Browser::$browser);
                }
            )+
        }
    };
}

mod apply;
mod classify;
mod context;
mod detect;
mod entities;
mod eyes;
mod find;
mod history;
mod keyboard;
mod load;
mod privacy;
mod recognised;
mod sources;
mod start;
mod trouble;
mod tuning;
