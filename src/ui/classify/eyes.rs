//! Columns that eyes add: which are chosen, and whether they help.

use std::sync::Arc;

use leptos::prelude::*;

use crate::chart::format;
use crate::protocol::{Eyes, Helped, Loaded, Trained};
use crate::ui::link::Link;
use crate::ui::session::Session;
use crate::ui::words;

/// What chance does less often is taken for more than chance.
const SIGNIFICANT: f64 = 0.05;

/// A box for each eye.
#[component]
pub fn EyePicker() -> impl IntoView {
    let lesson = expect_context::<Session>().lesson;
    let one = |eye: usize| {
        let (name, hint) = [
            ("forest score", "How odd an isolation forest finds the row."),
            (
                "local outlier factor",
                "How much thinner a row’s surroundings are than its neighbours’. 100,000 rows take some seconds.",
            ),
            (
                "distances to centres",
                "How far a row is from each of eight centres that k-means finds.",
            ),
        ][eye];
        let id = format!("classify-eye-{}", Eyes::WORDS[eye]);
        view! {
            <label class="check" title=hint>
                <input
                    type="checkbox" data-testid=id
                    prop:checked=move || lesson.with(|lesson| lesson.eyes.each()[eye])
                    on:change:target=move |event| {
                        let is_on = event.target().checked();
                        lesson.update(|lesson| {
                            let mut each = lesson.eyes.each();
                            each[eye] = is_on;
                            lesson.eyes = Eyes::of(each);
                        });
                    }
                />
                {name}
            </label>
        }
        .into_any()
    };
    view! {
        <fieldset class="shortcuts" aria-label="Added columns">
            <span>"Added columns:"</span>
            {[0, 1, 2].map(one).collect_view()}
            <span>"They learn from the training rows alone; training says whether they help."</span>
        </fieldset>
    }
    .into_any()
}

/// Whether the added columns help, and what to do about it; nothing where there are none.
#[component]
pub fn AddedColumns(
    /// The table.
    table: Arc<Loaded>,
    /// The model.
    trained: Arc<Trained>,
) -> impl IntoView {
    if trained.added.is_empty() {
        return None;
    }
    let (session, link) = (expect_context::<Session>(), expect_context::<Link>());
    let helped = trained.helped.clone();
    let verdict = helped.as_ref().map_or("", verdict);
    let said = match verdict {
        "helped" => {
            "They helped: more rows of the test are told right with them than without, beyond chance."
        }
        "harmed" => {
            "They did harm: fewer rows of the test are told right with them than without. Leave them out."
        }
        "chance" => "They did not help beyond chance: leave them out.",
        _ => "Training was stopped, so nothing was trained without them to compare with.",
    };
    let leave = (verdict != "helped").then(|| {
        let leave_out = move |_| {
            session.lesson.update(|lesson| lesson.eyes = Eyes::default());
            link.train();
        };
        view! {
            <button
                class="quiet quiet--small" type="button" data-testid="eyes-leave-out" on:click=leave_out
            >
                "Train without them"
            </button>
        }
    });
    let weight = heaviest(&table, &trained);
    Some(
        view! {
            <section class="card" data-testid="eyes" data-value=verdict>
                <header class="head-line">
                    <h2>"What the added columns bring"</h2>
                    <span class="grow"></span>
                    {leave}
                </header>
                <p data-testid="eyes-said">{said} " " {weight}</p>
                {helped.map(|helped| figures(&helped))}
                <p class="cap">
                    "Both models learnt from the same rows with the same settings, and nothing is muted in either. \
                     Another seed or split may say otherwise: keep the columns if they help with several. Tune and \
                     the other learners know the table’s own columns only; a model with added ones can be \
                     read as JSON, but nobody but isoscope can measure them for other rows."
                </p>
            </section>
        }
        .into_any(),
    )
}

/// What a comparison comes to, in a word.
fn verdict(helped: &Helped) -> &'static str {
    match helped.p < SIGNIFICANT {
        false => "chance",
        true if helped.only[1] > helped.only[0] => "helped",
        true => "harmed",
    }
}

/// The added column that says most, among all of the model.
fn heaviest(table: &Loaded, trained: &Trained) -> String {
    let n_own = table.profile.columns.len() as u32;
    let Some(place) = trained.columns.iter().position(|it| it.column >= n_own) else {
        return "The model does not ask for any of them.".to_owned();
    };
    let name = trained.name(&table.profile, trained.columns[place].column);
    let nth = format!("{} of {}", place + 1, trained.columns.len());
    format!("Of them the model weighs “{name}” most: by weight it is column {nth}.")
}

/// Both models side by side.
fn figures(helped: &Helped) -> AnyView {
    let n_rows = f64::from(helped.n_rows.max(1));
    let line = |which: usize| {
        let share = f64::from(helped.right[which]) / n_rows;
        let area = helped.roc_auc[which].map_or("—".to_owned(), |area| format::fixed(area, 4));
        view! {
            <tr data-testid="eyes-line" data-name=["without", "with"][which] data-value=share.to_string()>
                <td>{["without them", "with them"][which]}</td>
                <td class="num">{words::closely(share)}</td>
                <td class="num">{format::count(helped.only[which].into())}</td>
                <td class="num">{area}</td>
            </tr>
        }
        .into_any()
    };
    let p = if helped.p < 1e-3 { "below 0.001".to_owned() } else { format::fixed(helped.p, 3) };
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th></th>
                    <th class="num">"test told right"</th>
                    <th class="num">"rows only this one tells right"</th>
                    <th class="num">"ROC AUC"</th>
                </tr>
            </thead>
            <tbody>{[0, 1].map(line).collect_view()}</tbody>
        </table>
        <p class="cap" data-testid="eyes-p" data-value=helped.p.to_string()>
            {format!(
                "Two equally good models would part as far by chance with probability {p} (McNemar’s exact test).",
            )}
        </p>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_says_whether_they_helped_beyond_chance() {
        let of = |only: [u32; 2], p| {
            verdict(&Helped { n_rows: 100, right: [50, 50], only, p, roc_auc: [None; 2] })
        };
        assert_eq!(of([3, 20], 1e-3), "helped");
        assert_eq!(of([20, 3], 1e-3), "harmed");
        assert_eq!(of([3, 6], 0.5), "chance");
    }
}
