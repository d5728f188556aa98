//! What is learnt, from which rows and how: on one card.

use leptos::prelude::*;
use web_sys::SubmitEvent;

use crate::protocol::{BoostParams, ColumnProfile, Learner, Role, TrainSpec};
use crate::ui::ballot::Weighing;
use crate::ui::choosers::Choosers;
use crate::ui::classify::eyes::EyePicker;
use crate::ui::lesson::{FAMILIES, FROM, LEARNERS, Lesson, SplitKind, files, has_families, values};
use crate::ui::link::Link;
use crate::ui::number::{Number, narrow};
use crate::ui::session::{Phase, Session, Work};

/// Classes a model can tell apart.
const MOST_CLASSES: u32 = 50;
/// Columns that are offered as targets.
const OFFERED: usize = 300;

/// The settings, and the button.
#[component]
pub fn Settings(
    /// What is to be learnt, or has been.
    headline: AnyView,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let lesson = session.lesson;
    let is_running = move || matches!(session.phase.get(), Phase::Working(Work::Train, ..));
    let spec = Memo::new(move |_| {
        session.table.with(|table| lesson.get().spec(session, &table.as_ref()?.profile))
    });
    let is_stale = Memo::new(move |_| {
        session.trained.with(|trained| {
            let Some(trained) = trained else { return false };
            // How votes are counted takes no training.
            let counting = trained.spec.counting.clone();
            spec.get().map(|spec| TrainSpec { counting, ..spec }).as_ref() != Some(&trained.spec)
        })
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
    let missing = move || {
        spec.with(Option::is_none).then(|| {
            let sentence = session.table.with(|table| {
                let profile = table.as_ref().map(|table| &table.profile);
                let target = profile.and_then(|profile| lesson.get().target_of(session, profile));
                match target {
                    None => "Choose the column whose classes are to be learnt.",
                    Some(_) => "Choose what the rows are to be split by.",
                }
            });
            view! { <p class="remark">{sentence}</p> }
        })
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
            {missing}
        </form>
    }
    .into_any()
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
        view! { <option value=word selected=is_on>{name}</option> }
    };
    view! {
        <label class="field" title="Confidence-rated votes are as strong as each answer is sure (Schapire & Singer 1999). SAMME is the discrete form other tools use (Zhu et al. 2009).">
            "Learner"
            <select
                class="input" data-testid="classify-learner"
                on:change:target=move |event| {
                    let word = event.target().value();
                    if let Some((learner, _)) = LEARNERS.into_iter().find(|(_, w)| *w == word) {
                        lesson.update(|lesson| lesson.learner = learner);
                    }
                }
            >
                {LEARNERS.map(option).collect_view()}
            </select>
        </label>
    }
    .into_any()
}

/// How rows of different classes weigh.
#[component]
fn WeightsPicker() -> impl IntoView {
    let lesson = expect_context::<Session>().lesson;
    let options = Weighing::ALL.map(|(of, word, name)| {
        let is_on = move || lesson.with(|lesson| lesson.weighing == of);
        view! { <option value=word selected=is_on>{name}</option> }
    });
    view! {
        <label class="field" title="How much a row weighs in training. Classes alike: rare ones weigh as much as common ones. By cost: rows weigh what their mistakes cost, as said below the results.">
            "Weights"
            <select
                class="input" data-testid="classify-weights"
                on:change:target=move |event| {
                    if let Some(weighing) = Weighing::of_word(&event.target().value()) {
                        lesson.update(|lesson| lesson.weighing = weighing);
                    }
                }
            >
                {options.collect_view()}
            </select>
        </label>
    }
    .into_any()
}

/// The column that is learnt.
#[component]
fn Target() -> impl IntoView {
    let session = expect_context::<Session>();
    let lesson = session.lesson;
    let columns = Memo::new(move |_| {
        session.table.with(|table| {
            let columns = table.as_ref().map_or(&[][..], |table| &table.profile.columns);
            let offered = (0_u32..).zip(columns).filter(|(_, column)| may_be_learnt(column));
            let named = offered.map(|(index, column)| (index, column.name.clone()));
            named.take(OFFERED).collect::<Vec<_>>()
        })
    });
    let chosen = Memo::new(move |_| {
        session.table.with(|table| lesson.get().target_of(session, &table.as_ref()?.profile))
    });
    let options = move || {
        let option = |(index, name): (u32, String)| {
            let is_on = move || chosen.get() == Some(index);
            view! { <option value=index.to_string() selected=is_on>{name}</option> }
        };
        columns.get().into_iter().map(option).collect_view()
    };
    let choose = move |value: String| {
        let name = columns.with(|columns| {
            let index: Option<u32> = value.parse().ok();
            columns.iter().find(|(there, _)| Some(*there) == index).map(|(_, name)| name.clone())
        });
        if let Some(name) = name {
            lesson.update(|lesson| {
                (lesson.target, lesson.positive) = (Some(name), None);
                // What it costs to mistake other classes is not known.
                lesson.ballot.costs.clear();
            });
        }
    };
    view! {
        <label class="field" title="The column whose classes are learnt.">
            "Learn"
            <select
                class="input" data-testid="classify-target"
                on:change:target=move |event| choose(event.target().value())
            >
                <option value="" disabled=true selected=move || chosen.get().is_none()>"choose a column"</option>
                {options}
            </select>
        </label>
    }
    .into_any()
}

/// Whether a column has classes, or numbers that can be cut in two.
fn may_be_learnt(column: &ColumnProfile) -> bool {
    column.values.is_some()
        && column.n_distinct >= 2
        && (column.n_distinct <= MOST_CLASSES
            || column.kind.is_ordered()
            || !values(column).is_empty())
}

/// Which class is told from which.
#[component]
fn Positive() -> impl IntoView {
    let session = expect_context::<Session>();
    let lesson = session.lesson;
    let column = Memo::new(move |_| {
        session.table.with(|table| {
            let profile = &table.as_ref()?.profile;
            let target = lesson.get().target_of(session, profile)?;
            profile.columns.get(target as usize).cloned()
        })
    });
    let chosen =
        Memo::new(move |_| column.with(|column| Some(lesson.get().positive_of(column.as_ref()?))));
    let options = move || {
        let column = column.get()?;
        let option = move |value: String, words: String| {
            let is_on = {
                let value = value.clone();
                move || chosen.with(|chosen| chosen.as_ref() == Some(&value))
            };
            view! { <option value=value selected=is_on>{words}</option> }
        };
        let mut options = Vec::new();
        let values = values(&column);
        if column.n_distinct <= MOST_CLASSES {
            options.push(option(String::new(), format!("all {} classes", column.n_distinct)));
        }
        if has_families(&column) {
            options.push(option(FAMILIES.to_owned(), "families of attacks".to_owned()));
        }
        let is_cut = column.kind.is_ordered() && column.n_distinct > 2;
        if is_cut {
            let standing = chosen.get_untracked().filter(|text| text.starts_with(FROM));
            let value = standing.unwrap_or_else(|| format!("{FROM}0"));
            options.push(option(value, "numbers from a cut on".to_owned()));
        }
        for value in &values {
            options.push(option(format!("!{value}"), format!("all but {value} against it")));
        }
        for value in &values {
            options.push(option(value.clone(), format!("{value} against all others")));
        }
        Some(options.collect_view())
    };
    let cut = move || {
        let text = chosen.get()?;
        let number = text.strip_prefix(FROM)?.trim().to_owned();
        Some(view! {
            <label class="field" title="Rows with this number or a larger one are the class looked for.">
                "from"
                <input
                    class="input input--number" data-testid="classify-cut" inputmode="decimal"
                    prop:value=number
                    on:change:target=move |event| {
                        let typed = event.target().value();
                        if typed.trim().parse::<f64>().is_ok_and(f64::is_finite) {
                            let positive = format!("{FROM}{}", typed.trim());
                            lesson.update(|lesson| lesson.positive = Some(positive));
                        }
                    }
                />
            </label>
        })
    };
    view! {
        <label class="field" title="The class that is looked for.">
            "Tell apart"
            <select
                class="input" data-testid="classify-positive"
                on:change:target=move |event| {
                    let positive = event.target().value();
                    lesson.update(|lesson| {
                        lesson.positive = Some(positive);
                        lesson.ballot.costs.clear();
                    });
                }
            >
                {move || column.with(Option::is_none).then(|| view! { <option>"–"</option> })}
                {options}
            </select>
        </label>
        {cut}
    }
    .into_any()
}

/// How rows are parted.
#[component]
fn Split() -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let choosers = expect_context::<Choosers>();
    let lesson = session.lesson;
    let kind = Memo::new(move |_| lesson.with(|lesson| lesson.split));
    let files = Memo::new(move |_| {
        session.table.with(|table| table.as_ref().map_or(Vec::new(), |t| files(&t.profile)))
    });
    let entities = Memo::new(move |_| {
        session.table.with(|table| {
            let columns = table.as_ref().map_or(&[][..], |table| &table.profile.columns);
            let may_group = |c: &&ColumnProfile| {
                c.values.is_some()
                    && c.n_distinct > 1
                    && matches!(session.role_of(c), Role::Entity | Role::Id | Role::Feature)
            };
            let mut named: Vec<(bool, String)> = columns
                .iter()
                .filter(may_group)
                .map(|c| (session.role_of(c) != Role::Entity, c.name.clone()))
                .collect();
            crate::protocol::arrange(&mut named, |a, b| a.0.cmp(&b.0));
            named.into_iter().map(|(_, name)| name).take(OFFERED).collect::<Vec<String>>()
        })
    });
    let has_time = move || session.column_of(Role::Time).is_some();
    let choose = move |select: web_sys::HtmlSelectElement| {
        let word = select.value();
        let chosen = SplitKind::ALL.into_iter().find(|(_, there, _)| *there == word);
        let Some((chosen, ..)) = chosen else { return };
        if chosen == SplitKind::File && files.with(Vec::is_empty) {
            // There is none yet: nothing changes before one is chosen.
            select.set_value(kind.get_untracked().word());
            choosers.test.open();
            return;
        }
        lesson.update(|lesson| {
            lesson.split = chosen;
            lesson.by = match chosen {
                SplitKind::Group => entities.with_untracked(|names| names.first().cloned()),
                SplitKind::File => files.with_untracked(|names| names.last().cloned()),
                _ => None,
            };
        });
    };
    let options = SplitKind::ALL.map(|(of, word, name)| {
        let is_off = move || match of {
            SplitKind::Time => !has_time(),
            SplitKind::Group => entities.with(Vec::is_empty),
            SplitKind::File => !link.is_file(),
            SplitKind::Random | SplitKind::Folds => false,
        };
        let name = move || match of {
            SplitKind::File if files.with(Vec::is_empty) => "by another file …",
            _ => name,
        };
        view! {
            <option value=word selected=move || kind.get() == of disabled=is_off>{name}</option>
        }
    });
    let by = move |values: Memo<Vec<String>>, id: &'static str, label: &'static str| {
        let option = move |value: String| {
            let is_on = {
                let value = value.clone();
                move || lesson.with(|lesson| lesson.by.as_ref() == Some(&value))
            };
            view! { <option value=value.clone() selected=is_on>{value.clone()}</option> }
        };
        view! {
            <label class="field">
                {label}
                <select
                    class="input" data-testid=id
                    on:change:target=move |event| {
                        let by = event.target().value();
                        lesson.update(|lesson| lesson.by = Some(by));
                    }
                >
                    {move || values.get().into_iter().map(option).collect_view()}
                </select>
            </label>
        }
        .into_any()
    };
    let share = move || {
        view! {
            <Number
                id="classify-share" label="Test %" hint="How many of 100 rows are kept to judge by."
                range=(1, 99) value=Signal::derive(move || u64::from(lesson.with(|l| l.share)))
                on_change=move |n| lesson.update(|lesson| lesson.share = narrow(n))
            />
        }
        .into_any()
    };
    let more = move || {
        match kind.get() {
        SplitKind::Random | SplitKind::Time => share(),
        SplitKind::Group => view! { {by(entities, "classify-group", "groups")} {share()} }.into_any(),
        SplitKind::Folds => view! {
            <Number
                id="classify-folds" label="Folds" hint="Every row is judged once, by a model that learnt from all other folds."
                range=(2, 20) value=Signal::derive(move || u64::from(lesson.with(|l| l.folds)))
                on_change=move |n| lesson.update(|lesson| lesson.folds = narrow(n))
            />
        }
        .into_any(),
        SplitKind::File => {
            // Where the file has no labels, rows of the others judge.
            let is_unjudged =
                move || session.trained.with(|it| it.as_ref().is_some_and(|it| it.is_unjudged()));
            view! { {by(files, "classify-file", "judge by")} {move || is_unjudged().then(share)} }
                .into_any()
        }
    }
    };
    view! {
        <label class="field" title="Which rows are kept away from training, to judge by. A random split flatters where rows come in bursts or repeat.">
            "Split"
            <select
                class="input" data-testid="classify-split"
                on:change:target=move |event| choose(event.target())
            >
                {options.collect_view()}
            </select>
        </label>
        {more}
    }
    .into_any()
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
