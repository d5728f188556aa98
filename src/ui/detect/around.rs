//! From a row to those around it: of the same entities, and at about the same time.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::reactive::graph::untrack;

use crate::protocol::{Bound, ColumnProfile, Inspection, Loaded, Profile, Role, Test};
use crate::ui::bound::written;
use crate::ui::lens::Chip;
use crate::ui::session::Session;
use crate::ui::words;

/// How far around a row is looked, in seconds.
const SPANS: [(f64, &str); 2] = [(600.0, "10 minutes"), (3_600.0, "1 hour")];
/// Columns of entities that are offered.
const MOST: usize = 3;

/// A way to other rows: what they must be, and in place of the filters of which columns.
#[derive(Debug, Clone, PartialEq)]
struct Way {
    word: String,
    /// In full.
    title: String,
    columns: Vec<String>,
    chips: Vec<Chip>,
}

/// Buttons that list the rows around the one that is inspected.
#[component]
pub fn Around(
    /// The table.
    table: Arc<Loaded>,
    /// The row.
    inspection: Arc<Inspection>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let ways = untrack(|| ways(&table.profile, &inspection, |column| session.role_of(column)));
    if ways.is_empty() {
        return ().into_any();
    }
    let button = |Way { word, title, columns, chips }: Way| {
        let is_on = {
            let (columns, chips) = (columns.clone(), chips.clone());
            Memo::new(move |_| session.lens.with(|lens| lens.is_narrowed(&columns, &chips)))
        };
        view! {
            <button
                class="quiet quiet--small ellipsis" type="button" data-testid="around" title=title
                class:is-on=is_on aria-pressed=move || is_on.get().to_string()
                on:click=move |_| session.narrow(&columns, &chips)
            >
                {word}
            </button>
        }
    };
    let line = |line: Vec<Way>| {
        view! { <div class="around__line">{line.into_iter().map(button).collect_view()}</div> }
    };
    view! {
        <section class="around" aria-label="Around it">
            <h2>"Around it"</h2>
            {ways.into_iter().map(line).collect_view()}
        </section>
    }
    .into_any()
}

/// A line of ways for each entity of a row; where it has none, those by time alone.
fn ways(
    profile: &Profile,
    inspection: &Inspection,
    role_of: impl Fn(&ColumnProfile) -> Role,
) -> Vec<Vec<Way>> {
    let columns = &profile.columns;
    let time = inspection.times.iter().find_map(|&(index, time)| {
        let column = columns.get(index as usize).filter(|it| role_of(it) == Role::Time)?;
        Some((column, time))
    });
    let value = |text: &str| {
        let text = text.trim();
        !text.is_empty() && profile.missing.iter().all(|word| word != text)
    };
    let entities = columns.iter().zip(&inspection.text.cells);
    let entities = entities.filter(|(it, text)| role_of(it) == Role::Entity && value(text));
    let mut lines: Vec<Vec<Way>> =
        entities.take(MOST).map(|(column, text)| around(Some((column, text)), time)).collect();
    if lines.is_empty() && time.is_some() {
        lines.push(around(None, time));
    }
    lines
}

/// The ways from one entity, or from none, at a time.
fn around(
    entity: Option<(&ColumnProfile, &String)>,
    time: Option<(&ColumnProfile, f64)>,
) -> Vec<Way> {
    let chip = |column: &ColumnProfile, test| Chip {
        column: column.name.clone(),
        test,
        is_negated: false,
    };
    let names = entity.iter().map(|it| it.0).chain(time.iter().map(|it| it.0));
    let columns: Vec<String> = names.map(|column| column.name.clone()).collect();
    let who: Vec<Chip> =
        entity.iter().map(|(it, text)| chip(it, Test::OneOf(vec![(*text).clone()]))).collect();
    let of = entity.map(|(column, text)| words::cell(column.kind, text));
    let mut ways = Vec::new();
    if let Some(of) = &of {
        let title = format!("All rows of {of}");
        let (columns, chips) = (columns.clone(), who.clone());
        ways.push(Way { word: format!("all rows of {of}"), title, columns, chips });
    }
    for (seconds, span) in SPANS {
        let end = |(column, time): (&ColumnProfile, f64)| {
            let value = written(&column.reading, time)?;
            Some(Bound { value, is_strict: false })
        };
        let ends = time.map(|(column, time)| {
            (column, end((column, time - seconds)), end((column, time + seconds)))
        });
        let Some((column, from, to)) = ends else { break };
        let mut chips = who.clone();
        chips.push(chip(column, Test::Between(from, to)));
        let rows = of.as_ref().map_or_else(|| "Rows".to_owned(), |of| format!("Rows of {of}"));
        ways.push(Way {
            word: format!("within {span}"),
            title: format!("{rows} within {span} before and after it"),
            columns: columns.clone(),
            chips,
        });
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{ColumnType, EpochUnit, Eye, Format, Reading, RowText};
    use crate::ui::session::tests;

    fn column(name: &str, kind: ColumnType, role: Role) -> ColumnProfile {
        let format = Format::Epoch(EpochUnit::Milliseconds);
        let reading = Reading { format, ..Reading::plain(kind) };
        ColumnProfile { reading, ..tests::column(name, kind, role) }
    }

    fn table() -> Profile {
        let columns = vec![
            column("ts", ColumnType::Time, Role::Time),
            column("src", ColumnType::Address, Role::Entity),
            column("bytes", ColumnType::Integer, Role::Feature),
            column("dst", ColumnType::Address, Role::Entity),
        ];
        Profile { missing: vec!["-".to_owned()], ..tests::profile(4, columns) }
    }

    fn inspection(dst: &str) -> Inspection {
        let cells = ["1777885200250", "10.0.0.7", "9", dst].map(str::to_owned).into();
        Inspection {
            text: RowText { row: 1, line: 2, cells, text: String::new() },
            score: 0.7,
            eye: Eye::Forest,
            path_length: 4.0,
            expected_path: 9.0,
            average_path: 10.0,
            contributions: vec![],
            times: vec![(0, 1_777_885_200.25)],
        }
    }

    #[test]
    fn from_a_row_there_are_ways_to_its_entities_and_its_hour() {
        let said = |lines: &[Vec<Way>]| -> Vec<Vec<String>> {
            let way = |way: &Way| {
                let chips =
                    way.chips.iter().map(|chip| format!("{} {}", chip.column, chip.words()));
                chips.collect::<Vec<_>>().join(" & ")
            };
            lines.iter().map(|line| line.iter().map(way).collect()).collect()
        };
        let lines = ways(&table(), &inspection("-"), |column| column.role);
        assert_eq!(
            said(&lines),
            [[
                "src is 10.0.0.7",
                "src is 10.0.0.7 & ts 1777884600250 to 1777885800250",
                "src is 10.0.0.7 & ts 1777881600250 to 1777888800250",
            ]]
        );
        assert!(lines[0].iter().all(|way| way.columns == ["src", "ts"]));
        assert_eq!(ways(&table(), &inspection("10.0.0.9"), |column| column.role).len(), 2);
        let timeless = Inspection { times: vec![], ..inspection("10.0.0.9") };
        let lines = ways(&table(), &timeless, |column| column.role);
        assert_eq!(said(&lines), [["src is 10.0.0.7"], ["dst is 10.0.0.9"]]);
        let nobody = |column: &ColumnProfile| match column.role {
            Role::Entity => Role::Feature,
            role => role,
        };
        let lines = ways(&table(), &inspection("-"), nobody);
        assert_eq!(lines[0][0].title, "Rows within 10 minutes before and after it");
        assert_eq!(ways(&table(), &timeless, nobody), Vec::<Vec<Way>>::new());
    }
}
