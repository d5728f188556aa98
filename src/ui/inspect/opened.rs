//! The column that is open.

use std::sync::Arc;

use leptos::prelude::*;

use crate::chart::format;
use crate::protocol::{ColumnProfile, Loaded, Values, arrange};
use crate::ui::aside::Aside;
use crate::ui::plots::spread::Spread;
use crate::ui::session::Session;
use crate::ui::words;

/// A column's spread at large, and its key figures.
#[component]
pub fn OpenedColumn(
    /// The table.
    table: Arc<Loaded>,
    /// The column that is open.
    opened: RwSignal<Option<u32>>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let column = move || {
        let index = opened.get()?;
        let column = table.profile.columns.get(index as usize)?.clone();
        let n_rows = table.profile.n_rows;
        let role = session.role_of(&column);
        let quantiles = column.quantile_codes.then(|| {
            view! {
                <p class="cap">
                    "It has more distinct values than codes: in between, ranks are quantiles; the \
                     smallest and the largest values keep codes of their own."
                </p>
            }
        });
        let help = column.help.clone().map(|help| {
            let unit = (!help.unit.is_empty()).then(|| format!(" In {}.", help.unit));
            view! { <p data-testid="column-help">{help.meaning} {unit}</p> }
        });
        let reading = words::reading(&column.reading)
            .map(|how| view! { <p class="cap" data-testid="column-reading">{how} "."</p> });
        Some(view! {
            <header>
                <p class="soft">
                    "column " {index} " · " {words::type_key(column.kind)} " · "
                    {words::role_key(role)}
                </p>
                <h2 class="aside__title">{column.name.clone()}</h2>
            </header>
            {help}
            {reading}
            <Spread column=column.clone() n_rows />
            <dl class="pairs">{figures(&column, n_rows)}</dl>
            {quantiles}
            {families(&column)}
        })
    };
    view! { <Aside label="Column" subject=opened>{column}</Aside> }
}

/// The families of a known label's values, with the rows of each.
fn families(column: &ColumnProfile) -> Option<impl IntoView + use<>> {
    if column.known_values.is_empty() {
        return None;
    }
    let mut families: Vec<(String, u64, Vec<String>)> = Vec::new();
    for value in &column.known_values {
        let family = if value.family.is_empty() { "not known" } else { value.family.as_str() };
        let known = families.iter().position(|(name, ..)| name == family);
        let at = known.unwrap_or_else(|| {
            families.push((family.to_owned(), 0, Vec::new()));
            families.len() - 1
        });
        families[at].1 += u64::from(value.count);
        families[at].2.push(value.name.clone());
    }
    arrange(&mut families, |a, b| b.1.cmp(&a.1));
    let family = |(name, count, values): (String, u64, Vec<String>)| {
        view! {
            <div data-testid="family" data-name=name.clone() data-value=count.to_string()>
                <dt>{name.clone()} <span class="cap">" " {values.join(", ")}</span></dt>
                <dd class="num">{format::count(count)}</dd>
            </div>
        }
    };
    Some(view! {
        <section>
            <h2>"Families"</h2>
            <dl class="pairs">{families.into_iter().map(family).collect_view()}</dl>
        </section>
    })
}

/// Missing, distinct, and the quartiles of what has an order.
fn figures(column: &ColumnProfile, n_rows: u32) -> impl IntoView + use<> {
    let value = |value: f64| words::value(column.kind, value);
    let share = f64::from(column.n_missing) / f64::from(n_rows.max(1));
    let missing =
        format!("{} ({})", format::count(u64::from(column.n_missing)), words::percent(share));
    let mut figures =
        vec![("missing", missing), ("distinct", format::count(u64::from(column.n_distinct)))];
    if let Some(Values::Ordered { min, lower, median, upper, max, .. }) = column.values {
        figures.extend([
            ("smallest", value(min)),
            ("lower quartile", value(lower)),
            ("median", value(median)),
            ("upper quartile", value(upper)),
            ("largest", value(max)),
        ]);
    }
    figures
        .into_iter()
        .map(|(name, figure)| {
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd class="num">{figure}</dd>
                </div>
            }
        })
        .collect_view()
}
