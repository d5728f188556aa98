//! The ranked list: all rows, the oddest first, each with its reasons.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use leptos::reactive::graph::untrack;

use super::cases::{CaseActions, chips as chips_of, reason_buttons, rows_because};
use crate::chart::format;
use crate::protocol::{ColumnProfile, ColumnType, Eye, Found, Loaded, Role, arrange};
use crate::ui::classify::row::{class_of, is_ordinary};
use crate::ui::lens::Lens;
use crate::ui::link::Link;
use crate::ui::load::finder::Chips;
use crate::ui::outside::AtRest;
use crate::ui::session::Session;
use crate::ui::sight;
use crate::ui::triage::{self, Severity};
use crate::ui::virtual_list::{MakeRow, Virtual};
use crate::ui::words;

const ROW_HEIGHT: f64 = 34.0;

/// All rows by score; the flagged ones stand out.
#[component]
pub fn RankedList(
    /// The table.
    table: Arc<Loaded>,
    /// Its scores.
    found: Arc<Found>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let (view, set_view) = signal(0..0_u32);
    let ranking = {
        let found = found.clone();
        Memo::new(move |_| Ranking::of(&found, session))
    };
    let in_view =
        move || ranking.with(|all| view.get().filter_map(|at| all.row(at)).collect::<Vec<_>>());
    Effect::new(move |_| link.want_reasons(in_view()));
    Effect::new(move |_| link.want_rows(in_view()));
    let knows_halves = found.eye == Eye::Forest;
    let at_rest = AtRest::after(Duration::from_millis(400));
    Effect::new(move |_| {
        let rows = in_view();
        session.bands.track();
        if knows_halves {
            at_rest.run(move || untrack(|| link.want_bands(rows)));
        }
    });

    // Selected elsewhere, a row is found by its score, and among equal scores by its number.
    let cursor = {
        let found = found.clone();
        Memo::new(move |_| {
            let row = session.selected_row.get()?;
            ranking.with(|ranking| ranking.position(&found, row))
        })
    };
    let go = move |position: u32| {
        session.selected_row.set(ranking.with_untracked(|ranking| ranking.row(position)));
    };
    let telling =
        Arc::new(untrack(|| telling(&table.profile.columns, |column| session.role_of(column))));
    let title = telling
        .iter()
        .map(|&column| table.profile.columns[column as usize].name.as_str())
        .collect::<Vec<_>>()
        .join(" · ");
    let n_rows = triage::n_rows(&found);
    let n_listed = Memo::new(move |_| ranking.with(Ranking::len));
    let narrowed = move || match session.because.with(Vec::is_empty) {
        _ if n_listed.get() == n_rows => "",
        true => " that pass the filters",
        false => " with these reasons",
    };
    let because = table.clone();
    let n_flagged = {
        let found = found.clone();
        Memo::new(move |_| {
            let threshold = session.threshold.get();
            ranking.with(|ranking| ranking.n_flagged(&found, threshold))
        })
    };
    let others = Arc::new(others(session, &found));
    let row: MakeRow = {
        let (found, others) = (found.clone(), others.clone());
        Arc::new(move |position| {
            let (table, found, telling) = (table.clone(), found.clone(), telling.clone());
            let others = others.clone();
            // Another row comes to a position when the list is narrowed.
            let row = Memo::new(move |_| ranking.with(|ranking| ranking.row(position)));
            (move || {
                let (table, found, telling) = (table.clone(), found.clone(), telling.clone());
                let others = others.clone();
                row.get().map(|row| view! { <Ranked row table found telling others /> })
            })
            .into_any()
        })
    };
    let head = head(title, &others);
    view! {
        <section class="card card--flush">
            <header class="card__head">
                <h2>{move || ranking.with(Ranking::title)}</h2>
                <p class="soft">
                    {move || format::count(n_flagged.get() as u64)} " flagged of "
                    {move || format::count(u64::from(n_listed.get()))}
                    {narrowed}
                </p>
                <Because table=because />
                <Learnt />
                <Narrowing />
            </header>
            <Chips />
            <Virtual
                n_rows=n_listed row_height=ROW_HEIGHT cursor on_move=go
                set_view label="Rows by score" class="ranking" head row
            />
            <footer class="card__foot">
                <p class="cap">
                    <kbd>"↑"</kbd> " " <kbd>"↓"</kbd> " " <kbd>"PgDn"</kbd> " " <kbd>"End"</kbd>
                    " move through all rows. " {Severity::RULE}
                </p>
            </footer>
        </section>
    }
    .into_any()
}

/// Whether filters narrow the list, and a way to mute the rows that pass them.
#[component]
fn Narrowing() -> impl IntoView {
    let session = expect_context::<Session>();
    let selects = Memo::new(move |_| session.view.with(|view| !view.spec.selection.is_all()));
    view! {
        <Show when=move || session.lens.with(|lens| !lens.chips.is_empty())>
            <button
                class="quiet quiet--small" type="button" data-testid="mute-filtered"
                title="Make a rule of the filters: rows that pass them are shown no more"
                on:click=move |_| session.lens.update(Lens::mute)
            >
                "Mute these rows"
            </button>
        </Show>
        <Show when=move || session.trained.with(Option::is_some)>
            <label
                class="check"
                title="Flagged rows that the model takes for ordinary: a new kind of attack, or a new kind of ordinary"
            >
                <input
                    type="checkbox" data-testid="disagreements" prop:checked=session.disagrees
                    on:change:target=move |event| session.disagrees.set(event.target().checked())
                />
                "Only odd rows that the model takes for ordinary"
            </label>
            <label
                class="check"
                title="The clearest votes first: of two classes, those for the one that is looked for"
            >
                <input
                    type="checkbox" data-testid="by-margin" prop:checked=session.by_margin
                    on:change:target=move |event| session.by_margin.set(event.target().checked())
                />
                "By the model’s margin"
            </label>
        </Show>
        <Show when=move || selects.get()>
            <label class="check">
                <input
                    type="checkbox" data-testid="only-filtered"
                    prop:checked=session.lists_selected
                    on:change:target=move |event| {
                        session.lists_selected.set(event.target().checked());
                    }
                />
                "Only rows that pass the filters"
            </label>
        </Show>
    }
    .into_any()
}

/// The names of what a line shows.
fn head(title: String, others: &[Arc<Found>]) -> AnyView {
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

/// The reasons that all listed rows share, and a way out.
#[component]
fn Because(table: Arc<Loaded>) -> impl IntoView {
    let because = expect_context::<Session>().because;
    let chip = move || {
        let reasons = because.get();
        (!reasons.is_empty()).then(|| {
            view! {
                <span class="because" data-testid="because">
                    "odd because of " {chips_of(&reasons, &table)}
                    <button
                        class="lens__remove" type="button" aria-label="All reasons"
                        on:click=move |_| because.set(Vec::new())
                    >
                        "×"
                    </button>
                </span>
                <CaseActions table=table.clone() reasons />
            }
        })
    };
    view! { {chip} }.into_any()
}

/// What was learnt from verdicts, and a way to take it back.
#[component]
fn Learnt() -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let n_said = move || session.judgements.said.with(std::collections::BTreeMap::len);
    let moved = move || {
        let moved = session.judgements.moved.get()?;
        Some(match (moved.up, moved.down) {
            (0, 0) => ": no row crossed the line".to_owned(),
            (up, down) => format!(
                ": {} rose above the line, {} fell below it",
                format::count(up.into()),
                format::count(down.into())
            ),
        })
    };
    view! {
        <Show when=move || { n_said() > 0 }>
            <p class="soft learnt" data-testid="learnt" role="status">
                {move || words::counted(n_said() as u64, "verdict", "verdicts")} {moved} ". "
                <button class="link" type="button" on:click=move |_| link.forget_verdicts()>
                    "Take all back"
                </button>
            </p>
        </Show>
    }
    .into_any()
}

#[component]
fn Ranked(
    row: u32,
    table: Arc<Loaded>,
    found: Arc<Found>,
    telling: Arc<Vec<u32>>,
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

/// What other eyes see, beside the one that is shown.
fn others(session: Session, found: &Found) -> Vec<Arc<Found>> {
    let mut sights = untrack(|| session.sights.get());
    sights.retain(|there| there.eye != found.eye);
    sights
}

/// A row's rank by another eye.
fn rank_by(found: &Found, row: u32) -> AnyView {
    let rank = triage::rank(found, found.scores[row as usize]);
    view! { <span class="num soft" role="gridcell">{format::count(u64::from(rank))}</span> }
        .into_any()
}

/// The rows that are listed, by score.
#[derive(Clone)]
enum Ranking {
    /// All.
    All(Arc<Found>),
    /// Those that pass the filters.
    Some(Arc<Vec<u32>>),
    /// The same by the margin of their votes.
    ByMargin(Arc<Vec<u32>>),
}

impl PartialEq for Ranking {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All(here), Self::All(there)) => Arc::ptr_eq(here, there),
            (Self::Some(here), Self::Some(there))
            | (Self::ByMargin(here), Self::ByMargin(there)) => here == there,
            _ => false,
        }
    }
}

impl Ranking {
    fn of(found: &Arc<Found>, session: Session) -> Self {
        let ranking = Self::by_score(found, session);
        let Some(trained) = session.trained.get().filter(|_| session.by_margin.get()) else {
            return ranking;
        };
        let mut rows = ranking.rows().to_vec();
        let margin = |row: u32| trained.margins.get(row as usize).copied().unwrap_or(0.0);
        arrange(&mut rows, |&a, &b| margin(b).total_cmp(&margin(a)));
        Self::ByMargin(Arc::new(rows))
    }

    fn by_score(found: &Arc<Found>, session: Session) -> Self {
        let because = session.because.get();
        let passes = session.passes.get();
        let trained = session.trained.get().filter(|_| session.disagrees.get());
        let threshold = if trained.is_some() { session.threshold.get() } else { 0.0 };
        let may_list = |row: &u32| {
            passes.as_ref().is_none_or(|passes| passes.get(*row as usize) == Some(&true))
                && trained.as_ref().is_none_or(|trained| {
                    found.scores[*row as usize] >= threshold && is_ordinary(trained, *row)
                })
        };
        if !because.is_empty()
            && let Some(cases) = session.cases.get()
        {
            let mut rows = rows_because(&cases, &because, found);
            rows.retain(may_list);
            return Self::Some(Arc::new(rows));
        }
        if passes.is_none() && trained.is_none() {
            return Self::All(found.clone());
        }
        Self::Some(Arc::new(found.ranking.iter().copied().filter(may_list).collect()))
    }

    fn rows(&self) -> &[u32] {
        match self {
            Self::All(found) => &found.ranking,
            Self::Some(rows) | Self::ByMargin(rows) => rows,
        }
    }

    fn title(&self) -> &'static str {
        if matches!(self, Self::ByMargin(_)) { "Rows by margin" } else { "Rows by score" }
    }

    /// How many of the rows score at least so much.
    fn n_flagged(&self, found: &Found, threshold: f64) -> usize {
        let is_flagged = |row: &u32| found.scores[*row as usize] >= threshold;
        match self {
            Self::ByMargin(rows) => rows.iter().filter(|row| is_flagged(row)).count(),
            _ => self.rows().partition_point(is_flagged),
        }
    }

    /// Where a row stands.
    fn position(&self, found: &Found, row: u32) -> Option<u32> {
        match self {
            Self::ByMargin(rows) => rows.iter().position(|&there| there == row).map(|at| at as u32),
            _ => position_of(found, self.rows(), row),
        }
    }

    fn len(&self) -> u32 {
        u32::try_from(self.rows().len()).unwrap_or(u32::MAX)
    }

    fn row(&self, position: u32) -> Option<u32> {
        self.rows().get(position as usize).copied()
    }
}

/// Where a row stands among some that are sorted by score.
fn position_of(found: &Found, ranking: &[u32], row: u32) -> Option<u32> {
    let score = *found.scores.get(row as usize)?;
    let position = ranking.partition_point(|&other| {
        let other_score = found.scores[other as usize];
        other_score > score || (other_score == score && other < row)
    });
    let is_there = ranking.get(position) == Some(&row);
    u32::try_from(position).ok().filter(|_| is_there)
}

/// A few columns that tell what a row is: who and what, rather than how much.
fn telling(columns: &[ColumnProfile], role_of: impl Fn(&ColumnProfile) -> Role) -> Vec<u32> {
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
    order.sort_unstable();
    let mut few: Vec<u32> = order.into_iter().take(FEW).map(|(_, index)| index).collect();
    few.sort_unstable();
    few
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use leptos::prelude::*;

    use super::{Ranking, position_of};
    use crate::protocol::{Event, JobId, Trained};
    use crate::ui::session::Work;
    use crate::ui::session::tests::{tell, trained, with_table};
    use crate::ui::triage::tests::found;

    #[test]
    fn rows_go_by_score_or_by_margin_and_where_eyes_and_model_disagree() {
        Owner::new().with(|| {
            let session = with_table();
            let found = Arc::new(found(&[0.9, 0.5, 0.8, 0.7], Some(0.6)));
            session.threshold.set(0.6);
            let listed = || Ranking::of(&found, session).rows().to_vec();
            session.by_margin.set(true);
            assert_eq!(listed(), [0, 2, 3, 1], "without a model by score");
            session.begin(JobId(2), Work::Train);
            let margins = vec![-0.5, 0.75, 0.25, -0.25].into();
            let model = Trained { margins, ..*trained([0, 1, 1, 0]) };
            tell(session, 2, Event::Trained(Box::new(model), vec![]));
            assert_eq!(listed(), [1, 2, 3, 0]);
            session.disagrees.set(true);
            assert_eq!(listed(), [3, 0], "flagged, and ordinary to the model");
            session.by_margin.set(false);
            assert_eq!(listed(), [0, 3]);
        });
    }

    #[test]
    fn every_row_is_found_where_it_stands() {
        let found = found(&[0.5, 0.9, 0.5, 0.1, 0.9], None);
        for (position, &row) in (0..).zip(found.ranking.iter()) {
            assert_eq!(position_of(&found, &found.ranking, row), Some(position));
        }
        assert_eq!(position_of(&found, &found.ranking, 5), None);
        assert_eq!(position_of(&found, &[1, 2, 3], 2), Some(1));
        assert_eq!(position_of(&found, &[1, 2, 3], 4), None);
    }
}
