//! What is recognised of a file, one thing each: what it was found to be, why so, and what else it may be said to be.

use leptos::prelude::*;

use crate::protocol::{Evidence, Finding, Loaded, Notice, NoticeKind, Recognised as Encoded, Sign};
use crate::ui::link::Link;
use crate::ui::said::{self, Said};
use crate::ui::session::Session;
use crate::ui::words;

/// A thing that was recognised and may be said otherwise.
pub(super) struct Setting {
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

/// All of them.
pub(super) const SETTINGS: [Setting; 10] = [
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

/// One finding: what was chosen, from what, and why.
pub(super) fn entry(setting: &Setting, table: &Loaded) -> AnyView {
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

/// The evidence in half a sentence, and how sure it makes.
fn why(evidence: &Evidence) -> AnyView {
    let sure = words::sureness(evidence);
    view! {
        <i class="sureness" style:--sure=format!("{}", evidence.confidence) title=sure></i>
        <span>{words::evidence(evidence)}</span>
    }
    .into_any()
}
