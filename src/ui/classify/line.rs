//! Where the line between two classes is, and what mistakes cost.

use std::sync::Arc;

use leptos::prelude::*;

use super::quality::{Stand, stand, test};
use crate::chart::format;
use crate::protocol::{Line, RowSet, Trained};
use crate::ui::ballot::{is_folded, percent};
use crate::ui::lesson::Lesson;
use crate::ui::link::Link;
use crate::ui::number::Decimal;
use crate::ui::session::Session;
use crate::ui::words;

/// Classes whose mistakes can be priced one by one.
const PRICED: usize = 8;

/// The line, where there are two classes, and the costs, where there are few.
#[component]
pub fn LineAndCosts(
    /// The model, as its votes are counted.
    trained: Signal<Arc<Trained>>,
) -> impl IntoView {
    let n_classes = trained.with_untracked(|trained| trained.classes.len());
    if n_classes > PRICED {
        return None;
    }
    if n_classes > 2 {
        return Some(view! { <section class="card"><Prices trained /></section> }.into_any());
    }
    trained.with_untracked(|trained| stand(test(trained)?))?;
    Some(
        view! {
            <div class="pair pair--even">
                <section class="card">
                    <h2>"Where the line is"</h2>
                    <LinePicker trained />
                </section>
                <section class="card">
                    <h2>"What mistakes cost"</h2>
                    <Ratio trained />
                </section>
            </div>
        }
        .into_any(),
    )
}

/// The ways to put a line, each with its word.
const WAYS: [(&str, &str); 4] = [
    ("even", "at even votes"),
    ("alarms", "at a share of false alarms"),
    ("cheapest", "where mistakes cost least"),
    ("hand", "by hand"),
];

/// A sum of votes as its field has room for it.
fn rounded(sum: f64) -> f64 {
    (sum * 1e3).round() / 1e3
}

fn word(line: Line) -> &'static str {
    match line {
        Line::Even => "even",
        Line::FalseAlarms(_) => "alarms",
        Line::Cheapest => "cheapest",
        Line::At(_) => "hand",
    }
}

/// How the line is put, and what it does.
#[component]
fn LinePicker(trained: Signal<Arc<Trained>>) -> impl IntoView {
    let lesson = expect_context::<Session>().lesson;
    let link = expect_context::<Link>();
    let line = Memo::new(move |_| lesson.with(|lesson| lesson.ballot.line));
    let put = move |line: Line| lesson.update(|lesson| lesson.put_line(line));
    let choose = move |way: String| {
        put(match way.as_str() {
            "alarms" => Line::FalseAlarms(0.01),
            "cheapest" => Line::Cheapest,
            "hand" => Line::At(trained.with_untracked(|trained| trained.line)),
            _ => Line::Even,
        });
    };
    let is_folded = trained.with_untracked(|trained| is_folded(&trained.spec));
    let options = WAYS.map(|(way, name)| {
        let is_off = is_folded && matches!(way, "alarms" | "cheapest");
        view! {
            <option value=way prop:selected=move || word(line.get()) == way disabled=is_off>{name}</option>
        }
    });
    let share = Signal::derive(move || match line.get() {
        Line::FalseAlarms(share) => percent(share),
        _ => 1.0,
    });
    let sum = Signal::derive(move || match line.get() {
        Line::At(sum) => rounded(sum),
        _ => trained.with(|trained| rounded(trained.line)),
    });
    let is_wanting = move || {
        let is_held = trained.with(|t| t.judged.iter().any(|j| j.set == RowSet::Holdout));
        !is_held && !is_folded && line.get().is_set_by_held_out_rows()
    };
    let said = move || trained.with(|trained| sentence(trained));
    view! {
        <div class="row-of-fields">
            <label class="field">
                "A row is of the class looked for where its votes are above a line"
                <select
                    class="input" data-testid="line-kind"
                    on:change:target=move |event| choose(event.target().value())
                >
                    {options.collect_view()}
                </select>
            </label>
            <div hidden=move || word(line.get()) != "alarms">
                <Decimal
                    id="line-alarms" label="at most, in %" value=share range=(0.0, 100.0)
                    hint="The share of the ordinary rows held out of training that may be above the line."
                    on_change=move |share: f64| put(Line::FalseAlarms(share / 100.0))
                />
            </div>
            <Decimal
                id="line-votes" label="line, in votes" value=sum range=(-1e6, 1e6)
                hint="Rows with more votes than this are of the class looked for. It can be dragged along the curves below as well."
                on_change=move |sum: f64| put(Line::At(sum))
            />
        </div>
        <p class="remark" hidden=move || !is_wanting()>
            "A line must not be set by the test, or the test flatters. So rows have to be held out of training for it. "
            <button class="link" type="button" data-testid="line-train" on:click=move |_| link.train()>
                "Train again with 15 % held out"
            </button>
        </p>
        <p class="soft" hidden=is_wanting>{said}</p>
        <Facts trained />
    }
    .into_any()
}

/// What put the line where it is.
fn sentence(trained: &Trained) -> String {
    let (first, second) = (&trained.classes[0], &trained.classes[1]);
    match trained.spec.counting.line {
        Line::Even => format!(
            "More votes for “{second}” than for “{first}” decide. That is the right line for rows like those learnt from; \
             attacks of unknown kinds fall short of it."
        ),
        Line::At(_) => {
            "Put by hand. If you looked at the test for it, the test flatters: it helped to choose."
                .to_owned()
        }
        Line::FalseAlarms(share) => format!(
            "At most {} % of the “{first}” rows that were held out of training are above it. The test had no say: what \
             it shows is what to expect of rows like its own.",
            percent(share)
        ),
        Line::Cheapest => {
            "There mistakes on rows held out of training cost least. The test had no say."
                .to_owned()
        }
    }
}

/// What is found and what is a false alarm, on the test and on the rows held out.
#[component]
fn Facts(trained: Signal<Arc<Trained>>) -> impl IntoView {
    let of = move |set: RowSet| {
        trained.with(|t| stand(t.judged.iter().find(|judged| judged.set == set)?))
    };
    let fact = move |id: &'static str, set: RowSet, share: fn(Stand) -> f64, word: &'static str| {
        let value = Memo::new(move |_| of(set).map(share));
        let hidden = move || value.get().is_none();
        view! {
            <div
                data-testid=id data-value=move || value.get().map_or(String::new(), |v| v.to_string())
                hidden=hidden
            >
                <b>{move || value.get().map_or("—".to_owned(), words::percent)}</b>
                <span>{word}</span>
            </div>
        }
    };
    view! {
        <div class="facts">
            {fact("line-found", RowSet::Test, |at| at.recall, "of the test’s found")}
            {fact("line-false-alarms", RowSet::Test, |at| at.false_alarms, "false alarms in the test")}
            {fact("line-held-out", RowSet::Holdout, |at| at.false_alarms, "among rows held out")}
        </div>
    }
    .into_any()
}

/// The costs as they are counted with.
fn costs(trained: &Trained) -> Vec<f64> {
    trained.spec.counting.costs_of(trained.classes.len()).unwrap_or_default()
}

/// Says what a mistake costs: `cell` of the matrix of costs.
fn set(lesson: &mut Lesson, mut costs: Vec<f64>, cell: usize, cost: f64) {
    costs[cell] = cost;
    lesson.ballot.costs = costs;
}

/// What a thousand rows cost by a confusion matrix; rows of classes never learnt have no price.
fn per_thousand(confusion: &[u64], costs: &[f64]) -> f64 {
    let sum: f64 = confusion.iter().zip(costs).map(|(&n, cost)| n as f64 * cost).sum();
    let n: u64 = confusion.iter().take(costs.len()).sum();
    sum / (n.max(1)) as f64 * 1e3
}

/// Of two classes it counts how many false alarms a missed row is worth.
#[component]
fn Ratio(trained: Signal<Arc<Trained>>) -> impl IntoView {
    let lesson = expect_context::<Session>().lesson;
    let ratio = Signal::derive(move || {
        let said = lesson.with(|lesson| lesson.ballot.costs.clone());
        if let [_, false_alarm, missed, _] = said[..] { missed / false_alarm } else { 1.0 }
    });
    let name = trained.with_untracked(|trained| trained.classes[1].clone());
    let here = move || {
        trained.with(|trained| Some(per_thousand(&test(trained)?.confusion, &costs(trained))))
    };
    let cheapest = move || {
        trained.with(|trained| {
            let cheapest = trained.cheapest.as_ref()?;
            Some((cheapest.line, per_thousand(&cheapest.confusion, &costs(trained))))
        })
    };
    let is_there = move || lesson.with(|lesson| lesson.ballot.line == Line::Cheapest);
    let shown = |cost: Option<f64>| cost.map_or("—".to_owned(), format::compact);
    let told = |cost: Option<f64>| cost.map_or(String::new(), |cost| cost.to_string());
    let at = move || {
        cheapest().map_or_else(
            || "at the cheapest line: known once rows are held out".to_owned(),
            |(line, _)| format!("at the cheapest line, {}", format::fixed(line, 3)),
        )
    };
    view! {
        <div class="row-of-fields">
            <Decimal
                id="cost-missed" label="False alarms that a missed one costs as much as" value=ratio range=(1e-6, 1e6)
                hint="A missed row costs as much as so many false alarms."
                on_change=move |ratio: f64| {
                    lesson.update(|lesson| set(lesson, vec![0.0, 1.0, 1.0, 0.0], 2, ratio));
                }
            />
        </div>
        <p class="soft">
            {format!("One missed “{name}” costs as much as so many false alarms. Both figures are of a thousand rows of the test, in false alarms; the cheapest line is set by rows held out.")}
        </p>
        <div class="facts">
            <div data-testid="cost-here" data-value=move || told(here())>
                <b>{move || shown(here())}</b>
                <span>"at the line as it is"</span>
            </div>
            <div data-testid="cost-cheapest" data-value=move || told(cheapest().map(|(_, cost)| cost))>
                <b>{move || shown(cheapest().map(|(_, cost)| cost))}</b>
                <span>{at}</span>
            </div>
            <button
                class="quiet quiet--small" type="button" data-testid="cost-line"
                disabled=move || is_there() || cheapest().is_none()
                on:click=move |_| lesson.update(|lesson| lesson.put_line(Line::Cheapest))
            >
                "Put the line there"
            </button>
        </div>
    }
    .into_any()
}

/// Of several classes it is said what each mistake costs.
#[component]
fn Prices(trained: Signal<Arc<Trained>>) -> impl IntoView {
    let lesson = expect_context::<Session>().lesson;
    let names = trained.with_untracked(|trained| trained.classes.clone());
    let n = names.len();
    let head = names
        .iter()
        .map(|name| view! { <th class="num matrix__name" title=name.clone()>{name.clone()}</th> })
        .collect_view();
    let cell = |truth: usize, predicted: usize| {
        if truth == predicted {
            return view! { <td class="num soft">"0"</td> }.into_any();
        }
        let at = truth * n + predicted;
        let value = Signal::derive(move || trained.with(|trained| costs(trained)[at]));
        let change = move |cost: f64| {
            let costs = trained.with_untracked(|trained| costs(trained));
            lesson.update(|lesson| set(lesson, costs, at, cost));
        };
        view! {
            <td class="num">
                <Decimal
                    id="cost" label="" value range=(0.0, 1e9) on_change=change
                    hint="What it costs to take a row of the line’s class for one of the column’s"
                />
            </td>
        }
        .into_any()
    };
    let line = |(truth, name): (usize, &String)| {
        view! {
            <tr>
                <th class="ellipsis" title=name.clone()>{name.clone()}</th>
                {(0..n).map(|predicted| cell(truth, predicted)).collect_view()}
            </tr>
        }
    };
    let here = move || {
        let cost =
            trained.with(|trained| Some(per_thousand(&test(trained)?.confusion, &costs(trained))));
        cost.map_or("—".to_owned(), format::compact)
    };
    let is_said = move || lesson.with(|lesson| !lesson.ballot.costs.is_empty());
    view! {
        <header class="head-line">
            <h2>"What mistakes cost"</h2>
            <span class="grow"></span>
            <button
                class="quiet quiet--small" type="button" disabled=move || !is_said()
                on:click=move |_| lesson.update(|lesson| lesson.ballot.costs.clear())
            >
                "All alike"
            </button>
        </header>
        <details class="behind">
            <summary>{move || format!("A thousand rows of the test cost {}", here())}</summary>
            <div class="scrolls">
                <table class="table matrix">
                    <thead><tr><th>"truth"</th>{head}</tr></thead>
                    <tbody>{names.iter().enumerate().map(line).collect_view()}</tbody>
                </table>
            </div>
            <p class="cap">
                "Lines are the truth, columns what the model says. With “weights: by cost of mistakes” the next training \
                 heeds them: rows weigh the sum of their line."
            </p>
        </details>
    }
    .into_any()
}
