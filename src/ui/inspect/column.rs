//! One column in the list.

use std::sync::Arc;

use leptos::prelude::*;

use crate::chart::format;
use crate::protocol::{ColumnProfile, ColumnType, Loaded, Role, Settled};
use crate::ui::link::Link;
use crate::ui::plots::spread::spark;
use crate::ui::session::{Phase, Session};
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
    let profile = &table.profile.columns[index as usize];
    let name = profile.name.clone();
    let role = {
        let profile = profile.clone();
        Memo::new(move |_| session.role_of(&profile))
    };
    let kind = words::type_key(profile.kind);
    let about = words::about(profile);
    let n_missing = profile.n_missing;
    let share = f64::from(n_missing) / f64::from(n_rows.max(1));
    let missing = match n_missing {
        0 => "0".to_owned(),
        n => format!("{} · {}", format::count(u64::from(n)), words::percent(share)),
    };
    let n_distinct = profile.n_distinct;
    let spread = spark(profile, n_rows);
    view! {
        <div
            class="column" role="row" data-testid="column" data-index=index.to_string()
            data-name=name.clone() data-type=kind data-role=move || words::role_key(role.get())
            data-missing=n_missing.to_string() data-distinct=n_distinct.to_string()
            class:is-aside=move || role.get() != Role::Feature
            class:is-open=move || opened.get() == Some(index)
        >
            <span class="num soft" role="cell">{index}</span>
            <span class="ellipsis" role="rowheader">
                <button
                    class="column__name" data-help=about.clone() aria-description=about
                    on:click=move |_| opened.set(Some(index))
                >
                    {name.clone()}
                </button>
            </span>
            <ChosenType profile=profile.clone() />
            <ChosenRole index table role />
            <span class="num" role="cell" class:soft=n_missing == 0>{missing}</span>
            <span class="num" role="cell">{format::count(u64::from(n_distinct))}</span>
            <span class="column__spread" role="cell">{spread}</span>
        </div>
    }
}

/// The type, what settled it, and one click to undo.
#[component]
fn ChosenType(profile: ColumnProfile) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let (name, kind) = (profile.name.clone(), profile.kind);
    let is_idle = move || session.phase.get() == Phase::Idle;
    let choose = {
        let name = name.clone();
        move |kind: Option<ColumnType>| {
            session.say(|said| {
                match kind {
                    Some(kind) => said.types.insert(name.clone(), kind),
                    None => said.types.remove(&name),
                };
            });
            link.reload();
        }
    };
    let why = words::type_reason(&profile);
    let undo = (profile.reading.settled == Settled::Person).then(|| {
        let choose = choose.clone();
        view! {
            <button
                class="link" data-testid="column-type-undo" disabled=move || !is_idle()
                on:click=move |_| choose(None)
            >
                "undo"
            </button>
        }
    });
    // A column without a value, or of a type that nobody can choose, still says what it is.
    let own = (!words::TYPES.contains(&kind)).then(|| {
        view! { <option value=words::type_key(kind) selected=true>{words::type_key(kind)}</option> }
    });
    let options = words::TYPES
        .map(|option| {
            let key = words::type_key(option);
            view! { <option value=key selected=option == kind>{key}</option> }
        })
        .collect_view();
    view! {
        <span class="column__type" role="cell">
            <select
                class="input" data-testid="column-type" aria-label=format!("Type of {name}")
                title=why aria-description=why
                disabled=move || !is_idle() || kind == ColumnType::Empty
                on:change:target=move |event| choose(words::type_of_key(&event.target().value()))
            >
                {own} {options}
            </select>
            {undo}
        </span>
    }
    .into_any()
}

/// The role, why the column has it, and one click to undo.
#[component]
fn ChosenRole(index: u32, table: Arc<Loaded>, role: Memo<Role>) -> impl IntoView {
    let session = expect_context::<Session>();
    let profile = &table.profile.columns[index as usize];
    let (name, found, kind) = (profile.name.clone(), profile.role, profile.kind);
    let label = format!("Role of {name}");
    let choose = move |role: Role| {
        session.roles.update(|roles| {
            if role == found {
                roles.remove(&name);
            } else {
                roles.insert(name.clone(), role);
            }
        });
    };
    let options = words::ROLES
        .map(|option| {
            let key = words::role_key(option);
            view! { <option value=key selected=move || role.get() == option>{key}</option> }
        })
        .collect_view();
    let why = move || {
        if role.get() == found {
            let columns = &table.profile.columns;
            words::reason(&columns[index as usize].reason, columns)
        } else {
            format!("your choice; found as {}", words::role_key(found))
        }
    };
    // One click: back to what was found, or in with what was set aside.
    let other = move || match role.get() {
        now if now != found => Some(("undo", found)),
        Role::Feature => None,
        _ if kind == ColumnType::Empty => None,
        _ => Some(("use it anyway", Role::Feature)),
    };
    let button = {
        let choose = choose.clone();
        move || {
            let choose = choose.clone();
            other().map(|(word, role)| {
                view! { <button class="link" on:click=move |_| choose(role)>{word}</button> }
            })
        }
    };
    view! {
        <span class="column__role" role="cell">
            <select
                class="input" data-testid="column-role" aria-label=label
                on:change:target=move |event| {
                    if let Some(role) = words::role_of_key(&event.target().value()) {
                        choose(role);
                    }
                }
            >
                {options}
            </select>
            <span class="column__why">{why} " " {button}</span>
        </span>
    }
}
