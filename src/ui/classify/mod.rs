//! Classify: learn the classes of a column, and see how well that goes.

pub mod apply;
pub mod baselines;
pub mod by_rows;
pub mod curve;
pub mod doctor;
pub mod eyes;
pub mod figures;
pub mod line;
pub mod matrix;
pub mod mute;
pub mod quality;
pub mod row;
pub mod runs;
pub mod settings;
pub mod tune;
pub mod votes;
pub mod wrong;

use std::sync::Arc;

use leptos::prelude::*;

use super::job::SampleNote;
use super::session::{Phase, Session, Work};
use super::words;
use crate::chart::format;
use crate::protocol::{Ending, RowSet, SplitBy, SplitNote, TrainSpec, Trained};
use apply::Apply;
use baselines::Baselines;
use curve::LearningCurve;
use doctor::Doctor;
use eyes::AddedColumns;
use figures::Figures;
use line::LineAndCosts;
use matrix::Matrix;
use quality::Quality;
use runs::Runs;
use settings::Settings;
use tune::Tune;
use votes::Columns;
use wrong::Wrong;

/// Classes whose matrix has room beside the figures.
const SIDE_BY_SIDE: usize = 8;

/// Whether training would now be asked for another model than the one that stands.
fn is_stale(session: Session) -> bool {
    let asked = session
        .table
        .with(|table| session.lesson.with(|lesson| lesson.spec(session, &table.as_ref()?.profile)));
    session.model.with(|model| {
        model.as_ref().is_some_and(|model| {
            // How votes are counted takes no training.
            let counting = model.spec.counting.clone();
            asked.map(|asked| TrainSpec { counting, ..asked }).as_ref() != Some(&model.spec)
        })
    })
}

/// Settings, and what training came to.
#[component]
pub fn Classify() -> impl IntoView {
    let session = expect_context::<Session>();
    let headline = move || {
        match session.trained.get() {
        Some(trained) => view! { <Headline trained /> }.into_any(),
        None => view! {
            <h1>"Learn to tell classes apart"</h1>
            <p>"A compact model is trained in this tab, on labelled rows, and judged by rows it has not seen."</p>
        }
        .into_any(),
    }
    };
    let is_training = move || matches!(session.phase.get(), Phase::Working(Work::Train, ..));
    let has_curve = Memo::new(move |_| is_training() || session.trained.with(Option::is_some));
    let curve = move || has_curve.get().then(|| view! { <LearningCurve /> }.into_any());
    let results = move || {
        let (table, model) = (session.table.get()?, session.model.get()?);
        let last = model.clone();
        // What stays in its place while votes are counted otherwise takes this, and is not made anew.
        let trained = Signal::derive(move || {
            let is_its = |trained: &Arc<Trained>| trained.classes == last.classes;
            session.trained.get().filter(is_its).unwrap_or_else(|| last.clone())
        });
        // What it says of another file comes first, the way to one last.
        let apply = |is_here: bool| is_here.then(|| view! { <Apply trained /> });
        let is_applied = model.applied.is_some();
        let is_wide = model.classes.len() > SIDE_BY_SIDE;
        let beside = if is_wide { "stack" } else { "pair pair--even" };
        let added = view! { <AddedColumns table=table.clone() trained=model.clone() /> };
        let doctor = {
            let table = table.clone();
            move || view! { <Doctor table=table.clone() trained=trained.get() /> }
        };
        Some(
            view! {
                {apply(is_applied)}
                <div class=beside>
                    {(!model.judged.is_empty()).then(|| view! { <Figures trained /> })}
                    <div class="stack">
                        <Matrix trained />
                        {doctor}
                    </div>
                </div>
                {added}
                <LineAndCosts trained />
                <Quality trained />
                <Baselines trained=model.clone() />
                <Columns table trained=model />
                <Wrong trained />
                {apply(!is_applied)}
            }
            .into_any(),
        )
    };
    let is_stale = Memo::new(move |_| is_stale(session));
    let stale = move || {
        let is_idle = matches!(session.phase.get(), Phase::Idle);
        (is_idle && is_stale.get()).then(|| {
            view! {
                <p class="remark" data-testid="stale">
                    "The settings above, or the roles of columns, are no longer those of the model below: train \
                     again to see what they come to."
                </p>
            }
            .into_any()
        })
    };
    let how = move || (!has_curve.get()).then(|| view! { <How /> }.into_any());
    view! {
        <div class="stage">
            <Settings headline=headline.into_any() is_stale />
            <SampleNote />
            {how}
            {stale}
            {curve}
            {results}
            <Tune />
            <Runs />
        </div>
    }
    .into_any()
}

/// How good the model is, in a sentence.
#[component]
fn Headline(trained: Arc<Trained>) -> impl IntoView {
    let test = trained.judged.iter().find(|judged| judged.set == RowSet::Test);
    let accuracy = test.and_then(|judged| {
        judged.figures.iter().find(|figure| figure.name == "accuracy")?.value.ok()
    });
    let headline = match accuracy {
        Some(accuracy) => {
            let of = if trained.is_unjudged() { "rows kept back are" } else { "test is" };
            format!("{} of the {of} told right", words::percent(accuracy))
        }
        None => "A model stands".to_owned(),
    };
    let n_rounds = words::counted(u64::from(trained.n_rounds), "round", "rounds");
    let ending = match trained.ending {
        Ending::AllRounds => "",
        Ending::NoImprovement => ", the best of more: rows held out were told no better after it",
        Ending::Explained => ", as one rule explains every row learnt from",
        Ending::Chance => ", after which no rule was better than chance",
        Ending::GivenUp => ", as you stopped it there",
    };
    let n_train: u64 = trained.n_train.iter().sum();
    let facts = format!(
        "{}, {n_rounds}{ending}; learnt from {} rows, judged by {}.",
        words::counted(trained.classes.len() as u64, "class", "classes"),
        format::count(n_train),
        words::counted(test.map_or(0, |test| u64::from(test.n_rows)), "row", "rows"),
    );
    let notes = notes(&trained);
    view! {
        <h1 role="status">{headline}</h1>
        <p>{facts}</p>
        {notes.into_iter().map(|note| view! { <p class="soft">{note}</p> }).collect_view()}
    }
}

/// What is to be known of the split and of rows that took no part.
fn notes(trained: &Trained) -> Vec<String> {
    let name = |class: u8| trained.classes.get(usize::from(class)).map_or("", String::as_str);
    let mut notes: Vec<String> = trained
        .notes
        .iter()
        .filter_map(|note| match *note {
            SplitNote::OneRow { class } => Some(format!(
                "{} has one row: it is learnt from, and nothing is known about how well.",
                name(class)
            )),
            SplitNote::FewerThanFolds { class, found } => {
                Some(format!("{} has {found} rows, fewer than there are folds.", name(class)))
            }
            SplitNote::NotTested { class } => {
                Some(format!("No row of {} is in the test.", name(class)))
            }
            SplitNote::NoTime { n_rows } => Some(format!(
                "{} without a time are learnt from.",
                words::counted(n_rows.into(), "row", "rows")
            )),
            // The doctor tells of them.
            SplitNote::NotTrained { .. } => None,
        })
        .take(4)
        .collect();
    // Of another file's rows is told where it is applied to them.
    let told = trained.applied.as_ref().map_or(0, |applied| applied.n_rows - applied.n_judged);
    if trained.n_unlabelled > told {
        let n = trained.n_unlabelled - told;
        let n = words::counted(n.into(), "row has", "rows have");
        notes.push(format!("{n} no class: neither learnt from nor judged by, but classified."));
    }
    if let SplitBy::Folds { k } = trained.spec.split {
        notes.push(format!(
            "Every row was judged once, by a model of the other {} folds; the model below learnt from all.",
            k - 1
        ));
    }
    notes
}

/// How it is done.
#[component]
fn How() -> impl IntoView {
    view! {
        <section class="card how">
            <div>
                <h2>"1 · Ask one question"</h2>
                <p>"A round looks for the one question about one column that parts the classes best."</p>
            </div>
            <div>
                <h2>"2 · Vote, and weigh again"</h2>
                <p>
                    "Each answer gets a vote as strong as it is sure. Rows that are still told wrong weigh \
                     more in the next round."
                </p>
            </div>
            <div>
                <h2>"3 · Judge honestly"</h2>
                <p>
                    "All votes are added up. What the sum is worth is measured on rows that were kept away \
                     from training."
                </p>
            </div>
        </section>
    }
}
