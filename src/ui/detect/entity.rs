//! One who takes part: a name, the rows that have it, and when they were.

use std::sync::Arc;

use leptos::prelude::*;

use crate::chart::format;
use crate::protocol::{ColumnProfile, ColumnType, Entity, Found, Loaded, Test};
use crate::ui::bound;
use crate::ui::lens::Chip;
use crate::ui::plots::density::Shared;
use crate::ui::plots::frame::Frame;
use crate::ui::plots::lanes::Lane;
use crate::ui::session::Session;
use crate::ui::triage;
use crate::ui::words;

/// The names of what a line shows.
pub(super) fn head(has_lanes: bool) -> AnyView {
    let lane = has_lanes.then(|| {
        view! { <span role="columnheader">"its rows over time, UTC"</span> }
    });
    view! {
        <div class="entity entity--head" role="row">
            <span role="columnheader">"name"</span>
            <span class="num" role="columnheader">"rows"</span>
            <span class="num" role="columnheader">"flagged"</span>
            <span role="columnheader">"strongest"</span>
            {lane}
        </div>
    }
    .into_any()
}

/// An entity in its place.
pub(super) fn line(
    (place, entity): (usize, &Entity),
    table: &Loaded,
    found: &Arc<Found>,
    column: u32,
    time: Option<ColumnType>,
    frame: Shared<Frame>,
) -> AnyView {
    let session = expect_context::<Session>();
    let profile = &table.profile.columns[column as usize];
    let (score, row) = (entity.top_score, entity.top_row);
    let severity = {
        let found = found.clone();
        Memo::new(move |_| triage::severity(&found, score, session.threshold.get()))
    };
    let seen = time.zip(entity.seen).map(|(kind, (first, last))| {
        let exact = format!("{} to {}", words::value(kind, first), words::value(kind, last));
        view! {
            <span class="entity__seen ellipsis" title=exact>{span(kind, first, last)}</span>
        }
    });
    let lane = time.map(|_| {
        let label = format!("{} over time", entity.name);
        view! {
            <div class="entity__lane" role="cell">
                <Lane line=place frame found=found.clone() label />
            </div>
        }
    });
    view! {
        <div
            class="entity" role="row" class:is-calm=entity.n_flagged == 0 data-testid="entity"
            data-name=entity.name.clone() data-rows=entity.n_rows.to_string()
            data-flagged=entity.n_flagged.to_string() data-row=row.to_string()
            data-score=score.to_string()
        >
            <div class="entity__who" role="rowheader">{name_of(profile, entity)} {seen}</div>
            <span class="num" role="cell">{format::count(u64::from(entity.n_rows))}</span>
            <span class="num" role="cell">{format::count(u64::from(entity.n_flagged))}</span>
            <span role="cell">
                <button
                    class="entity__score" type="button" title="Open the row that has it"
                    on:click=move |_| session.selected_row.set(Some(row))
                >
                    <span class=move || format!("severity severity--{}", severity.get().word())>
                        {move || severity.get().sign()}
                    </span>
                    {format::fixed(score, 3)}
                </button>
            </span>
            {lane}
        </div>
    }
    .into_any()
}

/// The name; a press lists the rows that have it, another all again.
fn name_of(column: &ColumnProfile, entity: &Entity) -> AnyView {
    let session = expect_context::<Session>();
    let columns = [column.name.clone()];
    let value = bound::of_name(column, &entity.name);
    let test = Test::OneOf(vec![value]);
    let chips = [Chip { column: column.name.clone(), test, is_negated: false }];
    let is_on = {
        let (columns, chips) = (columns.clone(), chips.clone());
        Memo::new(move |_| session.lens.with(|lens| lens.is_narrowed(&columns, &chips)))
    };
    let title = format!("List the rows of {} alone", entity.name);
    view! {
        <button
            class="entity__name ellipsis" type="button" title=title class:is-on=is_on
            aria-pressed=move || is_on.get().to_string()
            on:click=move |_| session.narrow(&columns, &chips)
        >
            {entity.name.clone()}
        </button>
    }
    .into_any()
}

/// From when to when, to the second; what is said of the day once is not said again.
fn span(kind: ColumnType, first: f64, last: f64) -> String {
    let word = |value: f64| match kind {
        ColumnType::Time => format::time(value.floor()),
        _ => words::value(kind, value),
    };
    let (first, last) = (word(first), word(last));
    match (first.split_once(' '), last.split_once(' ')) {
        _ if first == last => first,
        (Some((day, _)), Some((same, clock))) if day == same => format!("{first} – {clock}"),
        _ => format!("{first} – {last}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_named_once() {
        let at = |seconds: f64| 1_777_885_200.0 + seconds;
        let time = |first, last| span(ColumnType::Time, first, last);
        assert_eq!(time(at(0.25), at(61.5)), "2026-05-04 09:00:00 – 09:01:01");
        assert_eq!(time(at(0.0), at(86_400.0)), "2026-05-04 09:00:00 – 2026-05-05 09:00:00");
        assert_eq!(time(at(0.0), at(0.9)), "2026-05-04 09:00:00");
        assert_eq!(span(ColumnType::Integer, 1.0, 2_000.0), "1 – 2,000");
    }
}
