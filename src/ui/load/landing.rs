//! What one sees before there is a file.

use leptos::prelude::*;

use crate::protocol::Sample;
use crate::ui::choosers::Choosers;
use crate::ui::link::{Link, Source};

/// The built-in samples with their names for checks.
const SAMPLES: [(Sample, &str); 3] = [
    (Sample::Office, "sample-office"),
    (Sample::Scan, "sample-scan"),
    (Sample::Rings, "sample-rings"),
];

/// One sentence, a place to drop a file, three samples.
#[component]
pub fn Landing(
    /// Whether a file hovers over the page.
    #[prop(into)]
    is_hovered: Signal<bool>,
) -> impl IntoView {
    let link = expect_context::<Link>();
    let choosers = expect_context::<Choosers>();
    let choose = move |_| choosers.table.open();
    let sample = move |(sample, id): (Sample, &'static str)| {
        view! {
            <button
                class="sample" data-testid=id
                on:click=move |_| link.load(Source::Sample(sample))
            >
                <SampleMark sample />
                <b>{sample.title()}</b>
                <span>{sample.description()}</span>
            </button>
        }
    };
    view! {
        <div class="landing">
            <header class="landing__head">
                <h1>"Find the odd rows in a table, and why they are odd."</h1>
                <p>
                    "Give isoscope a CSV of network connections, or of anything. It reads and judges \
                     every row right here: the file never leaves this tab."
                </p>
            </header>
            <button
                class="drop-zone" data-testid="drop-zone" class:is-hovered=is_hovered
                on:click=choose
            >
                <svg class="drop-zone__mark" viewBox="0 0 48 48" aria-hidden="true">
                    <path d="M8 30v8a3 3 0 0 0 3 3h26a3 3 0 0 0 3-3v-8" />
                    <path d="M24 7v23M15 21l9 9 9-9" />
                </svg>
                <b>"Drop a file anywhere on this page"</b>
                <span>"or click to choose one, or paste rows with "<kbd>"Ctrl"</kbd>" "<kbd>"V"</kbd></span>
                <span class="drop-zone__kinds">
                    "comma, semicolon, tab or pipe separated · with or without a header · any size"
                </span>
            </button>
            <section class="landing__samples" aria-label="Samples">
                <h2>"No file at hand? Three samples, made here from a seed"</h2>
                <div class="samples">{SAMPLES.map(sample).collect_view()}</div>
            </section>
        </div>
    }
}

/// A small picture of what a sample is like.
#[component]
fn SampleMark(sample: Sample) -> impl IntoView {
    let (calm, odd) = match sample {
        Sample::Office => (
            "M4 30C14 30 16 10 26 10S38 14 46 12 60 28 76 30",
            "M9 9h.01M34 26h.01M57 8h.01M68 17h.01",
        ),
        Sample::Scan => (
            "M6 28h.01M12 24h.01M18 29h.01M24 25h.01M30 28h.01M36 24h.01M42 29h.01M48 26h.01M54 28h.01M60 24h.01M66 28h.01M74 26h.01",
            "M20 15h.01M28 13h.01M36 11h.01M44 9h.01M52 7h.01M60 5h.01",
        ),
        Sample::Rings => {
            ("M40 5a13 13 0 1 0 .01 0M40 12a6 6 0 1 0 .01 0", "M12 10h.01M70 27h.01M62 5h.01")
        }
    };
    let is_dotted = sample == Sample::Scan;
    view! {
        <svg class="sample__mark" class:is-dotted=is_dotted viewBox="0 0 80 36" aria-hidden="true">
            <path class="sample__calm" d=calm />
            <path class="sample__odd" d=odd />
        </svg>
    }
}
