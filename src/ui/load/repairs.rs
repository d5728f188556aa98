//! The repair report: what did not go without saying, with examples and choices.

use std::sync::Arc;

use leptos::prelude::*;

use crate::chart::format;
use crate::protocol::{Example, Loaded, Notice, NoticeKind, Treatment};
use crate::ui::link::Link;
use crate::ui::said;
use crate::ui::session::Session;
use crate::ui::words;

/// What was repaired, skipped or guessed; "0 repairs" is an answer too.
#[component]
pub fn Repairs(
    /// The table that was read.
    table: Arc<Loaded>,
    /// Whether a person may choose otherwise: a sample is what it is.
    #[prop(into)]
    is_file: Signal<bool>,
) -> impl IntoView {
    let notices = by_kind(&table.profile.notices);
    let n_repairs: u64 = notices.iter().map(|kind| kind.notice.count).sum();
    let none = notices.is_empty().then(|| {
        view! { <p class="soft">"Nothing had to be repaired, skipped or guessed."</p> }
    });
    view! {
        <section class="card repairs">
            <h2>{words::counted(n_repairs, "repair or guess", "repairs and guesses")}</h2>
            {none}
            <ul class="notices">
                {notices.iter().map(|kind| entry(kind, &table, is_file)).collect_view()}
            </ul>
        </section>
    }
}

/// All cases of a kind, and the columns they are in.
struct Kind {
    notice: Notice,
    columns: Vec<u32>,
}

/// Notices of one kind as one, whichever columns they are about.
fn by_kind(notices: &[Notice]) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = Vec::new();
    for notice in notices {
        match kinds.last_mut().filter(|kind| kind.notice.kind == notice.kind) {
            Some(kind) => {
                kind.notice.merge(notice);
                kind.columns.extend(notice.column);
            }
            None => {
                kinds.push(Kind { notice: notice.clone(), columns: Vec::from_iter(notice.column) });
            }
        }
    }
    kinds
}

/// The first few columns or files by name, and how many more there are.
fn named(columns: &[u32], files: &[String], table: &Loaded) -> Option<AnyView> {
    const NAMED: usize = 3;
    let name = |&column: &u32| Some(table.profile.columns.get(column as usize)?.name.clone());
    let all = columns.iter().filter_map(name).chain(files.iter().cloned());
    let names: Vec<String> = all.take(NAMED).collect();
    let more = match (columns.len() + files.len()).saturating_sub(names.len()) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    (!names.is_empty()).then(|| view! { " in " <b>{names.join(", ")}</b> {more} }.into_any())
}

/// One kind of repair.
fn entry(kind: &Kind, table: &Loaded, is_file: Signal<bool>) -> AnyView {
    const SHOWN: usize = 6;
    let Kind { notice, columns } = kind;
    let (what, done) = words::notice(notice.kind, notice.count);
    let place = named(columns, &notice.files, table);
    let join = |lines: &[u64], separator: &str| {
        lines.iter().map(u64::to_string).collect::<Vec<_>>().join(separator)
    };
    let lines = (!notice.lines.is_empty()).then(|| {
        let first = notice.lines.len().min(SHOWN);
        let more = if notice.count > first as u64 { " …" } else { "" };
        let word = if first == 1 { "line" } else { "lines" };
        format!("{word} {}{more}", join(&notice.lines[..first], ", "))
    });
    let head = view! {
        <b class="num">{format::count(notice.count)}</b>
        <span>{what} {place} ": " {done}</span>
        <span class="soft">{lines}</span>
    };
    let choices = notice.kind.choices();
    let body = if notice.examples.is_empty() && choices.is_empty() {
        view! { <div class="notice__head">{head}</div> }.into_any()
    } else {
        let examples = notice.examples.iter().map(example).collect_view();
        let choice =
            (!choices.is_empty()).then(|| view! { <Treat kind=notice.kind choices is_file /> });
        view! {
            <details>
                <summary class="notice__head">{head}</summary>
                <div class="notice__body">{choice} {examples}</div>
            </details>
        }
        .into_any()
    };
    view! {
        <li
            class="notice" data-testid="notice" data-kind=words::notice_key(notice.kind)
            data-count=notice.count.to_string() data-lines=join(&notice.lines, ",")
        >
            {body}
        </li>
    }
    .into_any()
}

/// One case: the line as it stands, and the cells that were read from it.
fn example(example: &Example) -> AnyView {
    let after = if example.after.is_empty() {
        view! { <span class="soft">"left out"</span> }.into_any()
    } else {
        let cells =
            example.after.iter().map(|cell| view! { <span class="cell">{cell.clone()}</span> });
        cells.collect_view().into_any()
    };
    view! {
        <dl class="example">
            <dt>"line " {format::count(example.line)}</dt>
            <dd><code>{example.before.clone()}</code></dd>
            <dt>"read as"</dt>
            <dd class="cells">{after}</dd>
        </dl>
    }
    .into_any()
}

/// What shall be done with such oddities.
#[component]
fn Treat(kind: NoticeKind, choices: &'static [Treatment], is_file: Signal<bool>) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let usual = choices.first().copied();
    let holds = session.overrides.with_untracked(|said| said.treatments.get(&kind).copied());
    let options = choices
        .iter()
        .filter_map(|treatment| {
            let word = said::name(&said::TREATMENTS, treatment)?;
            let is_chosen = holds.or(usual) == Some(*treatment);
            Some(view! {
                <option value=word selected=is_chosen>{words::treatment(kind, *treatment)}</option>
            })
        })
        .collect_view();
    let choose = move |word: String| {
        let chosen = said::value(&said::TREATMENTS, &word);
        session.overrides.update(|said| match chosen {
            Some(chosen) if Some(chosen) != usual => {
                said.treatments.insert(kind, chosen);
            }
            _ => {
                said.treatments.remove(&kind);
            }
        });
        link.reload();
    };
    view! {
        <label class="field field--inline">
            "What to do with them"
            <select
                class="input" data-testid=format!("treat-{}", words::notice_key(kind))
                disabled=move || !is_file.get()
                on:change:target=move |event| choose(event.target().value())
            >
                {options}
            </select>
        </label>
    }
}
