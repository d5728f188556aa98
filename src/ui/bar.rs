//! The top bar: whose page it is, what is loaded, and that nothing leaves.

use leptos::prelude::*;

use super::session::Session;
use super::theme::{Choice, Theme};
use crate::chart::format;

/// Name, file, privacy, theme, help.
#[component]
pub fn Bar(
    /// How many requests the page has made since it stood.
    #[prop(into)]
    n_requests: Signal<u32>,
) -> impl IntoView {
    view! {
        <header class="bar">
            <span class="brand"><i aria-hidden="true"></i> "isoscope"</span>
            <FileChip />
            <span class="grow"></span>
            <button
                class="pill pill--safe" popovertarget="privacy"
                class:pill--broken=move || n_requests.get() != 0
            >
                "nothing leaves this tab"
                <span
                    class="pill__more" data-testid="requests-since-start"
                    data-value=move || n_requests.get().to_string()
                >
                    " · " {move || n_requests.get()}
                    {move || if n_requests.get() == 1 { " request" } else { " requests" }}
                </span>
            </button>
            <ThemeSwitch />
            <button class="pill pill--round" popovertarget="help" aria-label="Help">"?"</button>
        </header>
        <Privacy n_requests />
        <Help />
    }
}

/// The loaded table in a line.
#[component]
fn FileChip() -> impl IntoView {
    let session = expect_context::<Session>();
    move || {
        session.table.get().map(|table| {
            let profile = &table.profile;
            let end = |t: &crate::protocol::Timing| t.start + t.duration;
            let start = table.timings.iter().map(|t| t.start).reduce(f64::min);
            let end = table.timings.iter().map(end).reduce(f64::max);
            let seconds = start
                .zip(end)
                .map(|(start, end)| format!(" · {} s", format::fixed((end - start) / 1_000.0, 2)));
            view! {
                <span class="pill pill--file">
                    <b class="ellipsis">{table.name.clone()}</b>
                    <span class="pill__more">
                        " · "
                        <span data-testid="table-rows" data-value=profile.n_rows.to_string()>
                            {format::count(u64::from(profile.n_rows))}
                        </span>
                        " × "
                        <span data-testid="table-columns" data-value=profile.columns.len().to_string()>
                            {format::count(profile.columns.len() as u64)}
                        </span>
                        " · "
                        <span data-testid="table-bytes" data-value=profile.n_bytes.to_string()>
                            {format::bytes(profile.n_bytes)}
                        </span>
                        {seconds}
                    </span>
                </span>
            }
        })
    }
}

#[component]
fn ThemeSwitch() -> impl IntoView {
    let theme = expect_context::<Theme>();
    let sign = move || match theme.choice.get() {
        Choice::Auto => "◐",
        Choice::Light => "☀",
        Choice::Dark => "☾",
    };
    let label = move || match theme.choice.get() {
        Choice::Auto => "Theme: as the system has it",
        Choice::Light => "Theme: light",
        Choice::Dark => "Theme: dark",
    };
    view! {
        <button
            class="pill pill--round" aria-label=label title=label on:click=move |_| theme.switch()
        >
            {sign}
        </button>
    }
}

/// What is enforced, and how to check it.
#[component]
fn Privacy(#[prop(into)] n_requests: Signal<u32>) -> impl IntoView {
    view! {
        <div id="privacy" class="popover" popover="auto">
            <h2>"Nothing leaves this tab"</h2>
            <p>
                "There is no server behind this page. Your file is read, judged and exported by this tab \
                 and its workers."
            </p>
            <p>
                <b>"Enforced. "</b>
                "A Content-Security-Policy in the page forbids any connection but to the page's own \
                 files. Its workers are started so that the policy binds them too."
            </p>
            <p>
                <b>"Counted. "</b> "Requests of the page since it started: " <b>{n_requests}</b> "."
            </p>
            <p>
                <b>"Check it yourself. "</b>
                "Open the browser's tools (F12), watch Network, and use the page. Or pull the network \
                 cable: everything goes on working."
            </p>
        </div>
    }
}

/// Keys and words.
#[component]
fn Help() -> impl IntoView {
    let session = expect_context::<Session>();
    view! {
        <div id="help" class="popover" popover="auto">
            <h2>"Keys"</h2>
            <dl class="keys">
                <dt><kbd>"↑"</kbd> <kbd>"↓"</kbd> <kbd>"PgUp"</kbd> <kbd>"PgDn"</kbd></dt>
                <dd>"move through the rows of a list"</dd>
                <dt><kbd>"Home"</kbd> <kbd>"End"</kbd></dt>
                <dd>"first row, last row"</dd>
                <dt><kbd>"←"</kbd> <kbd>"→"</kbd></dt>
                <dd>"move the threshold, when its handle has the focus"</dd>
                <dt><kbd>"Ctrl"</kbd> <kbd>"V"</kbd></dt>
                <dd>"paste rows as a new table"</dd>
                <dt><kbd>"Esc"</kbd></dt>
                <dd>"close this"</dd>
            </dl>
            <h2>"Words"</h2>
            <dl class="keys">
                <dt>"score"</dt>
                <dd>"from 0 to 1; high is odd. Half is what an average row gets."</dd>
                <dt>"path"</dt>
                <dd>"how many random splits it takes until a row is alone. Odd rows are soon alone."</dd>
                <dt>"steps"</dt>
                <dd>"by how much a column makes that path shorter (−) or longer (+)."</dd>
                <dt>"flagged"</dt>
                <dd>"rows that score at or above the threshold."</dd>
            </dl>
            <p class="cap">
                "F. T. Liu, K. M. Ting, Z.-H. Zhou, Isolation Forest, ICDM 2008. "
                {move || words_for(session.n_shards.get())}
            </p>
        </div>
    }
}

fn words_for(n_shards: u32) -> String {
    match n_shards {
        0 => {
            "No worker could be started: this page computes by itself, in small slices.".to_owned()
        }
        1 => "One worker computes.".to_owned(),
        n => format!("{n} workers compute."),
    }
}
