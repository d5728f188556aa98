//! Two trainings side by side: what was asked differently, and what came of it.

use leptos::prelude::*;

use super::super::figures::figure_name;
use super::run::{Figure, Run};
use crate::chart::format;

/// What differs between two runs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Diff {
    /// Settings with other values: name, the first run's, the second's; empty where a run has none.
    pub settings: Vec<(String, String, String)>,
    /// Figures that either has.
    pub figures: Vec<Pair>,
}

/// A figure of both.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// Its name.
    pub name: String,
    /// What it is in each.
    pub both: [Option<Figure>; 2],
    /// The second's less the first's, where both have it.
    pub difference: Option<f64>,
    /// Whether their intervals have a number in common, where both have one.
    pub do_overlap: Option<bool>,
}

/// Compares two runs.
pub fn diff(a: &Run, b: &Run) -> Diff {
    let mut settings = Vec::new();
    if a.file != b.file {
        settings.push(("file".to_owned(), a.name.clone(), b.name.clone()));
    }
    let names = a.settings.iter().chain(&b.settings).map(|(name, _)| name);
    for name in in_turn(names) {
        let (here, there) = (a.setting(name), b.setting(name));
        match name.as_str() {
            _ if here == there => {}
            "column names" => settings.extend(columns(here, there)),
            _ => settings.push((name.clone(), here.to_owned(), there.to_owned())),
        }
    }
    let own = |run: &Run, name: &str| run.figures.iter().find(|it| it.name == name).cloned();
    let names = a.figures.iter().chain(&b.figures).map(|figure| &figure.name);
    let pair = |name: &String| {
        let both = [own(a, name), own(b, name)];
        let [Some(first), Some(second)] = &both else {
            return Pair { name: name.clone(), both, difference: None, do_overlap: None };
        };
        let ends = first.interval.zip(second.interval);
        Pair {
            name: name.clone(),
            difference: Some(second.value - first.value),
            do_overlap: ends.map(|(a, b)| a.0 <= b.1 && b.0 <= a.1),
            both,
        }
    };
    Diff { settings, figures: in_turn(names).into_iter().map(pair).collect() }
}

/// Each name once, in the order they first come.
fn in_turn<'a>(names: impl Iterator<Item = &'a String>) -> Vec<&'a String> {
    let mut once: Vec<&String> = Vec::new();
    for name in names {
        if !once.contains(&name) {
            once.push(name);
        }
    }
    once
}

/// The columns that only one of two runs learnt from; where too many were to be kept, nothing.
fn columns(a: &str, b: &str) -> Option<(String, String, String)> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let only = |own: &str, other: &str| {
        let others: Vec<&str> = other.split(", ").collect();
        let own: Vec<&str> = own.split(", ").filter(|name| !others.contains(name)).collect();
        own.join(", ")
    };
    Some(("only learnt from".to_owned(), only(a, b), only(b, a)))
}

/// Two runs, as two tables.
#[component]
pub fn Side(
    /// The one that was ticked first in the list.
    a: Run,
    /// The other.
    b: Run,
) -> impl IntoView {
    let Diff { settings, figures } = diff(&a, &b);
    let dash = |text: String| if text.is_empty() { "—".to_owned() } else { text };
    let nothing = settings.is_empty();
    let setting = |(name, a, b): (String, String, String)| {
        view! {
            <tr data-testid="run-diff-setting" data-name=name.clone()>
                <td>{name.clone()}</td>
                <td>{dash(a)}</td>
                <td>{dash(b)}</td>
            </tr>
        }
    };
    let value = |figure: Option<Figure>| {
        let Some(figure) = figure else { return view! { <td class="num">"—"</td> }.into_any() };
        let ends = figure
            .interval
            .map(|(low, high)| format!(" [{}, {}]", format::fixed(low, 4), format::fixed(high, 4)));
        view! {
            <td class="num">
                {format::fixed(figure.value, 4)} <span class="soft interval">{ends}</span>
            </td>
        }
        .into_any()
    };
    let figure = |pair: Pair| {
        let Pair { name, both: [a, b], difference, do_overlap } = pair;
        let word = match do_overlap {
            Some(true) => "overlap",
            Some(false) => "apart",
            None => "—",
        };
        let sign = if difference.is_some_and(|it| it > 0.0) { "+" } else { "" };
        let told =
            difference.map_or("—".to_owned(), |it| format!("{sign}{}", format::fixed(it, 4)));
        view! {
            <tr
                data-testid="run-diff-figure" data-name=name.clone() data-overlap=word
                data-value=difference.map_or(String::new(), |it| it.to_string())
            >
                <td>{figure_name(&name)}</td>
                {value(a)}
                {value(b)}
                <td class="num">{told}</td>
                <td>{word}</td>
            </tr>
        }
    };
    let same = nothing.then(|| view! { <p class="soft">"The same was asked twice."</p> });
    view! {
        <div class="scrolls" data-testid="run-diff">
            {same}
            <table class="table figures" hidden=nothing>
                <thead>
                    <tr>
                        <th>"asked differently"</th>
                        <th>"first"</th>
                        <th>"second"</th>
                    </tr>
                </thead>
                <tbody>{settings.into_iter().map(setting).collect_view()}</tbody>
            </table>
            <table class="table figures">
                <thead>
                    <tr>
                        <th>"figure of the test"</th>
                        <th class="num">"first"</th>
                        <th class="num">"second"</th>
                        <th class="num">"difference"</th>
                        <th title="Where two intervals are apart, the difference is hardly chance; where they overlap, it may be.">
                            "intervals"
                        </th>
                    </tr>
                </thead>
                <tbody>{figures.into_iter().map(figure).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::super::run::tests::run;
    use super::*;

    #[test]
    fn only_what_differs_is_told() {
        let (mut a, mut b) = (run(2, 0.75, Some((0.5, 0.8))), run(5, 0.875, Some((0.8, 0.9))));
        a.settings.push(("seed".to_owned(), "7".to_owned()));
        a.settings.push(("column names".to_owned(), "x, y, z".to_owned()));
        b.settings.push(("column names".to_owned(), "x, z, w".to_owned()));
        b.figures[1].name = "f1".to_owned();
        (b.file, b.name) = ("1.2.4".to_owned(), "c.csv".to_owned());
        let told = diff(&a, &b);
        let three = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
        let expected = [
            three("file", "a, b.csv", "c.csv"),
            three("depth", "2", "5"),
            three("seed", "7", ""),
            three("only learnt from", "y", "w"),
        ];
        assert_eq!(told.settings, expected);
        let figure = |at: usize| {
            let pair = &told.figures[at];
            (pair.name.as_str(), pair.difference, pair.do_overlap)
        };
        assert_eq!(told.figures.len(), 3);
        assert_eq!(figure(0), ("accuracy", Some(0.125), Some(true)));
        assert_eq!((figure(1), figure(2)), (("macro-f1", None, None), ("f1", None, None)));
        b.figures[0].interval = Some((0.81, 0.9));
        assert_eq!(diff(&a, &b).figures[0].do_overlap, Some(false));
        assert_eq!(diff(&b, &a).figures[0].difference, Some(-0.125));
        b.figures[0].interval = None;
        assert_eq!(diff(&a, &b).figures[0].do_overlap, None);
    }

    #[test]
    fn a_run_does_not_differ_from_itself() {
        let run = run(2, 0.75, Some((0.5, 0.8)));
        let told = diff(&run, &run);
        assert!(told.settings.is_empty());
        assert!(told.figures.iter().all(|pair| pair.difference == Some(0.0)));
    }
}
