//! How the file was read: what was recognised, what was repaired, what can be said otherwise.

use std::sync::Arc;

use leptos::prelude::*;

use crate::chart::format;
use crate::protocol::{Loaded, Notice, Overrides};
use crate::ui::link::Link;
use crate::ui::recipe::DELIMITERS;
use crate::ui::session::Session;
use crate::ui::words;

/// What was recognised, the repairs, and the overrides.
#[component]
pub fn Report(
    /// The table that was read.
    table: Arc<Loaded>,
    /// Whether a person may say otherwise: a sample is what it is.
    #[prop(into)]
    is_file: Signal<bool>,
) -> impl IntoView {
    let profile = &table.profile;
    let notices = profile.notices.clone();
    let columns = table.clone();
    let evidence = profile.schema_evidence.clone();
    let schema = profile.schema.map(|schema| {
        view! { <p>{words::schema(schema)} ": " {evidence} "."</p> }
    });
    let n_repairs: u64 = notices.iter().map(|notice| notice.count).sum();
    view! {
        <div class="pair">
            <section class="card">
                <h2>"Recognised"</h2>
                <p>{words::dialect(&profile.dialect)} "."</p>
                {schema}
                <Overridable table=table.clone() is_file />
            </section>
            <section class="card">
                <h2>
                    {words::counted(n_repairs, "repair or guess", "repairs and guesses")}
                </h2>
                <Show when={let n = notices.len(); move || n == 0}>
                    <p class="soft">"Nothing had to be repaired, skipped or guessed."</p>
                </Show>
                <ul class="notices">
                    {notices.into_iter().map(|notice| entry(&notice, &columns)).collect_view()}
                </ul>
            </section>
        </div>
    }
}

/// One kind of repair.
fn entry(notice: &Notice, table: &Loaded) -> AnyView {
    const SHOWN: usize = 6;
    let (what, done) = words::notice(notice.kind);
    let column = notice
        .column
        .and_then(|column| table.profile.columns.get(column as usize))
        .map(|column| view! { " in " <b>{column.name.clone()}</b> });
    let join = |lines: &[u64], separator: &str| {
        lines.iter().map(u64::to_string).collect::<Vec<_>>().join(separator)
    };
    let lines = (!notice.lines.is_empty()).then(|| {
        let first = notice.lines.len().min(SHOWN);
        let more = if notice.count > first as u64 { " …" } else { "" };
        let word = if first == 1 { "line" } else { "lines" };
        format!("{word} {}{more}", join(&notice.lines[..first], ", "))
    });
    view! {
        <li
            class="notice" data-testid="notice" data-kind=words::notice_key(notice.kind)
            data-count=notice.count.to_string() data-lines=join(&notice.lines, ",")
            title=format!("lines {}", join(&notice.lines, ", "))
        >
            <b class="num">{format::count(notice.count)}</b>
            <span>{what} {column} ": " {done}</span>
            <span class="soft">{lines}</span>
        </li>
    }
    .into_any()
}

/// Delimiter and header, as read, to be said otherwise.
#[component]
fn Overridable(table: Arc<Loaded>, #[prop(into)] is_file: Signal<bool>) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let dialect = table.profile.dialect.clone();
    let say = move |change: &dyn Fn(&mut Overrides)| {
        session.overrides.update(change);
        link.reload();
    };
    let options = DELIMITERS
        .map(|(name, byte)| {
            view! { <option value=name selected=byte == dialect.delimiter>{words::delimiter(byte)}</option> }
        })
        .collect_view();
    let set_delimiter = move |name: String| {
        let byte = DELIMITERS.iter().find(|(other, _)| *other == name).map(|&(_, byte)| byte);
        say(&|overrides| overrides.delimiter = byte);
    };
    let set_header =
        move |has: bool| say(&|overrides| overrides.header_lines = Some(u32::from(has)));
    let is_said = move || session.overrides.with(|overrides| *overrides != Overrides::default());
    view! {
        <fieldset class="row-of-fields" disabled=move || !is_file.get()>
            <legend class="visually-hidden">"Read it otherwise"</legend>
            <label class="field">
                "Cells are separated by"
                <select
                    class="input" data-testid="load-delimiter"
                    on:change:target=move |event| set_delimiter(event.target().value())
                >
                    {options}
                </select>
            </label>
            <label class="check">
                <input
                    type="checkbox" data-testid="load-header" prop:checked=dialect.has_header()
                    on:change:target=move |event| set_header(event.target().checked())
                />
                "First record names the columns"
            </label>
            <Show when=is_said>
                <button
                    class="quiet quiet--small"
                    on:click=move |_| say(&|overrides| *overrides = Overrides::default())
                >
                    "Recognise again"
                </button>
            </Show>
        </fieldset>
    }
}
