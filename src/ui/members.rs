//! Which file of an archive is meant.

use leptos::prelude::*;

use super::link::Link;
use super::session::Session;
use crate::chart::format;
use crate::protocol::Member;

/// Asks which member of an archive to read, while that is open.
#[component]
pub fn Members() -> impl IntoView {
    let session = expect_context::<Session>();
    move || session.members.get().map(|members| view! { <Question members /> })
}

#[component]
fn Question(members: Vec<Member>) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let n_members = members.len();
    let member = |member: Member| {
        let Member { name, n_bytes, .. } = member;
        let (shown, chosen) = (name.clone(), name.clone());
        view! {
            <li>
                <button
                    class="quiet members__one" data-testid="member" data-name=name
                    data-value=n_bytes.to_string()
                    on:click=move |_| link.choose_member(&chosen)
                >
                    <span class="ellipsis">{shown}</span>
                    <span class="num">{format::bytes(n_bytes)}</span>
                </button>
            </li>
        }
    };
    view! {
        <div class="toast members" role="dialog" data-testid="members" aria-label="Files in the archive">
            <p>{format!("The archive holds {n_members} files. Which is the table?")}</p>
            <button
                class="toast__close" aria-label="None of them"
                on:click=move |_| session.members.set(None)
            >
                "×"
            </button>
            <ul class="members__list">{members.into_iter().map(member).collect_view()}</ul>
        </div>
    }
    .into_any()
}
