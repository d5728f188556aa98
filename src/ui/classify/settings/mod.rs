//! What is learnt, from which rows and how: on one card.

pub mod split;
pub mod target;

use leptos::prelude::*;
use web_sys::{HtmlSelectElement, SubmitEvent};

use crate::protocol::{BoostParams, Learner};
use crate::ui::ballot::Weighing;
use crate::ui::classify::eyes::EyePicker;
use crate::ui::lesson::{LEARNERS, Lesson, SplitKind};
use crate::ui::link::Link;
use crate::ui::number::{Number, narrow};
use crate::ui::select::Select;
use crate::ui::session::{Phase, Session, Work};
use split::Split;
use target::{Positive, Target, TooMany};

/// The settings, and the button.
#[component]
pub fn Settings(
    /// What is to be learnt, or has been.
    headline: AnyView,
    /// Whether training would be asked for another model than the one that stands.
    is_stale: Memo<bool>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let lesson = session.lesson;
    let is_running = move || matches!(session.phase.get(), Phase::Working(Work::Train, ..));
    let spec = Memo::new(move |_| {
        session.table.with(|table| lesson.get().spec(session, &table.as_ref()?.profile))
    });
    let word = move || if session.trained.with(Option::is_some) { "Train again" } else { "Train" };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        link.train();
    };
    let u64_of = move |of: fn(&Lesson) -> u32| Signal::derive(move || u64::from(lesson.with(of)));
    let set = move |with: fn(&mut Lesson, u32)| {
        move |n: u64| lesson.update(|lesson| with(lesson, narrow(n)))
    };
    view! {
        <form class="stage__head settings" on:submit=submit novalidate=true>
            <div>{headline}</div>
            <div class="settings__fields">
                <Target />
                <Positive />
                <Split />
                <LearnerPicker />
                <Number
                    id="classify-depth" label="Depth" hint="Questions in a row per round: 1 for stumps, which can be read as rules."
                    range=(1, BoostParams::MAX_DEPTH.into()) value=u64_of(|lesson| lesson.depth)
                    on_change=set(|lesson, n| lesson.depth = n)
                />
                <Number
                    id="classify-rounds" label="Rounds" hint="At most so many."
                    range=(1, BoostParams::MAX_ROUNDS.into()) value=u64_of(|lesson| lesson.rounds)
                    on_change=set(|lesson, n| lesson.rounds = n)
                />
                <Rate />
                <Number
                    id="classify-seed" label="Seed" hint="The same seed gives the same split and model, bit for bit."
                    range=(0, u64::MAX) value=Signal::derive(move || lesson.with(|lesson| lesson.seed))
                    on_change=move |n| lesson.update(|lesson| lesson.seed = n)
                />
                <Number
                    id="classify-patience" label="Patience" hint="Stop after so many rounds without gain on 15 % of the rows to learn from, which are held out for it; 0: never."
                    range=(0, BoostParams::MAX_ROUNDS.into()) value=u64_of(|lesson| lesson.patience)
                    on_change=set(|lesson, n| lesson.patience = n)
                />
                <WeightsPicker />
                <label class="check" title="15 % of the rows to learn from are held out of training, so that a line can be set by them, and not by the test. With patience they are in any case.">
                    <input
                        type="checkbox" data-testid="classify-hold-out"
                        prop:checked=move || lesson.with(|lesson| lesson.holds_out)
                        on:change:target=move |event| {
                            let is_on = event.target().checked();
                            lesson.update(|lesson| lesson.hold_out(is_on));
                        }
                    />
                    "hold 15 % out"
                </label>
                <button
                    class="go" class:is-stale=is_stale data-testid="classify-run"
                    disabled=move || is_running() || spec.with(Option::is_none)
                    title=move || is_stale.get().then_some("Settings have changed since the last training.")
                >
                    {word}
                </button>
            </div>
            <TooMany />
            <EyePicker />
            <p class="shortcuts">
                "Set up"
                <button
                    class="link" type="button" data-testid="classify-for-unknown"
                    title="15 % of the rows to learn from are held out, and the line is put where 1 % of the ordinary ones among them are above it. On NSL-KDD’s test, half of whose kinds of attacks are in no training row, .873 are told right, and .803 at even votes."
                    on:click=move |_| lesson.update(Lesson::for_unknown_kinds)
                >
                    "for attacks of unknown kinds: line at 1 % false alarms"
                </button>
            </p>
            {move || spec.with(Option::is_none).then(|| view! { <p class="remark">{missing(session)}</p> })}
        </form>
    }
    .into_any()
}

/// What is still to be chosen.
fn missing(session: Session) -> &'static str {
    let lesson = session.lesson.get();
    let target = session
        .table
        .with(|table| table.as_ref().and_then(|table| lesson.target_of(session, &table.profile)));
    match (target, lesson.split) {
        (None, _) => "Choose the column whose classes are to be learnt.",
        (Some(_), SplitKind::File) => "Choose the file to judge by.",
        (Some(_), _) => "Choose what the rows are to be split by.",
    }
}

/// How trees vote.
#[component]
fn LearnerPicker() -> impl IntoView {
    let lesson = expect_context::<Session>().lesson;
    let option = |(learner, word): (Learner, &'static str)| {
        let is_on = move || lesson.with(|lesson| lesson.learner == learner);
        let name = match learner {
            Learner::Confidence => "confidence-rated",
            Learner::Samme => "SAMME, discrete",
        };
        view! { <option value=word prop:selected=is_on>{name}</option> }
    };
    let choose = move |select: HtmlSelectElement| {
        let word = select.value();
        if let Some((learner, _)) = LEARNERS.into_iter().find(|(_, there)| *there == word) {
            lesson.update(|lesson| lesson.learner = learner);
        }
    };
    view! {
        <Select
            id="classify-learner" label="Learner" on_change=choose
            hint="Confidence-rated votes are as strong as each answer is sure (Schapire & Singer 1999). SAMME is the discrete form other tools use (Zhu et al. 2009)."
            options=LEARNERS.map(option).collect_view().into_any()
        />
    }
}

/// How rows of different classes weigh.
#[component]
fn WeightsPicker() -> impl IntoView {
    let lesson = expect_context::<Session>().lesson;
    let options = Weighing::ALL.map(|(of, word, name)| {
        let is_on = move || lesson.with(|lesson| lesson.weighing == of);
        view! { <option value=word prop:selected=is_on>{name}</option> }
    });
    let choose = move |select: HtmlSelectElement| {
        if let Some(weighing) = Weighing::of_word(&select.value()) {
            lesson.update(|lesson| lesson.weighing = weighing);
        }
    };
    view! {
        <Select
            id="classify-weights" label="Weights" on_change=choose
            hint="How much a row weighs in training. Classes alike: rare ones weigh as much as common ones. By cost: rows weigh what their mistakes cost, as said below the results."
            options=options.collect_view().into_any()
        />
    }
}

/// What every vote is multiplied by.
#[component]
fn Rate() -> impl IntoView {
    let lesson = expect_context::<Session>().lesson;
    let is_wrong = RwSignal::new(false);
    let read =
        |text: &str| text.trim().parse().ok().filter(|&rate: &f64| rate > 0.0 && rate <= 1.0);
    view! {
        <label class="field" title="Every vote is multiplied by it: above 0, at most 1. Smaller learns slower and often better.">
            "Rate"
            <input
                class="input input--number" data-testid="classify-rate" inputmode="decimal"
                autocomplete="off" aria-invalid=move || is_wrong.get().to_string()
                prop:value=move || lesson.with(|lesson| lesson.rate.to_string())
                on:input:target=move |event| {
                    let rate = read(&event.target().value());
                    is_wrong.set(rate.is_none());
                    if let Some(rate) = rate {
                        lesson.update(|lesson| lesson.rate = rate);
                    }
                }
                on:change:target=move |event| {
                    event.target().set_value(&lesson.with_untracked(|lesson| lesson.rate.to_string()));
                    is_wrong.set(false);
                }
            />
        </label>
    }
}
