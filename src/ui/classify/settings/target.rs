//! What is learnt: a column, and which of its classes is told from which.

use leptos::prelude::*;
use web_sys::HtmlSelectElement;

use crate::chart::format;
use crate::protocol::ColumnProfile;
use crate::ui::lesson::{
    FAMILIES, FROM, MOST_CLASSES, OFFERED, against, cut_of, has_families, values,
};
use crate::ui::select::Select;
use crate::ui::session::Session;

/// The column that is learnt.
#[component]
pub fn Target() -> impl IntoView {
    let session = expect_context::<Session>();
    let lesson = session.lesson;
    let chosen = Memo::new(move |_| {
        session.table.with(|table| lesson.get().target_of(session, &table.as_ref()?.profile))
    });
    let columns = Memo::new(move |_| {
        session.table.with(|table| {
            let columns = table.as_ref().map_or(&[][..], |table| &table.profile.columns);
            let all = (0_u32..).zip(columns);
            // What stands is shown, even where nothing can be learnt of it.
            let offered = all.filter_map(|(index, column)| {
                let may_be = may_be_learnt(column);
                (may_be || chosen.get() == Some(index))
                    .then(|| (index, column.name.clone(), may_be))
            });
            offered.take(OFFERED).collect::<Vec<_>>()
        })
    });
    let options = move || {
        let option = |(index, name, may_be): (u32, String, bool)| {
            let is_on = move || chosen.get() == Some(index);
            let why = if may_be { "" } else { ": nothing to tell apart" };
            view! {
                <option value=index.to_string() disabled=!may_be prop:selected=is_on>{name} {why}</option>
            }
        };
        columns.get().into_iter().map(option).collect_view()
    };
    let options = view! {
        <option value="" disabled=true prop:selected=move || chosen.get().is_none()>"choose a column"</option>
        {options}
    }
    .into_any();
    let choose = move |select: HtmlSelectElement| {
        let name = columns.with(|columns| {
            let index: Option<u32> = select.value().parse().ok();
            columns.iter().find(|it| Some(it.0) == index).map(|it| it.1.clone())
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

/// The column that is learnt, as it is.
fn target_column(session: Session) -> Memo<Option<ColumnProfile>> {
    Memo::new(move |_| {
        session.table.with(|table| {
            let profile = &table.as_ref()?.profile;
            let target = session.lesson.get().target_of(session, profile)?;
            profile.columns.get(target as usize).cloned()
        })
    })
}

/// Why not every value is a class, where there are too many.
#[component]
pub fn TooMany() -> impl IntoView {
    let column = target_column(expect_context());
    let said = move || {
        let column = column.get().filter(|column| column.n_distinct > MOST_CLASSES)?;
        let offered = match values(&column).len() {
            0 => "they are cut in two".to_owned(),
            n => format!("one of the {n} most common is told from all others"),
        };
        let n = format::count(column.n_distinct.into());
        let name = column.name;
        Some(view! {
            <p class="remark" data-testid="classify-too-many">
                {format!("“{name}” has {n} values: more than {MOST_CLASSES} classes are not told apart at once, so {offered}.")}
            </p>
        })
    };
    said.into_any()
}

/// Which class is told from which.
#[component]
pub fn Positive() -> impl IntoView {
    let session = expect_context::<Session>();
    let lesson = session.lesson;
    let column = target_column(session);
    let chosen =
        Memo::new(move |_| column.with(|column| Some(lesson.get().positive_of(column.as_ref()?))));
    let options = move || {
        let column = column.get()?;
        let option = move |value: String, words: String| {
            // Wherever numbers are cut, it is the same entry.
            let name = value.clone();
            let is_on = move || {
                chosen.with(|chosen| {
                    chosen.as_ref().is_some_and(|chosen| {
                        *chosen == name || chosen.starts_with(FROM) && name.starts_with(FROM)
                    })
                })
            };
            view! { <option value=value prop:selected=is_on>{words}</option> }
        };
        let mut options = Vec::new();
        let values = values(&column);
        if column.n_distinct < 2 {
            return Some(vec![option(String::new(), "one class only".to_owned())]);
        }
        if column.n_distinct <= MOST_CLASSES {
            options.push(option(String::new(), format!("all {} classes", column.n_distinct)));
        }
        if has_families(&column) {
            options.push(option(FAMILIES.to_owned(), "families of attacks".to_owned()));
        }
        if let Some(cut) = cut_of(&column) {
            options.push(option(format!("{FROM}{cut}"), "numbers from a cut on".to_owned()));
        }
        for value in &values {
            options.push(option(format!("!{value}"), format!("all but {value} against it")));
        }
        for value in &values {
            options.push(option(against(value), format!("{value} against all others")));
        }
        Some(options)
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
