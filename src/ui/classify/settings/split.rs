//! How rows are parted into those to learn from and those to judge by.

use leptos::prelude::*;
use web_sys::HtmlSelectElement;

use crate::protocol::{Profile, Role};
use crate::ui::choosers::Choosers;
use crate::ui::lesson::{SplitKind, files, groups};
use crate::ui::link::Link;
use crate::ui::number::{Number, narrow};
use crate::ui::select::Select;
use crate::ui::session::Session;

/// How rows are parted.
#[component]
pub fn Split() -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let choosers = expect_context::<Choosers>();
    let lesson = session.lesson;
    let kind = Memo::new(move |_| lesson.with(|lesson| lesson.split));
    let of = move |names: fn(Session, &Profile) -> Vec<String>| {
        Memo::new(move |_| {
            session.table.with(|table| {
                table.as_ref().map_or(Vec::new(), |table| names(session, &table.profile))
            })
        })
    };
    let files = of(|_, profile| files(profile));
    let groups = of(groups);
    let has_time = move || session.column_of(Role::Time).is_some();
    let choose = move |select: HtmlSelectElement| {
        let word = select.value();
        let chosen = SplitKind::ALL.into_iter().find(|(_, there, _)| *there == word);
        let Some((chosen, ..)) = chosen else { return };
        lesson.update(|lesson| (lesson.split, lesson.by) = (chosen, None));
    };
    let options = SplitKind::ALL.map(|(of, word, name)| {
        let is_off = move || match of {
            SplitKind::Time => !has_time(),
            SplitKind::Group => groups.with(Vec::is_empty),
            SplitKind::File => session.table.with(|_| !link.is_file()),
            SplitKind::Random | SplitKind::Folds => false,
        };
        let name = move || match of {
            SplitKind::File if files.with(Vec::is_empty) => "by another file …",
            _ => name,
        };
        view! {
            <option value=word prop:selected=move || kind.get() == of disabled=is_off>{name}</option>
        }
    });
    let more = move || match kind.get() {
        SplitKind::Random | SplitKind::Time => share(),
        SplitKind::Group => view! { {by(groups, "classify-group", "groups")} {share()} }.into_any(),
        SplitKind::Folds => folds(),
        // A chooser of files opens by a press alone: arrow keys go through the entries of a closed list.
        SplitKind::File if files.with(Vec::is_empty) => view! {
            <button
                class="quiet quiet--small" type="button" data-testid="classify-choose-file"
                disabled=move || session.table.with(|_| !link.is_file())
                on:click=move |_| choosers.test.open()
            >
                "Choose file …"
            </button>
        }
        .into_any(),
        SplitKind::File => {
            // Where the file has no labels, rows of the others judge.
            let is_unjudged =
                move || session.trained.with(|it| it.as_ref().is_some_and(|it| it.is_unjudged()));
            view! { {by(files, "classify-file", "Judge by")} {move || is_unjudged().then(share)} }
                .into_any()
        }
    };
    view! {
        <Select
            id="classify-split" label="Split" on_change=choose
            hint="Which rows are kept away from training, to judge by. A random split flatters where rows come in bursts or repeat."
            options=options.collect_view().into_any()
        />
        {more}
    }
    .into_any()
}

/// What the rows are split by.
fn by(values: Memo<Vec<String>>, id: &'static str, label: &'static str) -> AnyView {
    let session = expect_context::<Session>();
    let lesson = session.lesson;
    let by = Memo::new(move |_| {
        session.table.with(|table| lesson.get().by_of(session, &table.as_ref()?.profile))
    });
    let option = move |value: String| {
        let is_on = {
            let value = value.clone();
            move || by.with(|by| by.as_ref() == Some(&value))
        };
        view! { <option value=value.clone() prop:selected=is_on>{value.clone()}</option> }
    };
    let options = move || values.get().into_iter().map(option).collect_view();
    let choose = move |select: HtmlSelectElement| {
        lesson.update(|lesson| lesson.by = Some(select.value()));
    };
    view! { <Select id label options=options.into_any() on_change=choose /> }.into_any()
}

/// The share of the rows that judge.
fn share() -> AnyView {
    let lesson = expect_context::<Session>().lesson;
    view! {
        <Number
            id="classify-share" label="Test %" hint="How many of 100 rows are kept to judge by."
            range=(1, 99) value=Signal::derive(move || u64::from(lesson.with(|l| l.share)))
            on_change=move |n| lesson.update(|lesson| lesson.share = narrow(n))
        />
    }
    .into_any()
}

/// How many parts the rows are split into.
fn folds() -> AnyView {
    let lesson = expect_context::<Session>().lesson;
    view! {
        <Number
            id="classify-folds" label="Folds" hint="Every row is judged once, by a model that learnt from all other folds."
            range=(2, 20) value=Signal::derive(move || u64::from(lesson.with(|l| l.folds)))
            on_change=move |n| lesson.update(|lesson| lesson.folds = narrow(n))
        />
    }
    .into_any()
}
