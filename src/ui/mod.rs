//! The page.
//!
//! [`Session`](session::Session) knows everything and learns it in one place; [`Link`](link::Link)
//! asks the conductor; the rest are stages, made of components, over the geometry of `chart`.

pub mod app;
pub mod aside;
pub mod ballot;
pub mod bar;
pub mod bound;
pub mod cache;
pub mod choosers;
pub mod classify;
pub mod detect;
pub mod draft;
pub mod export;
pub mod history;
pub mod inspect;
pub mod job;
pub mod judgements;
pub mod ledger;
pub mod lens;
pub mod lesson;
pub mod link;
pub mod load;
pub mod members;
pub mod number;
pub mod outside;
pub mod plots;
pub mod rail;
pub mod recipe;
pub mod said;
pub mod select;
pub mod session;
pub mod sight;
pub mod stage;
pub mod theme;
pub mod tip;
pub mod triage;
pub mod verdict;
pub mod virtual_list;
pub mod words;

/// Puts the page into the document's body.
pub fn mount() {
    leptos::mount::mount_to_body(app::App);
}
