//! What is learnt: a column, and which of its classes is told from which.

use leptos::prelude::*;
use web_sys::HtmlSelectElement;

use super::OFFERED;
use crate::protocol::ColumnProfile;
use crate::ui::lesson::{FAMILIES, FROM, has_families, values};
use crate::ui::select::Select;
use crate::ui::session::Session;

/// Classes a model can tell apart.
const MOST_CLASSES: u32 = 50;

/// The column that is learnt.
#[component]
pub fn Target() -> impl IntoView {
    let session = expect_context::<Session>();
    let lesson = session.lesson;
    let columns = Memo::new(move |_| {
        session.table.with(|table| {
            let columns = table.as_ref().map_or(&[][..], |table| &table.profile.columns);
            let offered = (0_u32..).zip(columns).filter(|(_, column)| may_be_learnt(column));
            let named = offered.map(|(index, column)| (index, column.name.clone()));
            named.take(OFFERED).collect::<Vec<_>>()
        })
    });
    let chosen = Memo::new(move |_| {
        session.table.with(|table| lesson.get().target_of(session, &table.as_ref()?.profile))
    });
    let options = move || {
        let option = |(index, name): (u32, String)| {
            let is_on = move || chosen.get() == Some(index);
            view! { <option value=index.to_string() selected=is_on>{name}</option> }
        };
        columns.get().into_iter().map(option).collect_view()
    };
    let options = view! {
        <option value="" disabled=true selected=move || chosen.get().is_none()>"choose a column"</option>
        {options}
    }
    .into_any();
    let choose = move |select: HtmlSelectElement| {
        let name = columns.with(|columns| {
            let index: Option<u32> = select.value().parse().ok();
            columns.iter().find(|(there, _)| Some(*there) == index).map(|(_, name)| name.clone())
        });
        if let Some(name) = name {
            lesson.update(|lesson| {
                (lesson.target, lesson.positive) = (Some(name), None);
                // What it costs to mistake other classes is not known.
                lesson.ballot.costs.clear();
            });
        }
    };
    view! {
        <Select
            id="classify-target" label="Learn" hint="The column whose classes are learnt."
            options on_change=choose
        />
    }
}

/// Whether a column has classes, or numbers that can be cut in two.
fn may_be_learnt(column: &ColumnProfile) -> bool {
    column.values.is_some()
        && column.n_distinct >= 2
        && (column.n_distinct <= MOST_CLASSES
            || column.kind.is_ordered()
            || !values(column).is_empty())
}

/// Which class is told from which.
#[component]
pub fn Positive() -> impl IntoView {
    let session = expect_context::<Session>();
    let lesson = session.lesson;
    let column = Memo::new(move |_| {
        session.table.with(|table| {
            let profile = &table.as_ref()?.profile;
            let target = lesson.get().target_of(session, profile)?;
            profile.columns.get(target as usize).cloned()
        })
    });
    let chosen =
        Memo::new(move |_| column.with(|column| Some(lesson.get().positive_of(column.as_ref()?))));
    let options = move || {
        let column = column.get()?;
        let option = move |value: String, words: String| {
            let is_on = {
                let value = value.clone();
                move || chosen.with(|chosen| chosen.as_ref() == Some(&value))
            };
            view! { <option value=value selected=is_on>{words}</option> }
        };
        let mut options = Vec::new();
        let values = values(&column);
        if column.n_distinct <= MOST_CLASSES {
            options.push(option(String::new(), format!("all {} classes", column.n_distinct)));
        }
        if has_families(&column) {
            options.push(option(FAMILIES.to_owned(), "families of attacks".to_owned()));
        }
        let is_cut = column.kind.is_ordered() && column.n_distinct > 2;
        if is_cut {
            let standing = chosen.get_untracked().filter(|text| text.starts_with(FROM));
            let value = standing.unwrap_or_else(|| format!("{FROM}0"));
            options.push(option(value, "numbers from a cut on".to_owned()));
        }
        for value in &values {
            options.push(option(format!("!{value}"), format!("all but {value} against it")));
        }
        for value in &values {
            options.push(option(value.clone(), format!("{value} against all others")));
        }
        Some(options.collect_view())
    };
    let options = view! {
        {move || column.with(Option::is_none).then(|| view! { <option>"–"</option> })}
        {options}
    }
    .into_any();
    let choose = move |select: HtmlSelectElement| {
        lesson.update(|lesson| {
            lesson.positive = Some(select.value());
            lesson.ballot.costs.clear();
        });
    };
    let cut = move || {
        let text = chosen.get()?;
        let number = text.strip_prefix(FROM)?.trim().to_owned();
        Some(view! {
            <label class="field" title="Rows with this number or a larger one are the class looked for.">
                "from"
                <input
                    class="input input--number" data-testid="classify-cut" inputmode="decimal"
                    prop:value=number
                    on:change:target=move |event| {
                        let typed = event.target().value();
                        if typed.trim().parse::<f64>().is_ok_and(f64::is_finite) {
                            let positive = format!("{FROM}{}", typed.trim());
                            lesson.update(|lesson| lesson.positive = Some(positive));
                        }
                    }
                />
            </label>
        })
    };
    view! {
        <Select
            id="classify-positive" label="Tell apart" hint="The class that is looked for."
            options on_change=choose
        />
        {cut}
    }
    .into_any()
}
