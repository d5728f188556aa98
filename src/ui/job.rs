//! The running job, and what went wrong: always at the same place, so that nothing jumps.

use std::time::Duration;

use leptos::prelude::*;

use super::link::Link;
use super::outside::AtRest;
use super::session::{Phase, Problem, Session, Work};
use super::words;
use crate::chart::format;
use crate::protocol::{JobError, Profile, Step};

/// How long a remark stands that goes by itself.
const READ_IN: Duration = Duration::from_secs(6);

/// Progress, errors and remarks, over the foot of the page.
#[component]
pub fn Job() -> impl IntoView {
    let session = expect_context::<Session>();
    let work = Memo::new(move |_| match session.phase.get() {
        Phase::Working(work, ..) => Some(work),
        _ => None,
    });
    let progress = move || work.get().map(|work| view! { <Progress work /> });
    let problem = move || session.problem.get().map(|problem| view! { <Trouble problem /> });
    let at_rest = AtRest::after(READ_IN);
    Effect::new(move |_| {
        if session.remark.with(Option::is_some) {
            at_rest.run(move || session.pass_over());
        }
    });
    let remark = move || {
        session.remark.get().map(|remark| {
            view! {
                <div class="toast" role="status" on:click=move |_| session.remark.set(None)>
                    <p>{remark.said}</p>
                    <button
                        class="toast__close" aria-label="Dismiss"
                    >
                        "×"
                    </button>
                </div>
            }
        })
    };
    view! { <div class="toasts" aria-live="polite">{remark} {problem} {progress}</div> }
}

#[component]
fn Progress(work: Work) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let state = move || match session.phase.get() {
        Phase::Working(_, step, done) => (step, done),
        _ => (None, 1.0),
    };
    let said = move || doing(state().0, work);
    let percent = move || (state().1 * 100.0).clamp(0.0, 100.0);
    view! {
        <div class="toast toast--job">
            <p>
                {said} "…" <b class="num">{move || format!("{:.0}\u{a0}%", percent())}</b>
            </p>
            <div
                class="progress" data-testid="job-progress" role="progressbar" aria-valuemin="0"
                aria-valuemax="100" aria-valuenow=move || format!("{:.0}", percent())
                aria-label=said
            >
                <i style:transform=move || format!("scaleX({})", percent() / 100.0)></i>
            </div>
            <button class="quiet quiet--small" data-testid="job-cancel" on:click=move |_| link.cancel()>
                {move || if session.may_stop() { "Stop here" } else { "Cancel" }}
            </button>
        </div>
    }
}

/// What a job is doing.
fn doing(step: Option<Step>, work: Work) -> &'static str {
    match (step, work) {
        (Some(Step::Train), Work::Tune) => "Trying settings on folds",
        (Some(Step::Train), Work::ByRows) => "Training on parts of the rows",
        (None, Work::Load) => "Opening the file",
        (None, Work::Restore) => "Reading the file again",
        (None, Work::Detect) => "Drawing samples",
        (None, Work::Look) => "Looking again",
        (None, Work::Judge) => "Learning from verdicts",
        (Some(Step::Unpack), _) => "Unpacking the file",
        (Some(Step::Read), _) => "Reading the file",
        (Some(Step::Profile), _) => "Settling types",
        (Some(Step::Grow), _) => "Growing trees",
        (Some(Step::Score), _) => "Scoring rows",
        (Some(Step::Prepare), _)
        | (None, Work::Train | Work::Tune | Work::ByRows | Work::Compare) => "Gathering rows",
        (Some(Step::Add), _) => "Measuring rows for added columns",
        (Some(Step::Train), _) => "Training",
        (Some(Step::Classify), _) => "Classifying rows",
        (Some(Step::Judge), _) => "Judging the model",
        (Some(Step::Explain), _) => "Finding reasons",
        (Some(Step::Write), _) | (None, Work::Export) => "Writing the file",
        (Some(Step::Select), _) => "Looking for rows",
    }
}

#[component]
fn Trouble(problem: Problem) -> impl IntoView {
    let session = expect_context::<Session>();
    let advice = advice(&problem, session.table.with_untracked(Option::is_some));
    let sentence = match problem.error {
        JobError::TooLarge { n_rows, needed, room, .. } => format!(
            "This table will not fit: about {} would take about {} of memory, and {} are at hand",
            words::counted(n_rows, "row", "rows"),
            format::bytes(needed),
            format::bytes(room),
        ),
        ref error => capitalised(&error.to_string()),
    };
    let offer = match problem.error {
        JobError::TooLarge { n_rows, per_mille, .. } => {
            Some(view! { <Offer n_rows per_mille /> }.into_any())
        }
        _ => None,
    };
    view! {
        <div class="toast toast--trouble" role="alert" data-testid="job-error">
            <div class="toast__said">
                <p>
                    <b>{sentence} "."</b> " " {advice}
                </p>
                {offer}
            </div>
            <button
                class="toast__close" aria-label="Dismiss" on:click=move |_| session.problem.set(None)
            >
                "×"
            </button>
        </div>
    }
}

/// A sample of the rows, where all of them will not fit; or all of them all the same.
#[component]
fn Offer(n_rows: u64, per_mille: u16) -> impl IntoView {
    let link = expect_context::<Link>();
    let share = words::percent(f64::from(per_mille) / 1e3);
    let n = format::count(n_rows / 1_000 * u64::from(per_mille));
    view! {
        <span class="toast__offer">
            <button
                class="go" data-testid="load-sample" on:click=move |_| link.load_share(per_mille)
            >
                {format!("Load {share}: some {n} rows")}
            </button>
            <button
                class="quiet" data-testid="load-anyway" on:click=move |_| link.load_share(1_000)
                title="If the memory does not last, the work stops with a sentence; the page stays."
            >
                "Try all of it"
            </button>
        </span>
    }
}

/// Says loudly that only a sample of the rows was loaded; nothing where all were.
#[component]
pub fn SampleNote() -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let note = move || {
        let sentence = session.table.with(|table| sample(&table.as_ref()?.profile))?;
        Some(view! {
            <p class="remark remark--loud" data-testid="sample-note">
                <b>{sentence}</b>
                " Everything below, and every export, is about these rows. "
                <button class="link" on:click=move |_| link.load_all()>
                    "Load all rows"
                </button>
            </p>
        })
    };
    view! { {note} }
}

/// What a sample of the rows is, as a sentence; `None` where all rows were loaded.
fn sample(profile: &Profile) -> Option<String> {
    let (share, n_in_file) = profile.sample?;
    Some(format!(
        "A sample: {} of the file's {} rows, {} drawn with seed {}.",
        format::count(u64::from(profile.n_rows)),
        format::count(n_in_file),
        words::percent(f64::from(share.per_mille) / 1e3),
        share.seed,
    ))
}

/// What stands after a failure, where the error's own sentence does not say it.
fn advice(problem: &Problem, has_table: bool) -> &'static str {
    match (&problem.error, problem.work, has_table) {
        (JobError::WorkerDied { .. }, Some(Work::Restore), _) => {
            "The table could not be read again; give the file once more."
        }
        (JobError::WorkerDied { .. }, _, true) => "The file is read again by itself.",
        (JobError::TooLarge { .. }, ..) => "A sample, drawn by a seed, will.",
        (_, Some(Work::Load), true) => "The table that was loaded before is still there.",
        (JobError::NoRowsBelow { .. }, _, false) => "",
        (_, Some(Work::Load), false) => "Choose another file, or try a sample.",
        (_, Some(Work::Restore), _) => "Give the file once more.",
        _ => "",
    }
}

fn capitalised(sentence: &str) -> String {
    // ASCII alone: the tables of all others would weigh more than this whole file.
    let mut sentence = sentence.to_owned();
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::capitalised;

    #[test]
    fn sentences_begin_with_a_capital() {
        assert_eq!(capitalised("the file is empty"), "The file is empty");
        assert_eq!(capitalised(""), "");
    }
}
