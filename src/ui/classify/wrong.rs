//! Rows that are told wrong, the surest first.

use std::sync::Arc;

use leptos::prelude::*;

use super::row::Decided;
use crate::chart::format;
use crate::protocol::{NO_CLASS, Trained, arrange};
use crate::ui::session::Session;
use crate::ui::words;

/// Rows that are listed.
const LISTED: usize = 12;

/// The rows that the model gets wrong although it is sure; a click tells why.
#[component]
pub fn Wrong(
    /// The model, as its votes are counted.
    trained: Signal<Arc<Trained>>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let chosen = RwSignal::new(None::<u32>);
    let wrong = Memo::new(move |_| trained.with(|trained| surest(trained)));
    let line = move |trained: &Trained, row: usize| {
        let name = |class: u8| {
            let name = trained.classes.get(usize::from(class)).cloned();
            name.unwrap_or_else(|| "never learnt".to_owned())
        };
        let (truth, said) = (name(trained.truth[row]), name(trained.predicted[row]));
        let margin = trained.margins[row].abs();
        let row = row as u32;
        let open = move |_| {
            chosen.set(Some(row));
            session.selected_row.set(Some(row));
        };
        view! {
            <tr data-testid="wrong-row" data-row=row.to_string() class:is-on=move || chosen.get() == Some(row)>
                <td class="num">
                    <button class="link" type="button" on:click=open>{format::count(row.into())}</button>
                </td>
                <td class="ellipsis">{truth}</td>
                <td class="ellipsis">{said}</td>
                <td class="num">{words::percent(margin)}</td>
            </tr>
        }
    };
    let lines = move || {
        let trained = trained.get();
        wrong.with(|(_, rows)| rows.iter().map(|&row| line(&trained, row)).collect_view())
    };
    let n_wrong = move || wrong.with(|wrong| wrong.0);
    let decided = move || chosen.get().map(|row| view! { <Decided row /> });
    view! {
            <section class="card" hidden=move || n_wrong() == 0>
                <h2>{move || words::counted(n_wrong(), "row is told wrong", "rows are told wrong")}</h2>
                <div class="pair pair--even">
                    <table class="table">
                        <thead>
                            <tr>
                                <th class="num">"row"</th>
                                <th>"label"</th>
                                <th>"told"</th>
                                <th class="num" title="How clear its votes are, of the clearest there can be">"sure"</th>
                            </tr>
                        </thead>
                        <tbody>{lines}</tbody>
                    </table>
                    <div>
                        {decided}
                        <p class="cap" hidden=move || chosen.get().is_some()>
                            "The surest errors, of all rows with a label. Press a row's number to see what decided: a \
                             wrong label, or a question the model never asks?"
                        </p>
                    </div>
                </div>
            </section>
        }
    .into_any()
}

/// How many rows are told wrong, and those whose votes are clearest.
fn surest(trained: &Trained) -> (u64, Vec<usize>) {
    let is_wrong = |(row, &truth): (usize, &u8)| {
        (truth != NO_CLASS && trained.predicted[row] != truth).then_some(row)
    };
    let mut rows: Vec<usize> = trained.truth.iter().enumerate().filter_map(is_wrong).collect();
    let n_wrong = rows.len() as u64;
    arrange(&mut rows, |&a, &b| {
        let margin = |row: usize| trained.margins[row].abs();
        margin(b).total_cmp(&margin(a))
    });
    rows.truncate(LISTED);
    (n_wrong, rows)
}
