//! The trainings so far, side by side; kept in the browser.

pub mod diff;
pub mod run;

use std::cmp::Ordering;

use leptos::prelude::*;
use leptos::reactive::graph::untrack;

use super::figures::figure_name;
use crate::chart::format;
use crate::protocol::arrange;
use crate::ui::judgements::fingerprint;
use crate::ui::outside;
use crate::ui::session::Session;
use diff::Side;
use run::{Run, csv};

/// The name under which the browser keeps runs, as they are written now.
const KEY: &str = "isoscope.runs.2";
/// Runs that are kept; older ones leave.
const KEPT: usize = 200;
/// Figures that are compared, of the test.
const COMPARED: [&str; 4] = ["accuracy", "f1", "roc-auc", "mcc"];

/// What runs are sorted by.
#[derive(Debug, Clone, Copy, PartialEq)]
enum By {
    Asked,
    Figure(&'static str),
    Seconds,
    When,
}

/// The table of runs.
#[component]
pub fn Runs() -> impl IntoView {
    let session = expect_context::<Session>();
    let runs = RwSignal::new(read());
    // Newest first, as they are kept, until a column is chosen; true: from its far end.
    let sorted_by = RwSignal::new(None::<(By, bool)>);
    let ticked = RwSignal::new(Vec::<u64>::new());
    note_new_models(session, runs);
    let file = move || session.table.with(|table| table.as_ref().map(|table| fingerprint(table)));
    let lines = Memo::new(move |_| {
        let file = file();
        let mut own: Vec<Run> =
            runs.get().into_iter().filter(|run| Some(&run.file) == file.as_ref()).collect();
        if let Some((by, is_back)) = sorted_by.get() {
            let order = |a: &Run, b: &Run| compared(by, a, b);
            arrange(&mut own, |a, b| if is_back { order(b, a) } else { order(a, b) });
        }
        own
    });
    let pair = move || {
        let ticked = ticked.get();
        let own = |id: &u64| lines.with(|runs| runs.iter().find(|run| id_of(run) == *id).cloned());
        let found: Vec<Run> = ticked.iter().filter_map(own).collect();
        let [a, b] = <[Run; 2]>::try_from(found).ok()?;
        Some(view! { <Side a b /> })
    };
    let is_asked = RwSignal::new(false);
    let forget = move |_| {
        if !is_asked.get_untracked() {
            is_asked.set(true);
            return;
        }
        is_asked.set(false);
        let file = file();
        runs.update(|runs| {
            runs.retain(|run| Some(&run.file) != file.as_ref());
            keep(runs);
        });
    };
    let forget_them = move || match is_asked.get().then(|| lines.with(Vec::len)) {
        Some(n) => format!("Really forget all {n}?"),
        None => "Forget them".to_owned(),
    };
    let export = move |_| {
        let name = "isoscope-runs.csv";
        let is_saved = outside::download_text(&csv(&lines.get_untracked()), name).is_ok();
        session.saved(name, is_saved);
    };
    let best = move |name: &str| {
        let values = lines.with(|runs| {
            let values = runs.iter().filter_map(|run| Some(run.figure(name)?.value));
            values.collect::<Vec<f64>>()
        });
        values.into_iter().fold(f64::NEG_INFINITY, f64::max)
    };
    let body = move || {
        let best = COMPARED.map(best);
        lines.get().into_iter().map(|run| line(run, best, ticked)).collect_view()
    };
    view! {
        <section class="card" data-testid="runs" hidden=move || lines.with(Vec::is_empty)>
            <header class="head-line">
                <h2>"Trainings of this file, on their tests"</h2>
                <span class="grow"></span>
                <button
                    class="quiet quiet--small" type="button" data-testid="runs-export" on:click=export
                >
                    "Download CSV"
                </button>
                <button
                    class="quiet quiet--small" type="button" data-testid="runs-forget" on:click=forget
                    on:blur=move |_| is_asked.set(false)
                >
                    {forget_them}
                </button>
            </header>
            <div class="scrolls">
                <table class="table">
                    <thead>{head(sorted_by)}</thead>
                    <tbody>{body}</tbody>
                </table>
            </div>
            {pair}
            <p class="cap">
                "Tick two to see what differs. Kept in this browser only, under the file's fingerprint. Choosing the \
                 best of many by the same test flatters, too."
            </p>
        </section>
    }
    .into_any()
}

/// Keeps every model that comes.
fn note_new_models(session: Session, runs: RwSignal<Vec<Run>>) {
    Effect::new(move |last: Option<Option<usize>>| {
        let (trained, table) = (session.model.get(), session.table.get());
        let at = trained.as_ref().map(|trained| std::sync::Arc::as_ptr(trained) as usize);
        if let (Some(trained), Some(table)) = (trained, table)
            && last.is_none_or(|last| last != at)
        {
            let recipe = untrack(|| session.recipe().format());
            let times = (session.trained_in.get_untracked(), js_sys::Date::now() / 1e3);
            let run = Run::of(&trained, &table, recipe, times);
            // The model that stood when the stage was opened again is kept already.
            let is_it = |there: &Run| {
                (&there.file, &there.settings, &there.figures)
                    == (&run.file, &run.settings, &run.figures)
            };
            if !runs.with_untracked(|runs| runs.iter().any(is_it)) {
                runs.update(|runs| {
                    runs.insert(0, run);
                    runs.truncate(KEPT);
                    keep(runs);
                });
            }
        }
        at
    });
}

/// What tells a run from others.
fn id_of(run: &Run) -> u64 {
    run.when.to_bits()
}

/// Which of two runs comes first: the better one, the newer one, the faster one.
fn compared(by: By, a: &Run, b: &Run) -> Ordering {
    let figure = |run: &Run, name| run.figure(name).map_or(f64::NEG_INFINITY, |it| it.value);
    match by {
        By::Asked => a.asked().cmp(&b.asked()),
        By::Figure(name) => figure(b, name).total_cmp(&figure(a, name)),
        By::Seconds => a.seconds.total_cmp(&b.seconds),
        By::When => b.when.total_cmp(&a.when),
    }
}

/// The names of the columns, each a way to sort.
fn head(sorted_by: RwSignal<Option<(By, bool)>>) -> AnyView {
    let cell = move |by: By, name: String, is_number: bool| {
        let place = move || sorted_by.get().filter(|&(there, _)| there == by);
        let next = move |_| {
            sorted_by.set(match place() {
                None => Some((by, false)),
                Some((_, false)) => Some((by, true)),
                Some((_, true)) => None,
            });
        };
        // Figures and times begin with their largest, words and durations with their least.
        let is_falling = matches!(by, By::Figure(_) | By::When);
        let order = move || {
            place()
                .map(|(_, is_back)| if is_back == is_falling { "ascending" } else { "descending" })
        };
        view! {
            <th class:num=is_number aria-sort=order>
                <button
                    class="link" type="button" class:is-on=move || place().is_some() title="Sort by it"
                    on:click=next
                >
                    {name}
                </button>
            </th>
        }
    };
    view! {
        <tr>
            <th></th>
            {cell(By::Asked, "what was asked".to_owned(), false)}
            {COMPARED.map(|name| cell(By::Figure(name), figure_name(name), true))}
            {cell(By::Seconds, "s".to_owned(), true)}
            {cell(By::When, "ended (UTC)".to_owned(), true)}
        </tr>
    }
    .into_any()
}

/// A run as a line of the table.
fn line(run: Run, best: [f64; COMPARED.len()], ticked: RwSignal<Vec<u64>>) -> AnyView {
    let id = id_of(&run);
    let figures = COMPARED.iter().zip(best).map(|(name, best)| {
        let figure = run.figure(name);
        let shown = figure.map_or("—".to_owned(), |it| format::fixed(it.value, 4));
        let own = figure.filter(|it| it.name != **name).map(|it| figure_name(&it.name));
        let ends = figure.and_then(|it| it.interval).map(|(low, high)| {
            format!("95 % interval: {} to {}", format::fixed(low, 4), format::fixed(high, 4))
        });
        let title = own.into_iter().chain(ends).collect::<Vec<_>>().join(" · ");
        let is_best = figure.is_some_and(|it| it.value == best);
        view! { <td class="num" class:is-best=is_best title=title>{shown}</td> }
    });
    let tick = move |is_on: bool| {
        ticked.update(|ticked| {
            ticked.retain(|&there| there != id);
            if is_on {
                ticked.push(id);
            }
            // The one that was ticked first makes room.
            if ticked.len() > 2 {
                ticked.remove(0);
            }
        });
    };
    let asked = run.asked();
    view! {
        <tr data-testid="run">
            <td>
                <input
                    type="checkbox" data-testid="run-tick" aria-label=format!("Compare: {asked}")
                    prop:checked=move || ticked.with(|ticked| ticked.contains(&id))
                    on:change:target=move |event| tick(event.target().checked())
                />
            </td>
            <td>
                <a class="link" href=format!("#{}", run.recipe) title="Put these settings back">
                    {asked.clone()}
                </a>
            </td>
            {figures.collect_view()}
            <td class="num soft">{format::fixed(run.seconds, 2)}</td>
            <td class="num soft">{format::time(run.when.floor())}</td>
        </tr>
    }
    .into_any()
}

/// What the browser keeps; what cannot be read is left out.
fn read() -> Vec<Run> {
    let kept = outside::storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
    kept.unwrap_or_default().lines().filter_map(Run::read).collect()
}

fn keep(runs: &[Run]) {
    let text = runs.iter().map(Run::line).collect::<Vec<String>>().join("\n");
    // A browser that keeps nothing loses the list with the tab, and nothing else.
    if let Some(storage) = outside::storage() {
        drop(storage.set_item(KEY, &text));
    }
}
