//! Who takes part: a line for each value of a column, the oddest first, and when its rows were.

use std::sync::Arc;
use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use leptos::reactive::graph::untrack;

use crate::chart::format;
use crate::protocol::{
    ColumnProfile, ColumnType, Entities, Entity, EntitySpec, Found, Loaded, MOST_CODES, Role, Test,
};
use crate::ui::bound;
use crate::ui::lens::Chip;
use crate::ui::link::Link;
use crate::ui::outside::{self, AtRest};
use crate::ui::plots::density::Shared;
use crate::ui::plots::frame::{self, Frame};
use crate::ui::plots::lanes::{self, Lane};
use crate::ui::session::Session;
use crate::ui::triage;
use crate::ui::words;

/// Entities that are shown at once.
const PAGE: u32 = 12;
/// The height of a line, as in the style.
const LINE: u32 = 46;
/// Columns that are offered.
const OFFERED: usize = 500;

/// The values of a column that tells who, the oddest first. They follow the threshold once it rests.
#[component]
pub fn EntityList(
    /// The table.
    table: Arc<Loaded>,
    /// Its scores.
    found: Arc<Found>,
    /// The column that tells when.
    time: Option<u32>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let columns = untrack(|| candidates(&table.profile.columns, |it| session.role_of(it)));
    let profile = |&column: &u32| &table.profile.columns[column as usize];
    let usual = columns.iter().copied().find(|column| can_be_told(profile(column)));
    let Some(usual) = usual.or(columns.first().copied()) else { return ().into_any() };
    let offered: Vec<(u32, String)> =
        columns.iter().map(|column| (*column, profile(column).name.clone())).collect();
    let time = lanes::along(&table.profile, time);
    let from = RwSignal::new(0_u32);
    let column = {
        let offered = offered.clone();
        Memo::new(move |_| {
            let is_meant = |name: &str| offered.iter().find(|(_, there)| there == name);
            session.who.with(|who| is_meant(who.as_deref()?)).map_or(usual, |&(column, _)| column)
        })
    };
    let choice = (offered.len() > 1).then(|| {
        let option = |(index, name): (u32, String)| {
            let is_chosen = move || column.get() == index;
            view! { <option value=name.clone() selected=is_chosen>{name.clone()}</option> }
        };
        view! {
            <select
                class="input" data-testid="entity-column" aria-label="The column that tells who"
                on:change:target=move |event| {
                    session.who.set(Some(event.target().value()));
                    from.set(0);
                }
            >
                {offered.into_iter().map(option).collect_view()}
            </select>
        }
    });
    let name = {
        let table = table.clone();
        move || table.profile.columns[column.get() as usize].name.clone()
    };
    let body = {
        let (table, found) = (table.clone(), found.clone());
        move || {
            let (table, found, column) = (table.clone(), found.clone(), column.get());
            match too_many(&table.profile.columns[column as usize]) {
                Some(sentence) => {
                    view! { <p class="soft cases__none" data-testid="entities-too-many">{sentence}</p> }
                        .into_any()
                }
                None => view! { <Listed table found column time from /> }.into_any(),
            }
        }
    };
    let shown = move || session.entities.get().filter(|it| it.spec.column == column.get());
    let headline = move || {
        shown().map(|entities| {
            let n = words::counted(u64::from(entities.n_flagged), "has", "have");
            format!("{} in all, {n} a flagged row", format::count(u64::from(entities.n_entities)))
        })
    };
    view! {
        <section
            class="card card--flush" data-testid="entities"
            data-count=move || shown().map(|entities| entities.n_entities)
        >
            <header class="card__head">
                <h2>"Who · " {name}</h2>
                <p class="soft">{headline}</p>
                <div class="entities__choice">{choice}</div>
            </header>
            {body}
        </section>
    }
    .into_any()
}

/// The entities of a column that can be told one by one, page by page.
#[component]
fn Listed(
    table: Arc<Loaded>,
    found: Arc<Found>,
    column: u32,
    time: Option<u32>,
    from: RwSignal<u32>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    ask(column, time, from);
    // What is told of another column is not shown under this one's name.
    let shown = Memo::new(move |_| session.entities.get().filter(|it| it.spec.column == column));
    let node = NodeRef::<html::Div>::new();
    let frame = lanes::of(shown, time, outside::size_of(node), table.clone());
    let profile = &table.profile.columns[column as usize];
    let n_lines = profile.n_distinct.min(PAGE);
    let missing = {
        let name = profile.name.clone();
        move || shown.with(|shown| shown.as_ref().and_then(|it| without(it, &name)))
    };
    let kind = time.map(|time| table.profile.columns[time as usize].kind);
    let axis = kind.map(|kind| {
        view! {
            <div class="entity entity--axis">
                <div class="entity__lane" node_ref=node>{lanes::axis(frame, kind)}</div>
            </div>
        }
    });
    let behind = kind.map(|_| {
        let found = found.clone();
        let table = move || {
            frame.get().map(|frame| frame::behind(&frame, &found, session, ("when", "who")))
        };
        view! {
            <details class="behind">
                <summary>"The table behind it"</summary>
                {table}
            </details>
        }
    });
    let head = head(kind.is_some());
    let lines = move || {
        let entities = shown.get()?;
        let lines = entities.entities.iter().enumerate();
        Some(lines.map(|it| line(it, &table, &found, column, kind, frame)).collect_view())
    };
    view! {
        <div class="entities" role="table" class:has-lanes=kind.is_some()>
            {head}
            <div role="rowgroup" style:min-height=format!("{}px", n_lines * LINE)>{lines}</div>
            {axis}
        </div>
        <footer class="card__foot">
            <Pages shown from />
            {kind.map(|_| legend())}
            <p class="cap">{what_to_look_for(kind.is_some())} {missing}</p>
            {behind}
        </footer>
    }
    .into_any()
}

/// Asks for what is to be shown: at once for another page, and once it rests for another threshold.
fn ask(column: u32, time: Option<u32>, from: RwSignal<u32>) {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let at_rest = AtRest::after(Duration::from_millis(150));
    let want = move || {
        let threshold = session.threshold.get_untracked();
        let from = from.get_untracked();
        let of = untrack(|| session.looked_at());
        link.want_entities(EntitySpec { column, of, threshold, time, most: PAGE, from });
    };
    let rules = Memo::new(move |_| session.looked_at());
    Effect::new(move |last: Option<f64>| {
        session.entities.track();
        rules.track();
        from.track();
        let threshold = session.threshold.get();
        if last == Some(threshold) {
            want();
        } else {
            at_rest.run(want);
        }
        threshold
    });
}

/// The names of what a line shows.
fn head(has_lanes: bool) -> AnyView {
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

fn line(
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

/// Which are shown, of how many, and a way to the others.
#[component]
fn Pages(shown: Memo<Option<Arc<Entities>>>, from: RwSignal<u32>) -> impl IntoView {
    let n_entities = move || shown.with(|shown| shown.as_ref().map_or(0, |it| it.n_entities));
    let told = move || {
        shown.with(|shown| {
            let shown = shown.as_ref()?;
            let (first, n) = (shown.spec.from, shown.entities.len() as u32);
            let count = |n: u32| format::count(u64::from(n));
            Some(format!("{}–{} of {}", count(first + 1), count(first + n), count(n_entities())))
        })
    };
    let button = move |word: &'static str, is_back: bool| {
        let is_end = move || {
            if is_back { from.get() == 0 } else { from.get() + PAGE >= n_entities() }
        };
        let turn = move |_| {
            from.update(|from| {
                *from = if is_back { from.saturating_sub(PAGE) } else { *from + PAGE };
            });
        };
        view! {
            <button class="quiet quiet--small" type="button" disabled=is_end on:click=turn>
                {word}
            </button>
        }
    };
    view! {
        <Show when=move || { n_entities() > PAGE }>
            <div class="entities__pages" role="group" aria-label="Pages">
                {button("Previous", true)} {button("Next", false)}
                <span class="soft" role="status" data-testid="entity-page">{told}</span>
            </div>
        </Show>
    }
    .into_any()
}

/// What the colours mean; the height says it too.
fn legend() -> AnyView {
    view! {
        <div class="legend" aria-hidden="true">
            <span><i class="swatch swatch--faint"></i>"no flagged row"</span>
            <span><i class="swatch swatch--odd-1"></i>"flagged"</span>
            <span><i class="swatch swatch--odd-2"></i>"high"</span>
            <span><i class="swatch swatch--odd-3"></i>"critical"</span>
        </div>
    }
    .into_any()
}

fn what_to_look_for(has_lanes: bool) -> &'static str {
    if has_lanes {
        "Look for high marks side by side, which are bursts, for marks of several at the same time, \
         and for who begins late or goes silent. The higher a mark, the odder the oddest row of its \
         moment. A click on a mark opens that row, one on a name lists all its rows."
    } else {
        "Look for those of whose rows many are flagged. A click on a name lists all its rows, one on \
         a score opens the row that has it."
    }
}

/// How many rows belong to nobody.
fn without(entities: &Entities, name: &str) -> Option<String> {
    let n = u64::from(entities.n_missing);
    (n > 0).then(|| {
        let flagged = format::count(u64::from(entities.n_missing_flagged));
        format!(" {} without {name}, {flagged} of them flagged.", words::counted(n, "row", "rows"))
    })
}

/// The columns that may tell who: those that have this role, then those of texts.
fn candidates(columns: &[ColumnProfile], role_of: impl Fn(&ColumnProfile) -> Role) -> Vec<u32> {
    let is_text = |column: &ColumnProfile| {
        matches!(column.kind, ColumnType::Text | ColumnType::Address)
            && column.n_distinct > 1
            && can_be_told(column)
            // Where nearly every row has a name of its own, names say no more than rows.
            && role_of(column) != Role::Id
    };
    let (mut first, mut then) = (Vec::new(), Vec::new());
    for (index, column) in (0..).zip(columns) {
        if role_of(column) == Role::Entity && column.values.is_some() {
            first.push(index);
        } else if is_text(column) {
            then.push(index);
        }
    }
    first.append(&mut then);
    first.truncate(OFFERED);
    first
}

/// Whether each value of a column has a code of its own.
fn can_be_told(column: &ColumnProfile) -> bool {
    column.values.is_some() && column.n_distinct as usize <= MOST_CODES
}

/// What to do where a column has more values than can be told apart.
fn too_many(column: &ColumnProfile) -> Option<String> {
    (!can_be_told(column)).then(|| {
        format!(
            "{} has {} different values, more than the {} that can be told one by one. Choose a \
             column that puts them together, like a network, a user or a service; or filter the \
             rows by a value, in the table on the first page.",
            column.name,
            format::count(u64::from(column.n_distinct)),
            format::count(MOST_CODES as u64),
        )
    })
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
    use crate::protocol::{Reading, RoleReason, Values};

    fn column(kind: ColumnType, role: Role, n_distinct: u32) -> ColumnProfile {
        ColumnProfile {
            name: "a".to_owned(),
            kind,
            role,
            reason: RoleReason::Varies,
            n_missing: 0,
            n_distinct,
            values: (n_distinct > 0).then(|| Values::Unordered { top: vec![] }),
            quantile_codes: false,
            reading: Reading::plain(kind),
            help: None,
            known_values: vec![],
        }
    }

    #[test]
    fn who_takes_part_is_told_by_entities_and_else_by_texts() {
        use ColumnType::{Address, Integer, Text};
        let columns = [
            column(Text, Role::Feature, 3),
            column(Integer, Role::Feature, 3),
            column(Address, Role::Entity, 90_000),
            column(Text, Role::Id, 900),
            column(Text, Role::Feature, 1),
            column(Integer, Role::Entity, 40),
            column(Text, Role::Entity, 0),
            column(Text, Role::Ignore, 65_534),
            column(Text, Role::Ignore, 65_535),
        ];
        assert_eq!(candidates(&columns, |column| column.role), [2, 5, 0, 7]);
        let too_many: Vec<bool> = columns.iter().map(|it| too_many(it).is_some()).collect();
        assert_eq!(too_many, [false, false, true, false, false, false, true, false, true]);
    }

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
