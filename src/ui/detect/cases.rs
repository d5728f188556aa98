//! Flagged rows that are odd for the same reasons, a line for each case.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use crate::chart::format;
use crate::protocol::{Case, Cases, Direction, Found, Involved, Loaded};
use crate::ui::link::Link;
use crate::ui::outside::AtRest;
use crate::ui::session::Session;
use crate::ui::triage::{self, Severity};
use crate::ui::{verdict, words};

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
    let lines = {
        let (table, found) = (table.clone(), found.clone());
        move || {
            let cases = session.cases.get()?;
            let line = |case: &Case| line(case, &table, &found, session);
            Some(cases.cases.iter().take(n_shown.get()).map(line).collect_view())
        }
    };
    let n_cases = move || session.cases.with(|cases| cases.as_ref().map(|all| all.cases.len()));
    let headline = move || match n_cases() {
        None | Some(0) => String::new(),
        Some(n) => format!(
            "{} flagged in {}: rows of a case are odd for the same reasons",
            words::counted(u64::from(session.flagged.get()), "row", "rows"),
            words::counted(n as u64, "case", "cases"),
        ),
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
                <p class="soft cases__none">"No row is flagged: lower the threshold to see some."</p>
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
