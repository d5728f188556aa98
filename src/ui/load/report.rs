//! How the file was read: what was recognised beside what was repaired, or how it would be read.

use std::sync::Arc;

use leptos::prelude::*;

use super::drafted::Drafted;
use super::recognised::Recognised;
use super::repairs::Repairs;
use crate::protocol::Loaded;
use crate::ui::session::Session;

/// What was recognised, and the repairs.
#[component]
pub fn Report(
    /// The table that was read.
    table: Arc<Loaded>,
    /// Whether a person may say otherwise: a sample is what it is.
    #[prop(into)]
    is_file: Signal<bool>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let repairs = table.clone();
    // What is said on the left is seen on the right at once.
    let beside = move || {
        if session.is_drafting.get() {
            view! { <Drafted /> }.into_any()
        } else {
            view! { <Repairs table=repairs.clone() is_file /> }.into_any()
        }
    };
    view! {
        <div class="pair pair--report">
            <Recognised table is_file />
            {beside}
        </div>
    }
}
