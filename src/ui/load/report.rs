//! How the file was read: what was recognised beside what was repaired.

use std::sync::Arc;

use leptos::prelude::*;

use super::recognised::Recognised;
use super::repairs::Repairs;
use crate::protocol::Loaded;

/// What was recognised, and the repairs.
#[component]
pub fn Report(
    /// The table that was read.
    table: Arc<Loaded>,
    /// Whether a person may say otherwise: a sample is what it is.
    #[prop(into)]
    is_file: Signal<bool>,
) -> impl IntoView {
    view! {
        <div class="pair pair--report">
            <Recognised table=table.clone() is_file />
            <Repairs table is_file />
        </div>
    }
}
