//! How the rows that the forest grew on differ from those that it judges.

use std::slice::from_ref;
use std::sync::Arc;

use leptos::prelude::*;

use crate::chart::format;
use crate::protocol::{
    Bound, ColumnDrift, ColumnProfile, Drift, Found, Loaded, Test, Unseen, arrange,
};
use crate::ui::bound::written;
use crate::ui::lens::Chip;
use crate::ui::link::Link;
use crate::ui::session::Session;
use crate::ui::words;

/// Columns that are shown at once.
const STEP: usize = 8;
/// Values that nobody knew, as chips.
const NAMED: usize = 4;
/// Below the first the distribution is called the same, from the second on another.
const LEVELS: (f64, f64) = (0.1, 0.25);

/// A line per column, where trees grew on some of the rows: PSI, KS, and values that those do not have.
#[component]
pub fn DriftCard(
    /// The table.
    table: Arc<Loaded>,
    /// Its scores.
    found: Arc<Found>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    if found.grown_on.is_all() {
        return ().into_any();
    }
    link.want_drift(&found);
    let n_shown = RwSignal::new(STEP);
    let told = move || {
        let drift = session.drift.get()?;
        let columns = by_weight(&drift);
        let line = |column: &&ColumnDrift| line(column, &drift, &table, session);
        let lines = columns.iter().take(n_shown.get()).map(line).collect_view();
        let rest = columns.len().saturating_sub(n_shown.get());
        let more = (rest > 0).then(|| {
            view! {
                <button
                    class="link cases__more" type="button"
                    on:click=move |_| n_shown.update(|n| *n += 5 * STEP)
                >
                    {format!("{} more", format::count(rest as u64))}
                </button>
            }
        });
        Some(
            view! { {headline(&drift)} <div class="cases">{head()} {lines}</div> {more} }
                .into_any(),
        )
    };
    view! {
        <section class="card card--flush" data-testid="drift">
            <header class="card__head">
                <h2>"Baseline and the rest"</h2>
            </header>
            {told}
            <footer class="card__foot">
                <p class="cap">
                    "PSI adds up how shares of rows moved between ten equal parts of the baseline (below \
                     0.1 the same, from 0.25 another); KS is the largest gap between the two \
                     distributions. Values that the baseline does not have can be listed with a click."
                </p>
            </footer>
        </section>
    }
    .into_any()
}

fn headline(drift: &Drift) -> AnyView {
    let is_another = |column: &&ColumnDrift| column.psi.is_some_and(|psi| psi >= LEVELS.1);
    let n = drift.columns.iter().filter(is_another).count() as u64;
    let said = format!(
        "{} of {} are distributed otherwise among the {} rows that the trees did not grow on than among \
         the {} that they did.",
        format::count(n),
        words::counted(drift.columns.len() as u64, "column", "columns"),
        format::count(drift.n_others.into()),
        format::count(drift.n_baseline.into()),
    );
    view! { <p class="soft cases__none">{said}</p> }.into_any()
}

fn head() -> AnyView {
    view! {
        <div class="drift drift--head">
            <span>"column"</span>
            <span class="num">"PSI"</span>
            <span></span>
            <span class="num">"KS"</span>
            <span class="num">"missing"</span>
            <span>"not in the baseline"</span>
        </div>
    }
    .into_any()
}

/// The most drifted column first.
fn by_weight(drift: &Drift) -> Vec<&ColumnDrift> {
    let mut columns: Vec<&ColumnDrift> = drift.columns.iter().collect();
    let weight = |column: &ColumnDrift| column.psi.unwrap_or(-1.0);
    arrange(&mut columns, |a, b| weight(b).total_cmp(&weight(a)));
    columns
}

fn line(column: &ColumnDrift, drift: &Drift, table: &Loaded, session: Session) -> AnyView {
    let Some(profile) = table.profile.columns.get(column.column as usize) else {
        return ().into_any();
    };
    let number =
        |value: Option<f64>| value.map_or("—".to_owned(), |value| format::fixed(value, 3));
    let level = match column.psi {
        None => "",
        Some(psi) if psi < LEVELS.0 => "same",
        Some(psi) if psi < LEVELS.1 => "moved",
        Some(_) => "another",
    };
    let shares = [drift.n_baseline, drift.n_others];
    let missing = column
        .n_missing
        .iter()
        .zip(shares)
        .map(|(&n, all)| words::percent(f64::from(n) / f64::from(all.max(1))));
    let missing = if column.n_missing == [0, 0] {
        String::new()
    } else {
        missing.collect::<Vec<_>>().join(" → ")
    };
    let unseen = column.unseen.as_ref().and_then(|unseen| unknown(unseen, profile, session));
    view! {
        <div
            class="drift" data-testid="drift-column" data-name=profile.name.clone()
            data-psi=column.psi.map(|psi| psi.to_string()) data-ks=column.ks.map(|ks| ks.to_string())
        >
            <b class="ellipsis" title=words::about(profile)>{profile.name.clone()}</b>
            <span class="num">{number(column.psi)}</span>
            <span class=format!("drift__level drift__level--{level}")>{level}</span>
            <span class="num">{number(column.ks)}</span>
            <span class="num soft">{missing}</span>
            <span class="chips">{unseen}</span>
        </div>
    }
    .into_any()
}

/// Values that the baseline does not have; a click lists their rows.
fn unknown(unseen: &Unseen, column: &ColumnProfile, session: Session) -> Option<AnyView> {
    let list = |test: Test, is_negated: bool| {
        let chip = Chip { column: column.name.clone(), test, is_negated };
        move |_| session.narrow(from_ref(&chip.column), from_ref(&chip))
    };
    let chip = |words: String, list: Box<dyn Fn(web_sys::MouseEvent)>| {
        view! {
            <button class="chip chip--act" type="button" data-testid="unseen" on:click=list>
                {words}
            </button>
        }
        .into_any()
    };
    match unseen {
        Unseen::Categories { n_distinct: 0, .. }
        | Unseen::Beyond { n_below: 0, n_above: 0, .. } => None,
        Unseen::Categories { n_distinct, names, .. } => {
            let mut chips: Vec<AnyView> = names
                .iter()
                .take(NAMED)
                .map(|(name, n)| {
                    let words = format!("{name} ({})", format::count(u64::from(*n)));
                    chip(words, Box::new(list(Test::OneOf(vec![name.clone()]), false)))
                })
                .collect();
            let n_more = *n_distinct as usize - chips.len();
            if n_more > 0 {
                let all = names.iter().map(|(name, _)| name.clone()).collect();
                let words = format!("and {} more", format::count(n_more as u64));
                chips.push(chip(words, Box::new(list(Test::OneOf(all), false))));
            }
            Some(chips.collect_view().into_any())
        }
        Unseen::Beyond { range: (low, high), n_below, n_above } => {
            let words = format!(
                "{} below, {} above its range",
                format::count(u64::from(*n_below)),
                format::count(u64::from(*n_above)),
            );
            let bound =
                |value| Some(Bound { value: written(&column.reading, value)?, is_strict: false });
            let within = Test::Between(bound(*low), bound(*high));
            Some(chip(words, Box::new(list(within, true))))
        }
    }
}
