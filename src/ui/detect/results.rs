//! What was found: the headline, the cut, the list, the charts.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::reactive::graph::untrack;

use super::cases::CaseList;
use super::cut::{Facts, FlagBy};
use super::drift::DriftCard;
use super::entities::EntityList;
use super::eyes::Eyes;
use super::list::RankedList;
use super::parallel::Parallel;
use super::scatter::{Scatter, Timeline};
use crate::chart::format;
use crate::protocol::{Found, Loaded, Role, Timing};
use crate::ui::outside;
use crate::ui::plots::scores::ScoreHistogram;
use crate::ui::session::Session;
use crate::ui::{triage, words};

/// Everything about one set of scores.
#[component]
pub fn Results(
    /// The table.
    table: Arc<Loaded>,
    /// Its scores.
    found: Arc<Found>,
    /// Whether the charts come first and the lists once they are seen: no task of the page may be long.
    in_parts: bool,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let has_lists = RwSignal::new(!in_parts);
    if in_parts {
        outside::after_paint(move || {
            has_lists.try_set(true);
        });
    }
    let profile = &table.profile;
    let detail = outside::detail(
        profile.n_rows,
        profile.columns.len(),
        profile.n_bytes,
        session.n_shards.get_untracked(),
    );
    let time = (0..)
        .zip(&profile.columns)
        .find(|(_, column)| untrack(|| session.role_of(column)) == Role::Time)
        .map(|(index, _)| index);
    let warning = {
        let table = table.clone();
        move || {
            words::label_warning(&table.profile, |column| session.role_of(column))
                .map(|sentence| view! { <p class="remark">{sentence}</p> })
        }
    };
    let lists = {
        let (table, found) = (table.clone(), found.clone());
        move || {
            has_lists.get().then(|| {
                let timeline = time.map(|column| {
                    view! { <Timeline table=table.clone() found=found.clone() column /> }
                });
                view! {
                    <CaseList table=table.clone() found=found.clone() />
                    <DriftCard table=table.clone() found=found.clone() />
                    <EntityList table=table.clone() found=found.clone() time />
                    <RankedList table=table.clone() found=found.clone() />
                    <Parallel table=table.clone() found=found.clone() />
                    {timeline}
                }
                .into_any()
            })
        }
    };
    let flag_by = view! { <FlagBy found=found.clone() /> }.into_any();
    view! {
        {warning}
        <Eyes found=found.clone() />
        <div class="pair pair--charts">
            <section class="card">
                <Facts found=found.clone() />
                <ScoreHistogram
                    found=found.clone() threshold=session.threshold flagged=session.flagged detail
                    kept=session.kept
                >
                    {flag_by}
                </ScoreHistogram>
            </section>
            <Scatter table found />
        </div>
        {lists}
    }
}

/// How many rows stand apart, and under which settings.
#[component]
pub fn Headline(
    /// The scores.
    found: Arc<Found>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let facts = {
        let seconds = span(&session.timings.get_untracked())
            .map(|span| format!(" · {} s", format::fixed(span / 1_000.0, 2)))
            .unwrap_or_default();
        format!(
            "of {} rows, on {}{seconds}",
            format::count(found.ranking.len() as u64),
            words::counted(found.features.len() as u64, "column", "columns"),
        )
    };
    let params = format!(
        "{} trees × {}, seed {}",
        format::count(u64::from(found.params.n_trees)),
        format::count(u64::from(found.params.sample_size)),
        found.params.seed,
    );
    let usual = triage::default_threshold(&found);
    let is_clear = found.proposal.is_some();
    let is_unclear = move || !is_clear && session.threshold.get() == usual;
    let headline = move || match session.listed.get() {
        _ if is_unclear() => "No clear anomalies".to_owned(),
        0 if session.flagged.get() > 0 => "Filters and rules leave no flagged row".to_owned(),
        0 => "No row reaches the threshold".to_owned(),
        1 => "One row stands apart".to_owned(),
        n => format!("{} rows stand apart", format::count(u64::from(n))),
    };
    view! {
        <h1 role="status">{headline}</h1>
        <p title=params>{facts}</p>
    }
}

/// From the first beginning to the last end, in milliseconds.
fn span(timings: &[Timing]) -> Option<f64> {
    let start = timings.iter().map(|timing| timing.start).reduce(f64::min)?;
    let end = timings.iter().map(|timing| timing.start + timing.duration).reduce(f64::max)?;
    Some(end - start)
}
