//! What the marks of a plot are coloured by, and what the colours mean.

use std::sync::Arc;

use leptos::prelude::*;

use crate::protocol::{Grid, GroupBy, Role, Verdict};
use crate::ui::session::Session;
use crate::ui::words;

/// What marks are coloured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Hue {
    /// How odd the oddest row there is.
    #[default]
    Oddness,
    /// The label that most rows there have.
    Label,
    /// What a person said of the rows there.
    Verdict,
    /// The class that the model says of most rows there.
    Class,
    /// Whether the model is right about most rows there.
    Right,
}

impl Hue {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Oddness, Self::Label, Self::Verdict, Self::Class, Self::Right];

    /// Its word, in the address and on the page.
    pub fn word(self) -> &'static str {
        match self {
            Self::Oddness => "oddness",
            Self::Label => "label",
            Self::Verdict => "verdict",
            Self::Class => "class",
            Self::Right => "right",
        }
    }

    /// Its name on the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Class => "class of the model",
            Self::Right => "right or wrong",
            _ => self.word(),
        }
    }

    /// What parts rows into groups; none where there is no label, no model, or nothing to tell apart.
    pub fn group_by(self, session: Session) -> Option<GroupBy> {
        let count = || session.trained.with(Option::is_some).then(|| session.n_counts.get());
        match self {
            Self::Oddness => None,
            Self::Class => count().map(GroupBy::Class),
            Self::Right => count().map(GroupBy::Right),
            Self::Label => session.column_of(Role::Label).map(GroupBy::Column),
            Self::Verdict => Some(GroupBy::Rows(session.judgements.said.with(|said| {
                said.iter().map(|(&row, &(verdict, _))| (row, group(verdict))).collect()
            }))),
        }
    }
}

/// The group of a verdict: that of a colour which means as much elsewhere.
fn group(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Benign => 0,
        Verdict::Real => 1,
        Verdict::Unsure => 4,
    }
}

/// The name of a group of a grid's rows; `None` for that of none.
pub fn name(grid: &Grid, group: u8) -> Option<String> {
    if group == GroupBy::MOST {
        return None;
    }
    let verdict = Verdict::ALL.into_iter().find(|&verdict| self::group(verdict) == group);
    let name = grid.group_names.get(usize::from(group));
    let is_rest = name.is_some_and(String::is_empty);
    match name {
        Some(_) if is_rest => Some("others".to_owned()),
        Some(name) => Some(name.clone()),
        None => verdict.map(|verdict| verdict.word().to_owned()),
    }
}

/// What the colours mean.
pub fn legend(grid: Option<Arc<Grid>>) -> impl IntoView {
    let swatch = |class: String, words: String| {
        view! { <span><i class=format!("swatch swatch--{class}")></i>{words}</span> }
    };
    let missing = grid.as_ref().map_or(0, |grid| u64::from(grid.n_missing));
    let grouped = grid.filter(|grid| !grid.groups.is_empty());
    let meanings = match grouped {
        None => [
            ("calm", "all rows, darker: more"),
            ("odd-1", "flagged"),
            ("odd-2", "high"),
            ("odd-3", "critical"),
        ]
        .map(|(class, words)| swatch(class.to_owned(), words.to_owned()))
        .collect_view(),
        Some(grid) => (0..GroupBy::MOST)
            .filter_map(|group| Some(swatch(format!("hue-{group}"), name(&grid, group)?)))
            .chain([swatch("calm".to_owned(), "none · larger: flagged".to_owned())])
            .collect_view(),
    };
    let missing = (missing > 0).then(|| {
        format!(" {} without a value are not shown.", words::counted(missing, "row", "rows"))
    });
    // CSS resolves the colours of a theme for elements only.
    let palette = ["calm", "odd-1", "odd-2", "odd-3"]
        .map(|class| swatch(class.to_owned(), String::new()))
        .into_iter()
        .chain((0..GroupBy::MOST).map(|group| swatch(format!("hue-{group}"), String::new())))
        .collect_view();
    view! {
        {meanings}
        <span class="soft">{missing}</span>
        <span hidden=true>{palette}</span>
    }
}
