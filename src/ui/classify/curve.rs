//! The share of rows that are told wrong: round by round, or by rows.

use leptos::html;
use leptos::prelude::*;

use crate::chart::{Scale, format, path};
use crate::protocol::{RowSet, Wrong};
use crate::ui::outside;
use crate::ui::plots::axes::{self, Area};
use crate::ui::session::{Phase, Session, Work};
use crate::ui::words;

use super::by_rows::RowsCurve;

pub(super) const HEIGHT: f64 = 190.0;
pub(super) const MARGINS: (f64, f64, f64, f64) = (12.0, 14.0, 26.0, 56.0);
/// Rows of the table behind the chart: while it grows, and when it stands.
const BEHIND: [usize; 2] = [25, 1_000];

/// How the error falls: with rounds, or with rows.
#[component]
pub fn LearningCurve() -> impl IntoView {
    let session = expect_context::<Session>();
    let wants_rows = RwSignal::new(false);
    let has_model = move || {
        !matches!(session.phase.get(), Phase::Working(Work::Train, ..))
            && session.trained.with(Option::is_some)
    };
    let shows_rows = Memo::new(move |_| wants_rows.get() && has_model());
    let tab = move |is_rows: bool, id: &'static str, word: &'static str| {
        let is_on = move || shows_rows.get() == is_rows;
        view! {
            <button
                class="quiet quiet--small" type="button" data-testid=id class:is-on=is_on
                aria-pressed=move || is_on().to_string() disabled=move || is_rows && !has_model()
                on:click=move |_| wants_rows.set(is_rows)
            >
                {word}
            </button>
        }
    };
    let shown = move || {
        if shows_rows.get() {
            view! { <RowsCurve /> }.into_any()
        } else {
            view! { <Rounds /> }.into_any()
        }
    };
    view! {
        <section class="card">
            <header class="head-line">
                <h2>"How many are told wrong"</h2>
                <span class="grow"></span>
                {tab(false, "curve-by-rounds", "by rounds")}
                {tab(true, "curve-by-rows", "by rows")}
            </header>
            {shown}
        </section>
    }
    .into_any()
}

/// The error of the model in training, or of the one that stands, round by round.
#[component]
fn Rounds() -> impl IntoView {
    let session = expect_context::<Session>();
    let node = NodeRef::<html::Div>::new();
    let size = outside::size_of(node);
    let curve = Memo::new(move |_| {
        let is_training = matches!(session.phase.get(), Phase::Working(Work::Train, ..));
        let stands = session.trained.with(|trained| {
            let trained = trained.as_ref().filter(|_| !is_training);
            trained.map(|trained| trained.curve.clone())
        });
        stands.unwrap_or_else(|| session.learning.get())
    });
    let n_rounds = Memo::new(move |_| {
        let planned = session.lesson.with(|lesson| lesson.rounds as usize);
        let is_training = matches!(session.phase.get(), Phase::Working(Work::Train, ..));
        let n = curve.with(Vec::len);
        if is_training { planned.max(n) } else { n.max(1) }
    });
    let kept = move || {
        let trained = session.trained.get()?;
        let n = trained.n_rounds as usize;
        (n < curve.with(Vec::len)).then_some(n)
    };
    let watched = move || {
        session.trained.with(|trained| trained.as_ref().and_then(|trained| trained.watched))
    };
    let word = move || match watched() {
        Some(RowSet::Holdout) => "held out of training",
        _ => "test",
    };
    let drawn = move || {
        if curve.with(Vec::is_empty) {
            return None;
        }
        let area = Area::within((size.get().0, HEIGHT), MARGINS);
        let n = n_rounds.get();
        let x = Scale::linear((1.0, n.max(2) as f64), area.x_range());
        let most = curve.with(|curve| curve.iter().map(highest).fold(0.0, f64::max)).max(1e-3);
        let y = Scale::linear((0.0, most), area.y_range()).nice(4);
        let line = |of: fn(&Wrong) -> Option<f64>| {
            curve.with(|curve| {
                path::line((1..).zip(curve).map(|(round, wrong)| {
                    of(wrong).map(|share| (x.map(f64::from(round)), y.map(share)))
                }))
            })
        };
        let cut = kept().map(|n| {
            let at = x.map(n as f64);
            view! { <line class="cut" x1=at x2=at y1=area.top y2=area.bottom /> }
        });
        Some(view! {
            {axes::y_axis(&y.ticks(4), area)}
            <path class="curve curve--train" d=line(|wrong| Some(wrong.train)) />
            <path class="curve" d=line(|wrong| wrong.watched) />
            {cut}
            {axes::x_axis(&x.ticks(axes::room(area.width(), 72.0)), area)}
        })
    };
    let is_training = move || matches!(session.phase.get(), Phase::Working(Work::Train, ..));
    let is_line = Memo::new(move |_| is_training() || curve.with(|curve| curve.len() > 1));
    let point = move || curve.with(|curve| sentence(curve, word()));
    let last = move || curve.with(|curve| curve.last().copied());
    let behind = move || curve.with(|curve| lines(curve, BEHIND[usize::from(!is_training())]));
    view! {
            <figure class="figure" data-testid="learning-curve" data-count=move || curve.with(Vec::len)>
                <p class="soft" data-testid="curve-point" hidden=is_line>{point}</p>
                <div node_ref=node hidden=move || !is_line.get() style:height=format!("{HEIGHT}px")>
                    <svg
                        class="plot" role="img" width=move || size.get().0 height=HEIGHT
                        aria-label="Share of rows told wrong, by round"
                    >
                        {drawn}
                    </svg>
                </div>
                {move || is_line.get().then(|| legend(last(), word()))}
                <figcaption class="cap" hidden=move || !is_line.get()>
                    "Look for the round after which the coloured line stops falling: more rounds only learn \
                     these rows by heart."
                </figcaption>
                <details class="behind" hidden=move || !is_line.get()>
                    <summary>"The table behind it"</summary>
                    <table class="table">
                        <thead>
                            <tr>
                                <th class="num">"rounds"</th>
                                <th class="num">"wrong of those learnt from"</th>
                                <th class="num">"wrong of " {word}</th>
                            </tr>
                        </thead>
                        <tbody>{behind}</tbody>
                    </table>
                </details>
            </figure>
    }
    .into_any()
}

/// What there is to say where fewer than two rounds make no line.
fn sentence(curve: &[Wrong], word: &str) -> String {
    let Some(wrong) = curve.first() else {
        return "No round was learnt, so there is no line to draw.".to_owned();
    };
    let watched = wrong
        .watched
        .map_or(String::new(), |share| format!(", and of {word} {}", words::percent(share)));
    format!(
        "There is one round only, so there is no line to draw: of the rows learnt from it tells {} wrong{watched}.",
        words::percent(wrong.train)
    )
}

/// Some rounds as lines of a table.
fn lines(curve: &[Wrong], most: usize) -> AnyView {
    let apart = curve.len().div_ceil(most).max(1);
    let line = |(round, wrong): (u64, &Wrong)| {
        let watched = wrong.watched.map_or(String::new(), |share| share.to_string());
        view! {
            <tr
                data-testid="curve-round" data-round=round data-train=wrong.train.to_string()
                data-watched=watched.clone() data-value=watched
            >
                <td class="num">{format::count(round)}</td>
                <td class="num">{words::percent(wrong.train)}</td>
                <td class="num">{wrong.watched.map_or("—".to_owned(), words::percent)}</td>
            </tr>
        }
    };
    (1..).zip(curve).skip(apart - 1).step_by(apart).map(line).collect_view().into_any()
}

/// What the lines are, and where they end.
fn legend(last: Option<Wrong>, word: &'static str) -> AnyView {
    let train = last.map(|wrong| words::percent(wrong.train));
    let watched = last.and_then(|wrong| wrong.watched).map(|share| {
        view! { <span><i class="swatch swatch--hue-1"></i>{word} " " {words::percent(share)}</span> }
    });
    view! {
        <div class="legend" aria-hidden="true">
            <span><i class="swatch swatch--calm"></i>"learnt from " {train}</span>
            {watched}
        </div>
    }
    .into_any()
}

fn highest(wrong: &Wrong) -> f64 {
    wrong.watched.unwrap_or(0.0).max(wrong.train)
}
