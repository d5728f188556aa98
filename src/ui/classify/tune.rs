//! Tune: which depth, rate and rounds do best on rows that were not learnt from.

use std::sync::Arc;

use leptos::prelude::*;

use crate::chart::format;
use crate::protocol::{SplitBy, Trial, TuneEnding, Tuned, arrange};
use crate::ui::lesson::Lesson;
use crate::ui::link::Link;
use crate::ui::session::{Phase, Session, Work};
use crate::ui::words;

/// Seconds that a person can give it.
const LIMITS: [u32; 4] = [10, 30, 60, 120];

/// The search, its settings and what it found.
#[component]
pub fn Tune() -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let limit = RwSignal::new(60_u32);
    let is_busy = move || !matches!(session.phase.get(), Phase::Idle);
    let can_be_asked = Memo::new(move |_| {
        session.table.with(|table| {
            let profile = table.as_ref().map(|table| &table.profile);
            profile.is_some_and(|it| session.lesson.get().spec(session, it).is_some())
        })
    });
    let option = move |seconds: u32| {
        let is_on = move || limit.get() == seconds;
        view! { <option value=seconds.to_string() selected=is_on>{seconds} " s"</option> }
    };
    let found = move || session.tuned.get().map(|tuned| view! { <Found tuned /> });
    view! {
        <section class="card" data-testid="tune">
            <header class="head-line">
                <h2>"Find depth, rate and rounds"</h2>
                <span class="grow"></span>
                <label class="soft">
                    "at most "
                    <select
                        class="input" data-testid="tune-limit"
                        on:change:target=move |event| {
                            if let Ok(seconds) = event.target().value().parse() {
                                limit.set(seconds);
                            }
                        }
                    >
                        {LIMITS.map(option)}
                    </select>
                </label>
                <button
                    class="quiet" type="button" data-testid="tune-run"
                    disabled=move || is_busy() || !can_be_asked.get()
                    on:click=move |_| link.tune(limit.get_untracked().into())
                >
                    "Tune"
                </button>
            </header>
            <p class="cap">
                "Depths 1 to 5, each at the rates 1, 0.5, 0.25 and 0.1, are tried on folds of the rows to learn from: a \
                 model of all folds but one is judged by that one, after each of its rounds. What is clearly worse \
                 than another after two folds is left out of the rest. The test rows are never looked at."
            </p>
            {found}
        </section>
    }
    .into_any()
}

/// What is known: in words, and setting by setting.
#[component]
fn Found(tuned: Arc<Tuned>) -> impl IntoView {
    let chosen = tuned.chosen;
    let mut order: Vec<u32> = (0..tuned.tried.len() as u32).collect();
    let key = |place: u32| (tuned.tried[place as usize].depth, -tuned.tried[place as usize].rate);
    arrange(&mut order, |&a, &b| key(a).partial_cmp(&key(b)).unwrap_or(std::cmp::Ordering::Equal));
    let line = |place: u32| {
        let tried = &tuned.tried[place as usize];
        let note = note(tried, tuned.best == Some(place), chosen == Some(place));
        let text = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
        let deviation = tried.deviation.map(|it| format!(" ± {}", words::closely(it)));
        view! {
            <tr
                data-testid="tune-line" class:is-best=chosen == Some(place) data-depth=tried.depth
                data-rate=tried.rate data-rounds=tried.n_rounds data-value=text(tried.error)
                data-deviation=text(tried.deviation) data-folds=tried.folds.len()
                data-dropped=tried.is_dropped.to_string()
            >
                <td class="num">{tried.depth}</td>
                <td class="num">{tried.rate}</td>
                <td class="num">{(tried.n_rounds > 0).then(|| format::count(tried.n_rounds.into()))}</td>
                <td class="num">{tried.error.map_or("—".to_owned(), words::closely)} {deviation}</td>
                <td class="num">{tried.folds.len()}</td>
                <td class="num soft">{format::fixed(tried.seconds, 1)}</td>
                <td class="soft">{note}</td>
            </tr>
        }
    };
    let is_over = tuned.ending != TuneEnding::Runs;
    view! {
        {is_over.then(|| view! { <Advice tuned=tuned.clone() /> })}
        <div class="scrolls">
            <table class="table figures">
                <thead>
                    <tr>
                        <th class="num">"depth"</th>
                        <th class="num">"rate"</th>
                        <th class="num" title="The number of rounds with the least error.">"rounds"</th>
                        <th class="num" title="The mean over folds, and its standard error.">"told wrong"</th>
                        <th class="num">"folds"</th>
                        <th class="num">"s"</th>
                        <th></th>
                    </tr>
                </thead>
                <tbody>{order.into_iter().map(line).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// What is to be known of a setting.
fn note(tried: &Trial, is_best: bool, is_chosen: bool) -> String {
    let n_folds = tried.folds.len() as u64;
    match (is_chosen, is_best) {
        (true, true) => "least error, and the simplest as good".to_owned(),
        (true, false) => "the simplest as good".to_owned(),
        (false, true) => "least error".to_owned(),
        _ if tried.is_dropped => {
            format!("left out after {}", words::counted(n_folds, "fold", "folds"))
        }
        _ if n_folds == 0 => "not reached".to_owned(),
        _ => String::new(),
    }
}

/// What to do with it.
#[component]
fn Advice(tuned: Arc<Tuned>) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let lesson = session.lesson;
    let Some(chosen) = tuned.chosen.map(|place| tuned.tried[place as usize].clone()) else {
        let sentence = "Nothing is known yet: not one setting went through a fold. Give it more time, or \
                        fewer columns.";
        return view! { <p class="remark" data-testid="tune-said">{sentence}</p> }.into_any();
    };
    let is_stale = {
        let asked = without_found(tuned.spec.train.clone());
        Memo::new(move |_| {
            session.table.with(|table| {
                let profile = table.as_ref().map(|table| &table.profile);
                let spec = profile.and_then(|profile| lesson.get().spec(session, profile));
                spec.map(without_found).as_ref() != Some(&asked)
            })
        })
    };
    let (depth, rate, rounds) = (chosen.depth, chosen.rate, chosen.n_rounds);
    let is_in_use = Memo::new(move |_| {
        lesson.with(|it| (it.depth, it.rate, it.rounds, it.patience) == (depth, rate, rounds, 0))
    });
    let put = move || {
        lesson.update(|it: &mut Lesson| {
            (it.depth, it.rate, it.rounds, it.patience) = (depth, rate, rounds, 0);
        });
    };
    let is_training = move || matches!(session.phase.get(), Phase::Working(Work::Train, ..));
    let next = move || match (is_stale.get(), is_in_use.get()) {
        (true, _) => {
            view! { <p class="remark">"Other settings have changed since: tune again."</p> }
                .into_any()
        }
        (false, true) => view! {
            <button
                class="go" type="button" data-testid="tune-train" disabled=is_training
                on:click=move |_| link.train()
            >
                "Train with it"
            </button>
            <span class="soft">"It is in the settings above, and in the address."</span>
        }
        .into_any(),
        (false, false) => view! {
            <button class="go" type="button" data-testid="tune-use" on:click=move |_| put()>
                "Use it"
            </button>
        }
        .into_any(),
    };
    view! {
        <p data-testid="tune-said" role="status">{said(&tuned, &chosen)}</p>
        {cautions(&tuned, &chosen).into_iter().map(|it| view! { <p class="soft">{it}</p> }).collect_view()}
        <div class="head-line">{next}</div>
    }
    .into_any()
}

/// What is asked, but for what Tune looks for.
fn without_found(mut spec: crate::protocol::TrainSpec) -> crate::protocol::TrainSpec {
    (spec.params.depth, spec.params.rate, spec.params.n_rounds) = (1, 1.0, 1);
    spec.params.patience = None;
    // It knows the columns of the table only.
    spec.eyes = crate::protocol::Eyes::default();
    spec
}

/// What it found, in a sentence.
fn said(tuned: &Tuned, chosen: &Trial) -> String {
    let share = chosen.error.map_or(String::new(), words::closely);
    let spread = chosen.deviation.map_or(String::new(), |it| format!(" ± {}", words::closely(it)));
    let setting = format!(
        "Depth {}, rate {} and {}: {share}{spread} of the rows of folds that were not learnt from are told wrong",
        chosen.depth,
        chosen.rate,
        words::counted(chosen.n_rounds.into(), "round", "rounds"),
    );
    let best = tuned.best.map(|place| &tuned.tried[place as usize]);
    match best.filter(|best| *best != chosen).and_then(|best| best.error) {
        Some(least) => format!(
            "{setting}. It is the simplest setting within one standard error of the best, which has {}.",
            words::closely(least)
        ),
        None => format!("{setting}. No other setting has fewer."),
    }
}

/// What to mind about it.
fn cautions(tuned: &Tuned, chosen: &Trial) -> Vec<String> {
    let mut cautions = Vec::new();
    let n_reached = tuned.tried.iter().filter(|tried| !tried.folds.is_empty()).count();
    let n_folds = words::counted(chosen.folds.len() as u64, "fold", "folds");
    let ended = match tuned.ending {
        TuneEnding::TimeUp => Some("The time was over"),
        TuneEnding::Stopped => Some("You stopped it"),
        TuneEnding::Runs | TuneEnding::Complete => None,
    };
    if let Some(ended) = ended {
        cautions.push(format!(
            "{ended}: {n_reached} of {} settings are known, by {n_folds}. With more time it may be another.",
            tuned.tried.len()
        ));
    }
    let (n_rows, n_of) = tuned.n_rows;
    if n_rows < n_of {
        cautions.push(format!(
            "Trial on {} of the {} rows to learn from, drawn by the seed, class by class: more rows may bear a \
             deeper model or more rounds.",
            format::count(n_rows.into()),
            format::count(n_of.into())
        ));
    }
    let most = tuned.spec.train.params.n_rounds;
    if chosen.n_rounds == most {
        cautions.push(format!(
            "It takes all {most} rounds there may be: raise Rounds and tune again, more may do better."
        ));
    }
    match tuned.spec.train.split {
        SplitBy::Folds { .. } => cautions.push(
            "The split is in folds, and these chose the setting: with no test apart, their figures will flatter it."
                .to_owned(),
        ),
        SplitBy::Time { .. } => cautions.push(
            "The folds are drawn at random from the rows before the test: bursts of like rows are on both sides."
                .to_owned(),
        ),
        _ => {}
    }
    cautions
}
