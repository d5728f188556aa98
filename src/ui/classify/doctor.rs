//! What could flatter the test, each with its effect and a way to mend it.

use std::sync::Arc;

use leptos::prelude::*;

use crate::chart::format;
use crate::protocol::{Ending, Judged, Loaded, Role, RowSet, SplitBy, Trained};
use crate::ui::lesson::SplitKind;
use crate::ui::link::Link;
use crate::ui::session::Session;
use crate::ui::words;

/// Columns that are told one by one.
const TOLD: usize = 6;

/// Findings, or that there is none.
#[component]
pub fn Doctor(
    /// The table.
    table: Arc<Loaded>,
    /// The model.
    trained: Arc<Trained>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let test = trained.judged.iter().find(|judged| judged.set == RowSet::Test);
    let mut findings: Vec<AnyView> = Vec::new();
    let leakage = &trained.leakage;
    for &told in leakage.telltales.iter().take(TOLD) {
        findings.push(telltale(&table, &trained, told, session, link));
    }
    if trained.ending == Ending::Explained && leakage.telltales.is_empty() {
        findings.push(said(
            "explained",
            "One rule tells every row learnt from right. Make sure that no column gives the class away.",
        ));
    }
    if leakage.n_twins > 0 {
        findings.push(twins(&trained, test));
    }
    let (n_different, n_rows) = leakage.contradictions;
    if n_different > 0 {
        findings.push(said(
            "contradiction",
            &format!(
                "{} are learnt from under more than one class though all their columns are equal ({} different ones): nobody can tell them right.",
                words::counted(n_rows.into(), "row", "rows"),
                format::count(n_different.into()),
            ),
        ));
    }
    if !leakage.unseen.is_empty() {
        let n: u32 = leakage.unseen.iter().map(|(_, n)| n).sum();
        let names: Vec<&str> =
            leakage.unseen.iter().take(TOLD).map(|(name, _)| name.as_str()).collect();
        let more = leakage.unseen.len().saturating_sub(TOLD);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        findings.push(said(
            "unseen",
            &format!(
                "{} of the test are of classes that were never learnt ({}{more}): they are wrong in every figure.",
                words::counted(n.into(), "row", "rows"),
                names.join(", "),
            ),
        ));
    }
    if let SplitBy::Random { .. } = trained.spec.split
        && session.column_of(Role::Time).is_some()
    {
        findings.push(times(session, link));
    }
    let is_clean = findings.is_empty();
    view! {
            <section class="card" data-testid="doctor">
                <h2>"What could flatter it"</h2>
                {is_clean.then(|| view! {
                    <p class="soft">
                        "Nothing was found: no row of the test has its equal among those learnt from, and no column \
                         gives the class away."
                    </p>
                })}
                <ul class="findings">{findings}</ul>
            </section>
        }
        .into_any()
}

/// A column that alone tells a class from all others.
fn telltale(
    table: &Loaded,
    trained: &Trained,
    (column, roc_auc, class): (u32, f64, u8),
    session: Session,
    link: Link,
) -> AnyView {
    let name = table.profile.columns[column as usize].name.clone();
    let muted = name.clone();
    let mend = move |_| {
        session.mute(&muted, true);
        link.train();
    };
    let class = trained.classes.get(usize::from(class)).cloned().unwrap_or_default();
    view! {
        <li data-testid="leak" data-kind="telltale" data-value=name.clone()>
            <p>
                <b>{name.clone()}</b>
                {format!(
                    " alone tells “{class}” from the rest with an area of {} under the ROC curve. Is it known before the class is? A score, a label by another name or a time of discovery is not.",
                    format::fixed(roc_auc, 4),
                )}
            </p>
            <button class="quiet quiet--small" type="button" on:click=mend>
                "Train without it"
            </button>
        </li>
    }
    .into_any()
}

/// Rows have times, and were split at random.
fn times(session: Session, link: Link) -> AnyView {
    let mend = move |_| {
        session.lesson.update(|lesson| lesson.split = SplitKind::Time);
        link.train();
    };
    view! {
        <li data-testid="leak" data-kind="time">
            <p>
                "Rows have times, and a random split puts rows of one burst on both sides. Judging the last rows by \
                 the first is nearer to what the model will meet."
            </p>
            <button class="quiet quiet--small" type="button" on:click=mend>
                "Split by time"
            </button>
        </li>
    }
    .into_any()
}

fn said(kind: &'static str, sentence: &str) -> AnyView {
    view! { <li data-testid="leak" data-kind=kind><p>{sentence.to_owned()}</p></li> }.into_any()
}

/// Rows of the test that were met in training, and the figures without them.
fn twins(trained: &Trained, test: Option<&Judged>) -> AnyView {
    let leakage = &trained.leakage;
    let accuracy = |judged: Option<&Judged>| {
        let figures = judged.map_or(&[][..], |judged| &judged.figures);
        figures.iter().find(|m| m.name == "accuracy").and_then(|m| m.value.ok())
    };
    let effect = match (accuracy(test), accuracy(leakage.without_twins.as_ref())) {
        (Some(with), Some(without)) => {
            let [with, without] = [with, without].map(|share| format::fixed(share, 4));
            if with == without {
                format!(" Without them the accuracy stays {with}.")
            } else {
                format!(" Without them the accuracy is {without} instead of {with}.")
            }
        }
        _ => " No other row is left to judge by.".to_owned(),
    };
    said("twin", &[met(leakage.n_twins, leakage.n_twins_of_another_class), effect].concat())
}

/// That rows of the test were met in training, some under another class.
fn met(n: u32, n_of_another: u32) -> String {
    let [have, ask] = if n == 1 {
        ["row of the test has its", "it asks"]
    } else {
        ["rows of the test have their", "they ask"]
    };
    let of_another = match n_of_another {
        0 => String::new(),
        _ if n == 1 => ", under another class".to_owned(),
        of_them => format!(", {} of them under another class", format::count(of_them.into())),
    };
    format!(
        "{}\u{a0}{have} equal among the rows learnt from{of_another}: {ask} for memory, not for insight.",
        format::count(n.into()),
    )
}

#[cfg(test)]
mod tests {
    use super::met;

    #[test]
    fn one_row_that_was_met_is_told_as_one() {
        let learnt = "among the rows learnt from";
        for (n, of_another, sentence) in [
            (
                1,
                0,
                format!(
                    "1 row of the test has its equal {learnt}: it asks for memory, not for insight."
                ),
            ),
            (
                1,
                1,
                format!(
                    "1 row of the test has its equal {learnt}, under another class: it asks for memory, not for insight."
                ),
            ),
            (
                3,
                1,
                format!(
                    "3 rows of the test have their equal {learnt}, 1 of them under another class: they ask for memory, not for insight."
                ),
            ),
        ] {
            assert_eq!(met(n, of_another).replace('\u{a0}', " "), sentence);
        }
    }
}
