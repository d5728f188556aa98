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
    let is_all = RwSignal::new(false);
    let file =
        Memo::new(move |_| session.table.with(|table| table.as_ref().map(|it| fingerprint(it))));
    let is_own = move |run: &Run| file.with(|file| Some(&run.file) == file.as_ref());
    let lines = Memo::new(move |_| {
        let is_listed = |run: &Run| is_all.get() || is_own(run);
        let mut listed: Vec<Run> = runs.get().into_iter().filter(is_listed).collect();
        if let Some((by, is_back)) = sorted_by.get() {
            let order = |a: &Run, b: &Run| compared(by, a, b);
            arrange(&mut listed, |a, b| if is_back { order(b, a) } else { order(a, b) });
        }
        listed
    });
    let n_others = move || runs.with(|runs| runs.iter().filter(|run| !is_own(run)).count());
    let title = move || {
        let (all, own) = ("all files, each on its own test", "this file, on their tests");
        format!("Trainings of {}", if is_all.get() { all } else { own })
    };
    let pair = move || {
        let ticked = ticked.get();
        let own = |id: &u64| lines.with(|runs| runs.iter().find(|run| id_of(run) == *id).cloned());
        let found: Vec<Run> = ticked.iter().filter_map(own).collect();
        let [a, b] = <[Run; 2]>::try_from(found).ok()?;
        Some(view! { <Side a b /> })
    };
    let forget = move || {
        let is_all = is_all.get_untracked();
        runs.update(|runs| {
            runs.retain(|run| !is_all && untrack(|| !is_own(run)));
            keep(runs);
        });
    };
    let export = move |_| {
        let name = "isoscope-runs.csv";
        let is_saved = outside::download_text(&csv(&lines.get_untracked()), name).is_ok();
        session.saved(name, is_saved);
    };
    let best = move |name: &str| {
        let values = lines.with(|runs| {
            // A figure of another file's test is no better and no worse than one of this file's.
            let own = runs.iter().filter(|run| is_own(run));
            let values = own.filter_map(|run| Some(run.figure(name)?.value));
            values.collect::<Vec<f64>>()
        });
        values.into_iter().fold(f64::NEG_INFINITY, f64::max)
    };
    let body = move || {
        let best = COMPARED.map(best);
        let one = |run: Run| {
            let is_own = is_own(&run);
            line(run, is_own, best, ticked)
        };
        lines.get().into_iter().map(one).collect_view()
    };
    view! {
        <section class="card" data-testid="runs" hidden=move || lines.with(Vec::is_empty)>
            <header class="head-line">
                <h2>{title}</h2>
                <span class="grow"></span>
                <button
                    class="quiet quiet--small" type="button" data-testid="runs-all"
                    class:is-on=move || is_all.get() aria-pressed=move || is_all.get().to_string()
                    hidden=move || n_others() == 0 on:click=move |_| is_all.update(|is_all| *is_all = !*is_all)
                >
                    {move || format!("Those of other files, too ({})", n_others())}
                </button>
                <button
                    class="quiet quiet--small" type="button" data-testid="runs-export" on:click=export
                >
                    "Download CSV"
                </button>
                {forget_button(move || lines.with(Vec::len), forget)}
            </header>
            <div class="scrolls">
                <table class="table">
                    <thead>{head(sorted_by)}</thead>
                    <tbody>{body}</tbody>
                </table>
            </div>
            {pair}
            <p class="cap">
                "Tick two to see what differs. Kept in this browser only, under the file's name and fingerprint. Choosing the \
                 best of many by the same test flatters, too."
            </p>
        </section>
    }
    .into_any()
}

/// What forgets as many as are listed, once asked again.
fn forget_button(
    n_listed: impl Fn() -> usize + Send + 'static,
    forget: impl Fn() + 'static,
) -> AnyView {
    let is_asked = RwSignal::new(false);
    let press = move |_| {
        if is_asked.get_untracked() {
            forget();
        }
        is_asked.update(|is_asked| *is_asked = !*is_asked);
    };
    let word = move || match is_asked.get().then(&n_listed) {
        Some(n) => format!("Really forget all {n}?"),
        None => "Forget them".to_owned(),
    };
    view! {
        <button
            class="quiet quiet--small" type="button" data-testid="runs-forget" on:click=press
            on:blur=move |_| is_asked.set(false)
        >
            {word}
        </button>
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
fn line(
    run: Run,
    is_own: bool,
    best: [f64; COMPARED.len()],
    ticked: RwSignal<Vec<u64>>,
) -> AnyView {
    let id = id_of(&run);
    let figures = COMPARED.iter().zip(best).map(|(name, best)| {
        let figure = run.figure(name);
        let shown = figure.map_or("—".to_owned(), |it| format::fixed(it.value, 4));
        let own = figure.filter(|it| it.name != **name).map(|it| figure_name(&it.name));
        let ends = figure.and_then(|it| it.interval).map(|(low, high)| {
            format!("95 % interval: {} to {}", format::fixed(low, 4), format::fixed(high, 4))
        });
        let title = own.into_iter().chain(ends).collect::<Vec<_>>().join(" · ");
        let is_best = is_own && figure.is_some_and(|it| it.value == best);
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
                {(!is_own).then(|| view! { <span class="soft">" · of " {run.name.clone()}</span> })}
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
