//! How the file was read, why so, and how else it could be.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;

use crate::protocol::{
    Evidence, Finding, JoinBy, Loaded, Notice, NoticeKind, Overrides, Recognised as Encoded, Sign,
};
use crate::ui::link::Link;
use crate::ui::said::{self, Said};
use crate::ui::session::Session;
use crate::ui::words;

/// A thing that was recognised and may be said otherwise.
struct Setting {
    /// What may be said.
    key: &'static str,
    /// What it is about.
    label: &'static str,
    /// The evidence for it, if there is any.
    finding: Option<Finding>,
    /// The words offered, and what they are called.
    options: &'static [(&'static str, &'static str)],
    /// The word for what was found.
    found: fn(&Loaded) -> String,
}

const COUNTS: [(&str, &str); 7] = [
    ("0", "none"),
    ("1", "1 line"),
    ("2", "2 lines"),
    ("3", "3 lines"),
    ("4", "4 lines"),
    ("5", "5 lines"),
    ("6", "6 lines"),
];

/// The word for what each column settles for itself, unless a person settles it for all.
const BY_COLUMN: &str = "column";

const SETTINGS: [Setting; 10] = [
    Setting {
        key: "encoding",
        label: "Encoding",
        finding: None,
        options: &[
            ("utf-8", "UTF-8"),
            ("windows-1252", "Windows-1252"),
            ("latin-1", "Latin-1"),
            ("utf-16le", "UTF-16 LE"),
            ("utf-16be", "UTF-16 BE"),
        ],
        found: |table| {
            encoding(table).map_or_else(String::new, |it| named(&said::ENCODINGS, &it.encoding))
        },
    },
    Setting {
        key: "delimiter",
        label: "Cells are separated by",
        finding: Some(Finding::Delimiter),
        options: &[
            ("comma", "comma  ,"),
            ("semicolon", "semicolon  ;"),
            ("tab", "tab"),
            ("pipe", "pipe  |"),
            ("space", "space"),
        ],
        found: |table| named(&said::DELIMITERS, &table.profile.dialect.delimiter),
    },
    Setting {
        key: "trim",
        label: "Spaces before a cell",
        finding: None,
        options: &[("no", "are part of it"), ("yes", "are left out")],
        found: |table| if table.profile.dialect.skips_blanks { "yes" } else { "no" }.to_owned(),
    },
    Setting {
        key: "quote",
        label: "Quotes",
        finding: Some(Finding::Quote),
        options: &[
            ("double", "double  \""),
            ("single", "single  '"),
            ("none", "none: they are text"),
        ],
        found: |table| {
            let quote = table.profile.dialect.quote;
            named(&said::QUOTES, &quote.map_or(Sign::Absent, Sign::Is))
        },
    },
    Setting {
        key: "escape",
        label: "A quote inside quotes",
        finding: Some(Finding::Escape),
        options: &[
            ("doubled", "stands twice  \"\""),
            ("backslash", "behind a backslash  \\\""),
            ("none", "stands as it is"),
        ],
        found: |table| named(&said::ESCAPES, &table.profile.dialect.escape),
    },
    Setting {
        key: "comment",
        label: "Comment lines begin with",
        finding: Some(Finding::Comment),
        options: &[("none", "there are none"), ("#", "#"), ("%", "%"), ("//", "//")],
        found: |table| table.profile.dialect.comment.clone().unwrap_or_else(|| "none".to_owned()),
    },
    Setting {
        key: "preamble",
        label: "Lines before the table",
        finding: Some(Finding::Preamble),
        options: &COUNTS,
        found: |table| {
            let is_preamble = |notice: &&Notice| notice.kind == NoticeKind::Preamble;
            let lines = table.profile.notices.iter().find(is_preamble).map_or(0, |it| it.count);
            lines.to_string()
        },
    },
    Setting {
        key: "header",
        label: "Lines that name the columns",
        finding: Some(Finding::Header),
        options: &COUNTS,
        found: |table| table.profile.dialect.n_header_lines.to_string(),
    },
    Setting {
        key: "decimal",
        label: "Decimal mark",
        finding: None,
        options: &[
            (BY_COLUMN, "by column"),
            ("point", "point  1,234.5"),
            ("comma", "comma  1.234,5"),
        ],
        found: |_| BY_COLUMN.to_owned(),
    },
    Setting {
        key: "dates",
        label: "Dates like 03/04/2026",
        finding: None,
        options: &[
            (BY_COLUMN, "by column"),
            ("day", "day first: 3 April"),
            ("month", "month first: 4 March"),
        ],
        found: |_| BY_COLUMN.to_owned(),
    },
];

fn named<T: PartialEq>(names: &[(&'static str, T)], value: &T) -> String {
    said::name(names, value).unwrap_or_default().to_owned()
}

/// What the first file's encoding was taken for.
fn encoding(table: &Loaded) -> Option<&Encoded> {
    table.origins.first().map(|origin| &origin.recognised)
}

/// What was recognised, each finding with its evidence and a way to say otherwise.
#[component]
pub fn Recognised(
    /// The table that was read.
    table: Arc<Loaded>,
    /// Whether a person may say otherwise: a sample is what it is.
    #[prop(into)]
    is_file: Signal<bool>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let profile = &table.profile;
    let evidence = profile.schema_evidence.clone();
    let schema = profile.schema.map(|schema| {
        view! { <p>{words::schema(schema)} ": " {evidence} "."</p> }
    });
    // Few open it, and all wait for the table: the controls are made when they are asked for.
    let is_open = session.draft.is_open;
    let details = NodeRef::<html::Details>::new();
    let on_toggle = move |_| {
        is_open.set(details.get_untracked().is_some_and(|details| details.open()));
    };
    let settings = {
        let table = table.clone();
        move || {
            let settings = || SETTINGS.map(|setting| entry(&setting, &table)).collect_view();
            is_open.get().then(|| view! { {settings()} <Missing table=table.clone() /> })
        }
    };
    let joined = link.joined().map(|by| view! { <Joined table=table.clone() by /> });
    let is_said = move || session.overrides.with(|said| *said != Overrides::default());
    let forget = move |_| {
        session.draft.said.set(Overrides::default());
        link.read_as_drafted();
    };
    view! {
        <section class="card">
            <h2>"Recognised"</h2>
            <p>{words::dialect(&profile.dialect)} "."</p>
            {schema}
            <details
                class="recognised" open=is_open.get_untracked() node_ref=details
                on:toggle=on_toggle
            >
                <summary data-testid="recognised-open">"Evidence, and how else to read it"</summary>
                <fieldset disabled=move || !is_file.get()>
                    <legend class="visually-hidden">"Read it otherwise"</legend>
                    {settings}
                </fieldset>
            </details>
            {joined}
            <Show when=is_said>
                <button class="quiet quiet--small" data-testid="load-recognise" on:click=forget>
                    "Recognise everything again"
                </button>
            </Show>
        </section>
    }
}

/// One finding: what was chosen, from what, and why.
fn entry(setting: &Setting, table: &Loaded) -> AnyView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let Setting { key, label, .. } = *setting;
    let is_about = |evidence: &&Evidence| Some(evidence.finding) == setting.finding;
    let evidence = table.profile.evidence.iter().find(is_about);
    let found = (setting.found)(table);
    let mut offered: Vec<(String, String)> =
        setting.options.iter().map(|&(word, name)| (word.to_owned(), name.to_owned())).collect();
    if !offered.iter().any(|(word, _)| *word == found) {
        offered.push((found.clone(), found.clone()));
    }
    let said = said::ALL.iter().find(|said| said.key == key);
    let options = offered
        .into_iter()
        .map(|(word, name)| {
            let is_found = word == found;
            let is_chosen = {
                let word = word.clone();
                move || {
                    let Some(Said { get, .. }) = said else { return is_found };
                    session.draft.said.with(get).map_or(is_found, |said| said == word)
                }
            };
            view! { <option value=word prop:selected=is_chosen>{name}</option> }
        })
        .collect_view();
    let say = move |word: String| {
        let Some(Said { get, set, .. }) = said else { return };
        let word = match word {
            word if word == BY_COLUMN => None,
            word if word == found => session.overrides.with_untracked(get),
            word => Some(word),
        };
        session.draft.said.update(|draft| {
            set(draft, word.as_deref());
        });
        if ["encoding", "decimal", "dates"].contains(&key) {
            // Another encoding is another text, and what cells mean does not show in their text:
            // there is nothing to preview without reading it all.
            link.read_as_drafted();
        } else {
            link.want_preview();
        }
    };
    let is_changed = move || {
        let Some(Said { get, .. }) = said else { return false };
        session.draft.said.with(get) != session.overrides.with(get)
    };
    let id = format!("recognised-{key}");
    view! {
        <div class="setting" class:is-changed=is_changed>
            <label for=id.clone()>{label}</label>
            <select
                id=id class="input" data-testid=format!("load-{key}")
                on:change:target=move |event| say(event.target().value())
            >
                {options}
            </select>
            <span class="setting__why">
                {evidence.map(why)}
                {(key == "encoding").then(|| encoding(table).map(words::encoding_evidence))}
            </span>
        </div>
    }
    .into_any()
}

/// How joined labels find their rows.
#[component]
fn Joined(
    /// The table that was read, labels and all.
    table: Arc<Loaded>,
    /// What was said about it.
    by: Option<JoinBy>,
) -> impl IntoView {
    const ALONE: &str = "";
    const POSITION: &str = "0";
    // A name cannot be taken for one of the other two.
    let key = |name: &str| format!("={name}");
    let chosen = match &by {
        None => ALONE.to_owned(),
        Some(JoinBy::Position) => POSITION.to_owned(),
        Some(JoinBy::Key(name)) => key(name),
    };
    let link = expect_context::<Link>();
    let choose = move |word: String| {
        link.join_by(match word.as_str() {
            ALONE => None,
            POSITION => Some(JoinBy::Position),
            key => Some(JoinBy::Key(key[1..].to_owned())),
        });
    };
    let option = |word: String, name: String| {
        let is_chosen = word == chosen;
        view! { <option value=word selected=is_chosen>{name}</option> }
    };
    let columns = &table.profile.columns;
    let keys = columns.iter().map(|it| option(key(&it.name), format!("by {}", it.name)));
    let keys = keys.collect_view();
    view! {
        <div class="setting">
            <label for="recognised-join">"Labels find their rows"</label>
            <select
                id="recognised-join" class="input" data-testid="load-join"
                on:change:target=move |event| choose(event.target().value())
            >
                {option(ALONE.to_owned(), "by themselves".to_owned())}
                {option(POSITION.to_owned(), "by position".to_owned())}
                {keys}
            </select>
            <span class="setting__why">
                "By themselves: by the one column that both files have, else row by row."
            </span>
        </div>
    }
    .into_any()
}

/// The words that mean no value.
#[component]
fn Missing(
    /// The table that was read.
    table: Arc<Loaded>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let found = table.profile.missing.join(" ");
    let value = {
        let found = found.clone();
        move || session.draft.said.with(said::MISSING.get).unwrap_or_else(|| found.clone())
    };
    let say = move |words: String| {
        let is_found = words.split_whitespace().eq(found.split_whitespace());
        let words = if is_found {
            session.overrides.with_untracked(said::MISSING.get)
        } else {
            Some(words)
        };
        session.draft.said.update(|draft| {
            (said::MISSING.set)(draft, words.as_deref());
        });
        link.read_as_drafted();
    };
    view! {
        <div class="setting setting--wide">
            <label for="recognised-missing">"Words that mean no value"</label>
            <input
                id="recognised-missing" class="input" data-testid="load-missing"
                spellcheck="false" autocomplete="off"
                title="Beside the empty cell; blanks between them"
                prop:value=value
                on:change:target=move |event| say(event.target().value())
            />
        </div>
    }
    .into_any()
}

/// The evidence in half a sentence, and how sure it makes.
fn why(evidence: &Evidence) -> AnyView {
    let sure = words::sureness(evidence);
    view! {
        <i class="sureness" style:--sure=format!("{}", evidence.confidence) title=sure></i>
        <span>{words::evidence(evidence)}</span>
    }
    .into_any()
}
