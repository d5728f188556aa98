//! The choosers of files: in the page at all times, out of sight, opened from anywhere.

use leptos::html;
use leptos::prelude::*;
use web_sys::{File, FileList};

use super::link::Link;
use super::session::Session;

/// The choosers. A bundle of handles: copy it.
#[derive(Debug, Clone, Copy)]
pub struct Choosers {
    /// Of a table, or its parts.
    pub table: Chooser,
    /// Of labels to join.
    pub labels: Chooser,
    /// Of rows that trees are to grow on.
    pub baseline: Chooser,
    /// Of rows that a model is judged by.
    pub test: Chooser,
}

/// One of them.
#[derive(Debug, Clone, Copy)]
pub struct Chooser(NodeRef<html::Input>);

impl Choosers {
    /// Choosers that [`Inputs`] puts into the page.
    pub fn new() -> Self {
        let chooser = || Chooser(NodeRef::new());
        Self { table: chooser(), labels: chooser(), baseline: chooser(), test: chooser() }
    }
}

impl Default for Choosers {
    fn default() -> Self {
        Self::new()
    }
}

impl Chooser {
    /// Asks for a file. Browsers let this happen on a click or a key, and then only.
    pub fn open(self) {
        if let Some(input) = self.0.get_untracked() {
            input.click();
        }
    }

    /// What was chosen.
    fn take(self) -> Vec<File> {
        let Some(input) = self.0.get_untracked() else { return Vec::new() };
        let files = files_of(input.files());
        // The same file, chosen again, is to be read again.
        input.set_value("");
        files
    }
}

/// The choosers' elements.
#[component]
pub fn Inputs() -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let Choosers { table, labels, baseline, test } = expect_context::<Choosers>();
    let on_table = move |_| take_files(session, link, table.take());
    let on_labels =
        move |_| labels.take().into_iter().for_each(|file| link.join_labels(file, None));
    let on_baseline = move |_| baseline.take().into_iter().for_each(|file| link.add_baseline(file));
    let on_test = move |_| test.take().into_iter().for_each(|file| link.add_test(file));
    view! {
        <input
            class="visually-hidden" type="file" data-testid="test-input" tabindex="-1"
            aria-label="Choose a file of rows to test on" node_ref=test.0 on:change=on_test
        />
        <input
            class="visually-hidden" type="file" multiple=true data-testid="file-input"
            tabindex="-1" aria-label="Choose a file" node_ref=table.0 on:change=on_table
        />
        <input
            class="visually-hidden" type="file" data-testid="labels-input" tabindex="-1"
            aria-label="Choose a file with labels" node_ref=labels.0 on:change=on_labels
        />
        <input
            class="visually-hidden" type="file" data-testid="baseline-input" tabindex="-1"
            aria-label="Choose a file of usual rows" node_ref=baseline.0 on:change=on_baseline
        />
    }
}

/// Reads files as one table.
pub fn take_files(session: Session, link: Link, files: Vec<File>) {
    if !files.is_empty() {
        session.remark.set(None);
        link.load(files.into());
    }
}

/// The files of a browser's list.
pub fn files_of(list: Option<FileList>) -> Vec<File> {
    list.map_or_else(Vec::new, |list| (0..list.length()).filter_map(|i| list.get(i)).collect())
}
