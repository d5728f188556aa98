//! Export: take the result along.

use leptos::prelude::*;

use super::job::SampleNote;
use super::link::Link;
use super::outside;
use super::session::{Phase, Session};
use super::stage::Stage;
use crate::chart::format;
use crate::protocol::{NoticeKind, Treatment};

/// The scored table, and the link that makes it again.
#[component]
pub fn Export() -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let is_scored = move || session.found.with(Option::is_some);
    let is_classified = move || session.trained.with(Option::is_some);
    let has_some = move || is_scored() || is_classified();
    let is_busy = move || !matches!(session.phase.get(), Phase::Idle);
    let facts = move || {
        if is_scored() {
            format!(
                "{} of {} rows are flagged, at {} and above.",
                format::count(u64::from(session.flagged.get())),
                session.found.with(|found| {
                    format::count(found.as_ref().map_or(0, |found| found.ranking.len() as u64))
                }),
                format::fixed(session.threshold.get(), 3)
            )
        } else {
            let said = if is_classified() {
                "Rows are classified, and not scored."
            } else {
                "Nothing has been scored yet."
            };
            said.to_owned()
        }
    };
    let word = RwSignal::new("Copy link");
    let copy = move |_| {
        let address = window().location().href().unwrap_or_default();
        outside::copy(&address, move |done| {
            word.set(if done { "Copied" } else { "Copy it from the address bar" });
        });
    };
    view! {
        <div class="stage">
            <header class="stage__head">
                <div>
                    <h1>"Take it along"</h1>
                    <p>{facts}</p>
                </div>
                <span class="grow"></span>
                <Show when=move || !is_scored()>
                    <button class="go" on:click=move |_| session.stage.set(Stage::Detect)>
                        "Go to Detect"
                    </button>
                </Show>
            </header>
            <SampleNote />
            <div class="pair pair--even">
                <section class="card export">
                    <h2>"Scored table"</h2>
                    <p>
                        "The file's own columns and text, unchanged, then "
                        <code>"isoscope_score"</code> ", " <code>"isoscope_rank"</code> ", "
                        <code>"isoscope_flag"</code> " and " <code>"isoscope_why"</code>
                        " for every row; after a training " <code>"isoscope_class"</code> " and "
                        <code>"isoscope_margin"</code> "; where you judged rows, "
                        <code>"isoscope_verdict"</code> " and " <code>"isoscope_note"</code> " too."
                    </p>
                    <p class="remark">
                        "Mind spreadsheets: a cell that begins with "
                        <code>"="</code> " " <code>"+"</code> " " <code>"-"</code> " " <code>"@"</code>
                        " may be run as a formula there. The file's text is exported as it is."
                    </p>
                    {move || shifted(session)}
                    <button
                        class="go" data-testid="export-scored-csv"
                        disabled=move || !has_some() || is_busy() on:click=move |_| link.export()
                    >
                        "Download CSV"
                    </button>
                </section>
                <section class="card export">
                    <h2>"Model"</h2>
                    <p>
                        "As JSON, as it is shown: every round's questions with the columns' names, the votes, the line,                          and what it was trained with. Fifteen lines of any language give a row the same votes."
                    </p>
                    <p class="remark">
                        "It tells values of your file: the names and numbers that its questions ask for."
                    </p>
                    <button
                        class="quiet" data-testid="export-model-json"
                        disabled=move || !is_classified() || is_busy() on:click=move |_| link.export_model()
                    >
                        "Download JSON"
                    </button>
                </section>
                <section class="card export">
                    <h2>"Link to this view"</h2>
                    <p>
                        "The address holds the settings and the seed, never data. Whoever opens it and \
                         gives the same file gets the same scores, bit for bit."
                    </p>
                    <p class="original">{move || link_text(session)}</p>
                    <button class="quiet" data-testid="export-recipe" on:click=copy>
                        {move || word.get()}
                    </button>
                </section>
            </div>
        </div>
    }
}

/// What happens to rows that have more cells than there are columns.
fn shifted(session: Session) -> Option<AnyView> {
    let kept = session.table.with(|table| {
        let notices = &table.as_ref()?.profile.notices;
        notices.iter().find(|notice| notice.kind == NoticeKind::LongRow).map(|notice| notice.count)
    });
    let is_dropped = session
        .overrides
        .with(|said| said.treatments.get(&NoticeKind::LongRow) == Some(&Treatment::Drop));
    let n = format::count(kept.filter(|_| !is_dropped)?);
    Some(
        view! {
            <p class="remark" data-testid="export-shifted">
                {format!("Long rows: {n}. They have more cells than there are columns, and their text goes out as it is, so what isoscope adds stands further right in them. On Load they can be left out.")}
            </p>
        }
        .into_any(),
    )
}

/// What the address adds to the page's own.
fn link_text(session: Session) -> String {
    let recipe = session.recipe().format();
    if recipe.is_empty() {
        "all settings are the usual ones".to_owned()
    } else {
        format!("#{recipe}")
    }
}
