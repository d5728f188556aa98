//! Flagged rows that are odd for the same reasons, a line for each case.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use crate::chart::format;
use crate::protocol::{Case, Cases, Direction, Found, Involved, Loaded, Verdict};
use crate::ui::link::Link;
use crate::ui::outside::{self, AtRest};
use crate::ui::session::Session;
use crate::ui::triage::{self, Severity};
use crate::ui::{verdict, words};

/// Rows that one click judges at most, the oddest first: what a forest learns from is a sample too.
const MOST_JUDGED: usize = 1_000;
/// Rows that a note names.
const NOTED: usize = 20;
/// Cases that are shown at once.
const STEP: usize = 8;

/// The cases among the flagged rows. They follow the threshold once it rests.
#[component]
pub fn CaseList(
    /// The table.
    table: Arc<Loaded>,
    /// Its scores.
    found: Arc<Found>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let at_rest = AtRest::after(Duration::from_millis(150));
    Effect::new(move |_| {
        session.cases.track();
        let _ = session.case_spec();
        at_rest.run(move || link.want_cases());
    });
    let n_shown = RwSignal::new(STEP);
    let listed = Memo::new(move |_| {
        let cases = session.cases.get()?;
        let passes = session.passes.get();
        Some(Arc::new(
            cases
                .cases
                .iter()
                .filter_map(|case| narrowed(case, passes.as_deref()))
                .collect::<Vec<_>>(),
        ))
    });
    let lines = {
        let (table, found) = (table.clone(), found.clone());
        move || {
            let cases = listed.get()?;
            let line = |case: &Case| line(case, &table, &found, session);
            Some(cases.iter().take(n_shown.get()).map(line).collect_view())
        }
    };
    let n_cases = move || listed.with(|cases| cases.as_ref().map(|all| all.len()));
    let n_rows = move || {
        let n = |cases: &Vec<Case>| cases.iter().map(|case| case.rows.len() as u64).sum();
        listed.with(|cases| cases.as_ref().map_or(0, |cases| n(cases)))
    };
    let headline = move || match n_cases() {
        None | Some(0) => String::new(),
        Some(n) => format!(
            "{} flagged in {}: rows of a case are odd for the same reasons",
            words::counted(n_rows(), "row", "rows"),
            words::counted(n as u64, "case", "cases"),
        ),
    };
    let none = move || {
        if session.passes.with(Option::is_none) {
            "No row is flagged: lower the threshold to see some."
        } else {
            "No flagged row is left: filters or rules leave out all of them."
        }
    };
    let rest = move || n_cases().map_or(0, |n| n.saturating_sub(n_shown.get()));
    view! {
        <section class="card card--flush" data-testid="cases" data-count=n_cases>
            <header class="card__head">
                <h2>"Cases"</h2>
                <p class="soft">{headline}</p>
            </header>
            <div class="cases">{lines}</div>
            <Show when=move || n_cases() == Some(0)>
                <p class="soft cases__none">{none}</p>
            </Show>
            <Show when=move || { rest() > 0 }>
                <button
                    class="link cases__more" type="button"
                    on:click=move |_| n_shown.update(|n| *n += 5 * STEP)
                >
                    {move || format!("{} more", format::count(rest() as u64))}
                </button>
            </Show>
        </section>
    }
    .into_any()
}

fn line(case: &Case, table: &Arc<Loaded>, found: &Found, session: Session) -> AnyView {
    let reasons = case.reasons.clone();
    let is_on = {
        let reasons = reasons.clone();
        move || !reasons.is_empty() && session.because.with(|because| *because == reasons)
    };
    let pressed = is_on.clone();
    let first = case.rows.first().copied();
    let toggle = move |_| {
        let is_on = session.because.with_untracked(|because| *because == reasons);
        session.because.set(if is_on { Vec::new() } else { reasons.clone() });
        session.selected_row.set(first);
    };
    let score = first.map_or(0.0, |row| found.scores[row as usize]);
    let severity = Severity::of_rank(triage::rank(found, score), triage::n_rows(found));
    let seen = case.seen.map(|(first, last)| seen(first, last));
    let who: Vec<String> = case.involved.iter().map(|who| involved(who, table)).collect();
    let told = who.into_iter().chain(seen).collect::<Vec<_>>().join(" · ");
    view! {
        <button
            class="case" type="button" class:is-on=is_on
            aria-pressed=move || pressed().to_string() data-testid="case"
            data-count=case.rows.len().to_string() data-row=first.map(|row| row.to_string())
            on:click=toggle
        >
            <span class="num">{format::count(case.rows.len() as u64)}</span>
            <span class=format!("severity severity--{}", severity.word()) title=severity.word()>
                {severity.sign()}
            </span>
            <span class="num">{format::fixed(score, 3)}</span>
            <span class="chips">{chips(&case.reasons, table)}</span>
            <span class="soft ellipsis" title=told.clone()>{told.clone()}</span>
        </button>
    }
    .into_any()
}

/// What is left of a case when some rows may not be listed; `None`: nothing.
fn narrowed(case: &Case, passes: Option<&Vec<bool>>) -> Option<Case> {
    let Some(passes) = passes else { return Some(case.clone()) };
    let rows: Vec<u32> =
        case.rows.iter().copied().filter(|&row| passes.get(row as usize) == Some(&true)).collect();
    (!rows.is_empty()).then(|| Case { rows: rows.into(), ..case.clone() })
}

/// What can be done with a case: a verdict on all its rows, and a note to paste into a ticket.
#[component]
pub fn CaseActions(
    /// The table.
    table: Arc<Loaded>,
    /// The reasons of the case.
    reasons: Vec<(u32, Direction)>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let case = Memo::new(move |_| {
        let cases = session.cases.get()?;
        let passes = session.passes.get();
        let case = cases.cases.iter().find(|case| case.reasons == reasons)?;
        narrowed(case, passes.as_deref()).map(Arc::new)
    });
    let verdicts = Verdict::ALL.map(|verdict| {
        let judge = move |_| {
            if let Some(case) = case.get_untracked() {
                link.judge_all(&case.rows[..case.rows.len().min(MOST_JUDGED)], verdict);
            }
        };
        let about = format!("Say this of all rows of the case: {}", words::verdict(verdict));
        view! {
            <button
                class="quiet quiet--small" type="button" title=about on:click=judge
                data-testid=format!("case-{}", verdict.word())
            >
                {words::verdict_sign(verdict)} " all " {verdict.word()}
            </button>
        }
    });
    let word = RwSignal::new("Copy the case");
    let copy = move |_| {
        let text = case.with_untracked(|case| case.as_ref().map(|case| note(case, &table)));
        outside::copy(&text.unwrap_or_default(), move |done| {
            word.set(if done { "Copied" } else { "The browser did not allow it" });
        });
    };
    view! {
        <span
            class="case-actions" class:is-hidden=move || case.with(Option::is_none) role="group"
            aria-label="The whole case"
        >
            {verdicts}
            <button
                class="quiet quiet--small" type="button" data-testid="case-copy" on:click=copy
            >
                {move || word.get()}
            </button>
        </span>
    }
    .into_any()
}

/// A case in words, for a ticket.
fn note(case: &Case, table: &Loaded) -> String {
    let reason = |&(column, direction): &(u32, Direction)| {
        let name = &table.profile.columns.get(column as usize)?.name;
        Some(format!("{name} {}", verdict::direction(direction)))
    };
    let reasons: Vec<String> = case.reasons.iter().filter_map(reason).collect();
    let shown: Vec<String> = case.rows.iter().take(NOTED).map(ToString::to_string).collect();
    let more = if case.rows.len() > NOTED { ", …" } else { "" };
    let mut lines = vec![
        format!(
            "{}: {} odd because of {}.",
            table.name,
            words::counted(case.rows.len() as u64, "row", "rows"),
            if reasons.is_empty() {
                "nothing in particular".to_owned()
            } else {
                reasons.join(", ")
            },
        ),
        format!("Rows, the oddest first: {}{more}", shown.join(", ")),
    ];
    lines.extend(case.involved.iter().map(|who| involved(who, table)));
    lines.extend(case.seen.map(|(first, last)| format!("Seen {}", seen(first, last))));
    lines.join("\n")
}

/// Reasons as chips, each of which lists all flagged rows that share it.
pub fn reason_buttons(
    reasons: &[(u32, Direction)],
    table: &Loaded,
    because: RwSignal<Vec<(u32, Direction)>>,
) -> AnyView {
    let chip = |&(column, direction): &(u32, Direction)| {
        let name = table.profile.columns.get(column as usize)?.name.clone();
        let about = format!("All flagged rows that are odd because of {name}");
        Some(view! {
            <button
                class="chip chip--act" type="button" tabindex="-1" title=about
                data-testid="reason" on:click=move |_| because.set(vec![(column, direction)])
            >
                <b>{name}</b> " " {verdict::direction(direction)}
            </button>
        })
    };
    reasons.iter().filter_map(chip).collect_view().into_any()
}

/// Reasons as chips.
pub fn chips(reasons: &[(u32, Direction)], table: &Loaded) -> AnyView {
    let chip = |&(column, direction): &(u32, Direction)| {
        let column = table.profile.columns.get(column as usize)?;
        Some(view! {
            <span class="chip" data-help=words::about(column)>
                <b>{column.name.clone()}</b> " " {verdict::direction(direction)}
            </span>
        })
    };
    if reasons.is_empty() {
        return view! { <span class="chip">"nothing in particular"</span> }.into_any();
    }
    reasons.iter().filter_map(chip).collect_view().into_any()
}

/// When the rows of a case were seen.
fn seen(first: f64, last: f64) -> String {
    if first == last {
        format::time(first)
    } else {
        format!("{} to {}", format::time(first), format::time(last))
    }
}

/// Who is involved: `src 10.0.0.7 (35)`, `port 22, 80 and 14 more`.
fn involved(who: &Involved, table: &Loaded) -> String {
    let column = table.profile.columns.get(who.column as usize);
    let name = column.map_or("", |column| column.name.as_str());
    let shown: Vec<&str> = who.names.iter().map(|(name, _)| name.as_str()).collect();
    let n_more = who.n_distinct as usize - shown.len();
    let more = if n_more > 0 { format!(" and {n_more} more") } else { String::new() };
    format!("{name} {}{more}", shown.join(", "))
}

/// The flagged rows whose reasons are these or more, by score; `None` while that is not known.
pub fn rows_because(cases: &Cases, reasons: &[(u32, Direction)], found: &Found) -> Vec<u32> {
    let shares = |case: &&Case| reasons.iter().all(|reason| case.reasons.contains(reason));
    let mut is_meant = vec![false; found.scores.len()];
    for case in cases.cases.iter().filter(shares) {
        for &row in case.rows.iter() {
            is_meant[row as usize] = true;
        }
    }
    found.ranking.iter().copied().filter(|&row| is_meant[row as usize]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::CaseSpec;
    use crate::ui::triage::tests::found;

    #[test]
    fn rows_are_meant_whose_reasons_hold_all_that_are_asked_for() {
        let case = |reasons: &[(u32, Direction)], rows: &[u32]| Case {
            reasons: reasons.to_vec(),
            rows: rows.to_vec().into(),
            seen: None,
            involved: vec![],
        };
        let (bytes, port) = ((0, Direction::High), (1, Direction::Rare));
        let spec = CaseSpec { threshold: 0.5, time: None, entities: vec![] };
        let cases = vec![case(&[bytes], &[2]), case(&[port], &[3]), case(&[bytes, port], &[0])];
        let cases = Cases { spec, cases };
        let found = found(&[0.7, 0.1, 0.9, 0.8], None);
        assert_eq!(rows_because(&cases, &[bytes], &found), [2, 0]);
        assert_eq!(rows_because(&cases, &[port, bytes], &found), [0]);
        assert_eq!(rows_because(&cases, &[], &found), [2, 3, 0]);
    }
}
