//! One column in the list.

use std::sync::Arc;

use leptos::prelude::*;

use crate::chart::format;
use crate::protocol::{ColumnType, Loaded, Role};
use crate::ui::plots::spread::spark;
use crate::ui::session::Session;
use crate::ui::words;

/// Name, type, role with its reason, missing, distinct, spread.
#[component]
pub fn ColumnRow(
    /// The column's place in the table.
    index: u32,
    /// The table.
    table: Arc<Loaded>,
    /// The column that is open.
    opened: RwSignal<Option<u32>>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let n_rows = table.profile.n_rows;
    let profile = table.profile.columns[index as usize].clone();
    let name = profile.name.clone();
    let found = profile.role;
    let role = {
        let profile = profile.clone();
        Memo::new(move |_| session.role_of(&profile))
    };
    let choose = {
        let name = name.clone();
        move |role: Role| {
            session.roles.update(|roles| {
                if role == found {
                    roles.remove(&name);
                } else {
                    roles.insert(name.clone(), role);
                }
            });
        }
    };
    let select = choose.clone();
    let options = words::ROLES
        .map(|option| {
            let key = words::role_key(option);
            view! { <option value=key selected=move || role.get() == option>{key}</option> }
        })
        .collect_view();
    let why = {
        let table = table.clone();
        let reason = profile.reason.clone();
        move || {
            if role.get() == found {
                words::reason(&reason, &table.profile.columns)
            } else {
                format!("your choice; found as {}", words::role_key(found))
            }
        }
    };
    // One click: back to what was found, or in with what was set aside.
    let other = move || match role.get() {
        now if now != found => Some(("undo", found)),
        Role::Feature => None,
        _ if profile.kind == ColumnType::Empty => None,
        _ => Some(("use it anyway", Role::Feature)),
    };
    let button = move || {
        let choose = choose.clone();
        other().map(|(word, role)| {
            view! {
                <button class="link" on:click=move |_| choose(role)>
                    {word}
                </button>
            }
        })
    };
    let kind = words::type_key(profile.kind);
    let share = f64::from(profile.n_missing) / f64::from(n_rows.max(1));
    let missing = match profile.n_missing {
        0 => "0".to_owned(),
        n => format!("{} · {}", format::count(u64::from(n)), words::percent(share)),
    };
    let spread = spark(&table.profile.columns[index as usize], n_rows);
    view! {
        <div
            class="column" role="row" data-testid="column" data-index=index.to_string()
            data-name=name.clone() data-type=kind data-role=move || words::role_key(role.get())
            data-missing=profile.n_missing.to_string() data-distinct=profile.n_distinct.to_string()
            class:is-aside=move || role.get() != Role::Feature
            class:is-open=move || opened.get() == Some(index)
        >
            <span class="num soft" role="cell">{index}</span>
            <span class="ellipsis" role="rowheader">
                <button
                    class="column__name" title=name.clone()
                    on:click=move |_| opened.set(Some(index))
                >
                    {name.clone()}
                </button>
            </span>
            <span role="cell">
                <select
                    class="input input--plain" data-testid="column-type" disabled=true
                    aria-label=format!("Type of {name}")
                >
                    <option value=kind selected=true>{kind}</option>
                </select>
            </span>
            <span class="column__role" role="cell">
                <select
                    class="input" data-testid="column-role" aria-label=format!("Role of {name}")
                    on:change:target=move |event| {
                        if let Some(role) = words::role_of_key(&event.target().value()) {
                            select(role);
                        }
                    }
                >
                    {options}
                </select>
                <span class="column__why">{why} " " {button}</span>
            </span>
            <span class="num" role="cell" class:soft=profile.n_missing == 0>{missing}</span>
            <span class="num" role="cell">{format::count(u64::from(profile.n_distinct))}</span>
            <span class="column__spread" role="cell">{spread}</span>
        </div>
    }
}
