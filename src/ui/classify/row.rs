//! What decided about one row: the exact votes of every column.

use std::sync::Arc;

use leptos::prelude::*;

use crate::chart::{format, signed_bars};
use crate::protocol::{Loaded, NO_CLASS, RowVotes, Trained, arrange};
use crate::ui::link::Link;
use crate::ui::session::Session;
use crate::ui::words;

/// Columns that are told.
const TOLD: usize = 8;
/// The width of the bars, both sides together, in CSS pixels.
const BARS: f64 = 96.0;

/// The class of a row, and the votes for it.
#[component]
pub fn Decided(
    /// The row.
    row: u32,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    Effect::new(move |_| {
        if session.trained.with(Option::is_some) {
            link.want_votes(row);
        }
    });
    let body = move || {
        let (table, trained) = (session.table.get()?, session.trained.get()?);
        let votes = session.votes.get().filter(|votes| votes.row == row);
        Some(told(&table, &trained, row, votes.as_deref()))
    };
    view! { {body} }.into_any()
}

/// The name of the class that the model gives a row.
pub fn class_of(trained: &Trained, row: u32) -> Option<&String> {
    trained.classes.get(usize::from(*trained.predicted.get(row as usize)?))
}

/// Whether the model takes a row for ordinary: for the first of two classes, or for one that is named so.
pub fn is_ordinary(trained: &Trained, row: u32) -> bool {
    let Some(&class) = trained.predicted.get(row as usize) else { return false };
    match trained.classes.len() {
        2 => class == 0,
        _ => trained.classes.get(usize::from(class)).is_some_and(|name| words::is_normal(name)),
    }
}

fn told(table: &Arc<Loaded>, trained: &Trained, row: u32, votes: Option<&RowVotes>) -> AnyView {
    let said = class_of(trained, row).cloned().unwrap_or_default();
    let truth = trained.truth.get(row as usize).copied().unwrap_or(NO_CLASS);
    let truth = match trained.classes.get(usize::from(truth)) {
        Some(name) if *name == said => "as its label says".to_owned(),
        Some(name) => format!("its label says {name}"),
        None if truth == NO_CLASS => "it has no label".to_owned(),
        None => "its label was never learnt".to_owned(),
    };
    let margin = trained.margins.get(row as usize).map_or(0.0, |margin| margin.abs());
    let bars = votes.map(|votes| bars(table, trained, row, votes));
    view! {
        <section aria-label="What the model says" data-testid="decided" data-value=said.clone()>
            <h2>"What the model says"</h2>
            <p>
                <b>{said.clone()}</b>
                {format!(", {truth}; the votes are {} of the clearest there can be.", words::percent(margin))}
            </p>
            {bars}
        </section>
    }
    .into_any()
}

/// The columns that moved the votes most, for and against the class that won.
fn bars(table: &Loaded, trained: &Trained, row: u32, votes: &RowVotes) -> AnyView {
    let n_votes = votes.votes.len();
    let class = usize::from(trained.predicted.get(row as usize).copied().unwrap_or(0));
    // With two classes one vote tells: above 0 for the second.
    let (at, sign) = match n_votes {
        1 => (0, if class == 1 { 1.0 } else { -1.0 }),
        _ => (class, 1.0),
    };
    let mut parts: Vec<(u32, f64)> = trained
        .columns_of_model(&table.profile)
        .into_iter()
        .zip(votes.by_column.chunks_exact(n_votes))
        .map(|(column, votes)| (column, sign * votes[at]))
        .filter(|&(_, vote)| vote != 0.0)
        .collect();
    arrange(&mut parts, |a, b| b.1.abs().total_cmp(&a.1.abs()));
    let rest: f64 = parts.iter().skip(TOLD).map(|part| part.1).sum();
    let n_rest = parts.len().saturating_sub(TOLD);
    parts.truncate(TOLD);
    let drawn = signed_bars(&parts.iter().map(|part| part.1).collect::<Vec<f64>>(), BARS);
    let line = |((column, vote), bar): ((u32, f64), crate::chart::SignedBar)| {
        let name = trained.name(&table.profile, column).to_owned();
        view! {
            <div class="contribution" data-testid="vote" data-name=name.clone() data-value=vote.to_string()>
                <span class="ellipsis contribution__name" title=name.clone()>{name.clone()}</span>
                <span class="contribution__bar" style:width=format!("{BARS}px")>
                    <i
                        class:is-for=!bar.is_negative style:left=format!("{}px", bar.x)
                        style:width=format!("{}px", bar.width)
                    ></i>
                </span>
                <span class="num">{format::fixed(vote, 2)}</span>
            </div>
        }
    };
    let lines = parts.into_iter().zip(drawn).map(line).collect_view();
    let sum = sign * votes.votes[at];
    let line = (trained.line != 0.0)
        .then(|| format!(" The line is at {}.", format::fixed(sign * trained.line, 2)));
    let more = (n_rest > 0).then(|| {
        format!(
            "{} more add {}. ",
            words::counted(n_rest as u64, "column", "columns"),
            format::fixed(rest, 2)
        )
    });
    view! {
        <div class="contribution contribution--head">
            <span>"column"</span>
            <span class="contribution__sides"><i>"against"</i> <i>"for it"</i></span>
            <span class="num">"votes"</span>
        </div>
        {lines}
        <p class="cap">{more} {format!("Together {}, exactly.", format::fixed(sum, 2))} {line}</p>
    }
    .into_any()
}
