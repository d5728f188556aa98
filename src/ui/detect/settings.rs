//! The settings of the forest, on one card.

use leptos::prelude::*;
use web_sys::{HtmlSelectElement, SubmitEvent};

use crate::chart::format;
use crate::protocol::{ForestParams, Role, Values};
use crate::ui::choosers::Choosers;
use crate::ui::lens::{Chip, GrowOn, Lens};
use crate::ui::lesson;
use crate::ui::link::Link;
use crate::ui::number::{Number, narrow};
use crate::ui::select::Select;
use crate::ui::session::{Phase, Session, Work};
use crate::ui::words;

/// Trees, sample size, seed, and the button.
#[component]
pub fn Settings(
    /// What is to be found, or has been.
    headline: AnyView,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let params = session.params;
    let is_running = move || matches!(session.phase.get(), Phase::Working(Work::Detect, ..));
    let is_stale = Memo::new(move |_| {
        session.found.with(|found| {
            found.as_ref().is_some_and(|found| {
                let wanted = params.get();
                let sample_size = wanted.sample_size.min(found.n_grown_on);
                ForestParams { sample_size, ..wanted } != found.params
                    || *session.features.get() != found.features
                    || session.wanted_rows() != found.grown_on
            })
        })
    });
    let word = move || {
        if session.found.with(Option::is_some) { "Find again" } else { "Find anomalies" }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        link.detect();
    };
    view! {
        <form class="stage__head settings" on:submit=submit novalidate=true>
            <div>{headline}</div>
            <div class="settings__fields">
                <Number
                    id="detect-trees" label="Trees" hint="More trees, steadier scores."
                    range=(1, u64::from(ForestParams::MAX_TREES))
                    value=Signal::derive(move || u64::from(params.get().n_trees))
                    on_change=move |n| params.update(|p| p.n_trees = narrow(n))
                />
                <Number
                    id="detect-sample-size" label="Sample ψ"
                    hint="Rows each tree is grown on. Small is good: 256."
                    range=(2, u64::from(ForestParams::MAX_SAMPLE_SIZE))
                    value=Signal::derive(move || u64::from(params.get().sample_size))
                    on_change=move |n| params.update(|p| p.sample_size = narrow(n))
                />
                <Number
                    id="detect-seed" label="Seed" hint="The same seed gives the same scores, bit for bit."
                    range=(0, u64::MAX) value=Signal::derive(move || params.get().seed)
                    on_change=move |n| params.update(|p| p.seed = n)
                />
                <GrownOn />
                <button
                    class="go" class:is-stale=is_stale data-testid="detect-run" disabled=is_running
                    title=move || is_stale.get().then_some("Settings have changed since the last run.")
                >{word}</button>
            </div>
            <Muted />
        </form>
    }
}

/// The columns that a person left out, and a way back for each.
#[component]
fn Muted() -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let chip = move |name: String| {
        let label = format!("Let {name} take part again");
        let shown = name.clone();
        let unmute = move |_| {
            session.mute(&name, false);
            if session.found.with_untracked(Option::is_some) {
                link.detect();
            }
        };
        view! {
            <span class="lens__chip">
                <b class="ellipsis">{shown}</b>
                <button class="lens__remove" type="button" aria-label=label on:click=unmute>"×"</button>
            </span>
        }
    };
    let muted = Memo::new(move |_| session.muted());
    let rule = move |(place, rule): (usize, Vec<Chip>)| {
        let words = rule.iter().map(|chip| format!("{} {}", chip.column, chip.words()));
        let words = words.collect::<Vec<_>>().join(" and ");
        let (label, shown) = (format!("Show rows again where {words}"), words.clone());
        let unmute = move |_| session.lens.update(|lens| drop(lens.rules.remove(place)));
        view! {
            <span class="lens__chip" data-testid="mute-rule" title=words.clone()>
                <span class="ellipsis">"rows where " <b>{shown}</b></span>
                <button class="lens__remove" type="button" aria-label=label on:click=unmute>"×"</button>
            </span>
        }
    };
    let rules = Memo::new(move |_| session.lens.with(|lens| lens.rules.clone()));
    let is_any = move || !muted.with(Vec::is_empty) || !rules.with(Vec::is_empty);
    view! {
        <Show when=is_any>
            <div class="lens muted" data-testid="muted">
                <span class="soft">"Muted"</span>
                {move || muted.get().into_iter().map(chip).collect_view()}
                {move || rules.get().into_iter().enumerate().map(rule).collect_view()}
            </div>
        </Show>
    }
    .into_any()
}

/// The rows that trees are grown on. All rows are scored: a score does not depend on what other
/// rows are scored.
#[component]
fn GrownOn() -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let grow_on = session.grow_on;
    let choosers = expect_context::<Choosers>();
    let labels = Memo::new(move |_| labels(session));
    let files = Memo::new(move |_| files(session));
    let key = Memo::new(move |_| {
        grow_on.with(|rows| match rows {
            GrowOn::All => "all",
            GrowOn::Filter => "filter",
            GrowOn::Label(_) => "label",
            GrowOn::File(_) => "file",
            GrowOn::Time(..) => "time",
        })
    });
    let choose = move |select: HtmlSelectElement| {
        grow_on.set(match select.value().as_str() {
            "filter" => GrowOn::Filter,
            "label" => labels.with(|labels| {
                let usual = labels.iter().find(|label| words::is_normal(label));
                usual.or(labels.first()).cloned().map_or(GrowOn::All, GrowOn::Label)
            }),
            "file" => {
                let Some(file) = files.with(|files| files.first().cloned()) else {
                    // There is none yet: nothing changes before one is chosen.
                    select.set_value(key.get_untracked());
                    choosers.baseline.open();
                    return;
                };
                GrowOn::File(file)
            }
            "time" => first_half(session),
            _ => GrowOn::All,
        });
    };
    let has_time = move || session.column_of(Role::Time).is_some();
    let has_filters = move || session.lens.with(Lens::selects);
    let filtered = move || {
        if has_filters() {
            "rows that pass the filters"
        } else {
            "filtered rows (no filter is set)"
        }
    };
    let which = move || match key.get() {
        "label" => Some(which("whose label is", "detect-train-label", labels, GrowOn::Label)),
        "file" => Some(which("of the file", "detect-train-file", files, GrowOn::File)),
        "time" => Some(between()),
        _ => None,
    };
    view! {
        <label class="field">
            "Grow on"
            <select
                class="input" data-testid="detect-train-on"
                title="Rows the trees are grown on. All rows are scored."
                on:change:target=move |event| choose(event.target())
            >
                <option value="all" selected=move || key.get() == "all">"all rows"</option>
                <option
                    value="filter" selected=move || key.get() == "filter"
                    disabled=move || !has_filters() && key.get() != "filter"
                >
                    {filtered}
                </option>
                <option
                    value="label" selected=move || key.get() == "label"
                    disabled=move || labels.with(Vec::is_empty)
                >
                    "rows with a label"
                </option>
                <option
                    value="time" selected=move || key.get() == "time"
                    disabled=move || !has_time() && key.get() != "time"
                >
                    "rows of a time"
                </option>
                <option
                    value="file" selected=move || key.get() == "file"
                    disabled=move || !link.is_file()
                >
                    {move || if files.with(Vec::is_empty) { "another file …" } else { "rows of one file" }}
                </option>
            </select>
        </label>
        {which}
    }
    .into_any()
}

/// The earlier half of the time that the table spans.
fn first_half(session: Session) -> GrowOn {
    let span = session.column_of(Role::Time).and_then(|column| {
        session.table.with(|table| {
            match table.as_ref()?.profile.columns.get(column as usize)?.values.as_ref()? {
                Values::Ordered { min, max, .. } => Some((*min, f64::midpoint(*min, *max))),
                Values::Unordered { .. } => None,
            }
        })
    });
    span.map_or(GrowOn::All, |(from, until)| GrowOn::Time(format::time(from), format::time(until)))
}

/// The times between which the rows must be.
fn between() -> AnyView {
    let grow_on = expect_context::<Session>().grow_on;
    let end = |label: &'static str, id: &'static str, is_last: bool| {
        let value = move || {
            grow_on.with(|rows| match rows {
                GrowOn::Time(_, until) if is_last => until.clone(),
                GrowOn::Time(from, _) => from.clone(),
                _ => String::new(),
            })
        };
        let set = move |text: String| {
            grow_on.update(|rows| {
                if let GrowOn::Time(from, until) = rows {
                    text.trim().clone_into(if is_last { until } else { from });
                }
            });
        };
        view! {
            <label class="field" title="As 2026-03-01 09:30:00, in UTC; empty: no limit.">
                {label}
                <input
                    class="input" data-testid=id autocomplete="off" placeholder="no limit"
                    prop:value=value on:change:target=move |event| set(event.target().value())
                />
            </label>
        }
    };
    view! {
        {end("from", "detect-train-from", false)}
        {end("until before", "detect-train-until", true)}
    }
    .into_any()
}

/// Which of several values the rows must have.
fn which(
    words: &'static str,
    id: &'static str,
    values: Memo<Vec<String>>,
    meant: fn(String) -> GrowOn,
) -> AnyView {
    let grow_on = expect_context::<Session>().grow_on;
    let option = move |value: String| {
        let is_on = {
            let value = meant(value.clone());
            move || grow_on.with(|rows| *rows == value)
        };
        view! { <option value=value.clone() selected=is_on>{value.clone()}</option> }
    };
    let options = move || values.get().into_iter().map(option).collect_view();
    let choose = move |select: HtmlSelectElement| grow_on.set(meant(select.value()));
    view! { <Select id label=words options=options.into_any() on_change=choose /> }.into_any()
}

/// The files that the rows are from, where these are several.
fn files(session: Session) -> Vec<String> {
    session
        .table
        .with(|table| table.as_ref().map_or_else(Vec::new, |it| lesson::files(&it.profile)))
}

/// The values of the label column.
fn labels(session: Session) -> Vec<String> {
    let Some(column) = session.column_of(Role::Label) else { return Vec::new() };
    session.table.with(|table| {
        let column = table.as_ref().and_then(|table| table.profile.columns.get(column as usize));
        column.map_or_else(Vec::new, lesson::values)
    })
}
