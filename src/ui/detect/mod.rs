//! Detect: find the odd rows and see why they are odd.

pub mod around;
pub mod cases;
pub mod cut;
pub mod drift;
pub mod entities;
mod entity;
pub mod eyes;
pub mod inspector;
pub mod list;
pub mod narrowing;
pub mod parallel;
pub mod ranked;
mod ranking;
pub mod results;
pub mod scatter;
pub mod settings;
mod who;

use leptos::prelude::*;

use super::job::SampleNote;
use super::link::Link;
use super::session::Session;
use super::words;
use inspector::Inspector;
use results::{Headline, Results};
use settings::Settings;

/// Settings, results and the row inspector.
#[component]
pub fn Detect() -> impl IntoView {
    let session = expect_context::<Session>();
    let was_shown = StoredValue::new(false);
    let results = move || {
        let (table, found) = (session.table.get()?, session.found.get()?);
        // The first time there is much to make, and nothing below the charts to hold in its place.
        let in_parts = !was_shown.get_value();
        was_shown.set_value(true);
        Some(view! { <Results table found in_parts /> }.into_any())
    };
    let headline = move || match session.found.get() {
        Some(found) => view! { <Headline found /> }.into_any(),
        None => view! { <Intention /> }.into_any(),
    };
    let how = move || session.found.with(Option::is_none).then(|| view! { <How /> }.into_any());
    let inspector = move || {
        let (table, found) = (session.table.get()?, session.found.get()?);
        Some(view! { <Inspector table found /> }.into_any())
    };
    let link = expect_context::<Link>();
    Effect::new(move |_| link.look());
    view! {
        <div class="with-aside">
            <div class="stage">
                <Settings headline=headline.into_any() /> <SampleNote /> {how} {results}
            </div>
            {inspector}
        </div>
    }
}

/// What the button will do.
#[component]
fn Intention() -> impl IntoView {
    let session = expect_context::<Session>();
    let facts = move || {
        session.table.with(|table| {
            let profile = &table.as_ref()?.profile;
            Some(format!(
                "{} of {} take part, on {}.",
                session.features.get().len(),
                words::counted(profile.columns.len() as u64, "column", "columns"),
                words::counted(u64::from(profile.n_rows), "row", "rows"),
            ))
        })
    };
    view! {
        <h1>"Find the rows that stand apart"</h1>
        <p>{facts}</p>
    }
}

/// How it will be done.
#[component]
fn How() -> impl IntoView {
    view! {
        <section class="card how">
            <div>
                <h2>"1 · Draw"</h2>
                <p>"Each tree takes a small random sample of the rows."</p>
            </div>
            <div>
                <h2>"2 · Split"</h2>
                <p>
                    "It splits the sample at random values of random columns, until rows are alone. An \
                     odd row is alone after few splits."
                </p>
            </div>
            <div>
                <h2>"3 · Score"</h2>
                <p>
                    "Every row of the table walks down all trees. The shorter its mean path, the nearer \
                     its score is to 1; and each step names the column that shortened it."
                </p>
            </div>
        </section>
    }
}
