//! A line of the ranked list: a row, where eyes put it, and why.

use std::sync::Arc;

use leptos::prelude::*;

use super::cases::reason_buttons;
use crate::chart::format;
use crate::protocol::{ColumnProfile, ColumnType, Found, Loaded, Role, arrange};
use crate::ui::classify::row::class_of;
use crate::ui::session::Session;
use crate::ui::sight;
use crate::ui::triage::{self, Severity};
use crate::ui::words;

/// The names of what a line shows.
pub(super) fn head(title: String, others: &[Arc<Found>]) -> AnyView {
    let eye = |found: &Arc<Found>| {
        let about = format!("The row's rank by the {}", sight::name(found.eye).to_lowercase());
        view! {
            <span class="num" role="columnheader" title=about>{sight::short(found.eye)}</span>
        }
    };
    view! {
        <div class=format!("ranked ranked--head ranked--{}", others.len())>
            <span class="num" role="columnheader">"#"</span>
            <span role="columnheader" title=Severity::RULE>"severity"</span>
            <span class="num" role="columnheader">"score"</span>
            {others.iter().map(eye).collect_view()}
            <span class="num" role="columnheader">"row"</span>
            <span class="ellipsis" role="columnheader" title=title.clone()>{title.clone()}</span>
            <span role="columnheader">"because of"</span>
        </div>
    }
    .into_any()
}

/// A row that is listed.
#[component]
pub fn Ranked(
    /// Which.
    row: u32,
    /// The table.
    table: Arc<Loaded>,
    /// Its scores.
    found: Arc<Found>,
    /// The columns that tell what a row is.
    telling: Arc<Vec<u32>>,
    /// What other eyes see.
    others: Arc<Vec<Arc<Found>>>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let score = found.scores[row as usize];
    let rank = triage::rank(&found, score);
    let n_rows = triage::n_rows(&found);
    let severity = Memo::new(move |_| {
        if score < session.threshold.get() {
            Severity::Ordinary
        } else {
            Severity::of_rank(rank, n_rows)
        }
    });
    let judged = move || {
        let verdict = session.judgements.said.with(|said| said.get(&row).map(|said| said.0))?;
        Some(view! {
            <i class=format!("judged judged--{}", verdict.word()) title=verdict.word()>
                {words::verdict_sign(verdict)}
            </i>
        })
    };
    let band = Memo::new(move |_| session.bands.with(|known| known.get(row).map(|band| *band)));
    let is_steady =
        Memo::new(move |_| band.get().is_some_and(|band| band.worst <= session.flagged.get()));
    let about_band = move || band.get().map(|band| sight::band(band, is_steady.get()));
    let steady =
        move || is_steady.get().then(|| view! { <i class="steady" data-testid="steady">"★"</i> });
    let reasons = Memo::new(move |_| session.reasons.with(|known| known.get(row)));
    let name = {
        let table = table.clone();
        move |column: u32| {
            table.profile.columns.get(column as usize).map_or("", |c| c.name.as_str()).to_owned()
        }
    };
    let why = move || {
        reasons.with(|reasons| {
            reasons.as_ref().map(|reasons| {
                reasons.reasons.iter().map(|r| name(r.column)).collect::<Vec<_>>().join("|")
            })
        })
    };
    let chips = {
        let table = table.clone();
        move || {
            reasons.with(|reasons| {
                let reasons = &reasons.as_ref()?.reasons;
                let reasons: Vec<_> = reasons.iter().map(|r| (r.column, r.direction)).collect();
                Some(reason_buttons(&reasons, &table, session.because))
            })
        }
    };
    let class = move || {
        session.trained.with(|trained| {
            let trained = trained.as_ref()?;
            let class = class_of(trained, row)?.clone();
            let margin = trained.margins.get(row as usize).copied().unwrap_or(0.0);
            Some(view! {
                <i
                    class="class" data-testid="row-class" data-value=class.clone()
                    data-margin=margin.to_string() title="What the model says, and its margin"
                >
                    {class.clone()} " " {format::fixed(margin, 2)}
                </i>
            })
        })
    };
    let text = Memo::new(move |_| session.rows.with(|known| known.get(row)));
    let cells = move || {
        text.with(|text| {
            text.as_ref().map(|text| {
                let cell = |&column: &u32| {
                    let kind = table.profile.columns[column as usize].kind;
                    text.cells.get(column as usize).map(|cell| words::cell(kind, cell))
                };
                telling.iter().filter_map(cell).collect::<Vec<_>>().join(" · ")
            })
        })
    };
    view! {
        <div
            class=format!("ranked ranked--{}", others.len()) class:is-ordinary=move || severity.get() == Severity::Ordinary
            data-testid="anomaly-row" data-row=row.to_string() data-score=score.to_string()
            data-rank=rank.to_string() data-why=why
            data-band=move || band.get().map(|band| format!("{}-{}", band.best, band.worst))
        >
            <span class="num soft" role="gridcell" title=about_band>
                {judged} {format::count(u64::from(rank))} {steady}
            </span>
            <span
                class=move || format!("severity severity--{}", severity.get().word())
                title=move || severity.get().word() role="gridcell"
            >
                {move || severity.get().sign()}
            </span>
            <span class="num" role="gridcell">{format::fixed(score, 3)}</span>
            {others.iter().map(|found| rank_by(found, row)).collect_view()}
            <span class="num soft" role="gridcell">{format::count(u64::from(row))}</span>
            <span class="ellipsis" role="gridcell" title=cells.clone()>{cells.clone()}</span>
            <span class="chips" role="gridcell">{class} {chips}</span>
        </div>
    }
}

/// A row's rank by another eye.
fn rank_by(found: &Found, row: u32) -> AnyView {
    let rank = triage::rank(found, found.scores[row as usize]);
    view! { <span class="num soft" role="gridcell">{format::count(u64::from(rank))}</span> }
        .into_any()
}

/// A few columns that tell what a row is: who and what, rather than how much.
pub(super) fn telling(
    columns: &[ColumnProfile],
    role_of: impl Fn(&ColumnProfile) -> Role,
) -> Vec<u32> {
    const FEW: usize = 3;
    let places = |column: &ColumnProfile| match (role_of(column), column.kind) {
        (Role::Entity, _) => 0,
        (Role::Feature, ColumnType::Text) => 1,
        (Role::Label, _) => 2,
        (Role::Feature, ColumnType::Boolean) => 3,
        (Role::Feature, _) => 4,
        _ => 9,
    };
    let mut order: Vec<(u32, u32)> =
        columns.iter().zip(0..).map(|(column, index)| (places(column), index)).collect();
    order.retain(|&(place, _)| place < 9);
    arrange(&mut order, Ord::cmp);
    let mut few: Vec<u32> = order.into_iter().take(FEW).map(|(_, index)| index).collect();
    arrange(&mut few, Ord::cmp);
    few
}
