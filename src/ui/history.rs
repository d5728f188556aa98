//! The address and the browser's history: the recipe stands in the address, and stages are steps back and
//! forward.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::outside::AtRest;
use super::recipe::Recipe;
use super::session::Session;
use super::stage::Stage;

/// What marks the entries of the history that are steps of this page. An entry without it is an address that a
/// person gave, by hand or by a link.
const STEP: &str = "isoscope";

/// The recipe of the address, and what in it could not be understood.
pub fn told() -> (Recipe, Vec<String>) {
    Recipe::parse(&hash())
}

/// Tells a person what of an address means nothing.
pub fn remark_on(session: Session, strange: &[String]) {
    if !strange.is_empty() {
        let parts = strange.join(", ");
        session.refuse(format!("The address says what this page does not know: {parts}."));
    }
}

/// The entry that the history stands at.
#[derive(Debug, Clone, Default, PartialEq)]
struct Entry {
    stage: Stage,
    recipe: String,
}

/// What becomes of the history.
#[derive(Debug, PartialEq)]
enum Write {
    /// Its entry says another thing.
    Replace,
    /// An entry comes after it.
    Push,
}

impl Entry {
    fn of(recipe: &Recipe) -> Self {
        Self { stage: recipe.stage, recipe: recipe.format() }
    }

    /// How this comes to stand where another one stood: a stage is a step, every other setting is none.
    fn after(&self, last: &Self) -> Option<Write> {
        if self.stage != last.stage {
            return Some(Write::Push);
        }
        (self.recipe != last.recipe).then_some(Write::Replace)
    }
}

/// Keeps the recipe in the address, and takes it from there when a person changes it. Back and Forward go from
/// stage to stage, and change nothing else.
pub fn keep(session: Session) {
    // A drag changes the recipe at every frame; browsers limit how often an address may change.
    let at_rest = AtRest::after(Duration::from_millis(250));
    let (recipe, _) = told();
    let standing = StoredValue::new(Entry { stage: recipe.stage, recipe: hash() });
    mark();
    let write = move |next: Entry| {
        match standing.with_value(|last| next.after(last)) {
            None => return,
            Some(Write::Push) => push(&next.recipe),
            Some(Write::Replace) => replace(&next.recipe),
        }
        standing.set_value(next);
    };
    Effect::new(move |_| {
        let next = Entry::of(&session.recipe());
        if standing.with_value(|last| last.stage != next.stage) {
            write(next.clone());
        }
        at_rest.run(move || write(next));
    });
    let arrive = move || {
        let is_step = is_step();
        mark();
        // Browsers tell of one arrival once or twice.
        if standing.with_value(|last| last.recipe == hash()) {
            return;
        }
        let (recipe, strange) = told();
        standing.set_value(Entry { stage: recipe.stage, recipe: hash() });
        if is_step {
            session.stage.set(recipe.stage);
        } else {
            remark_on(session, &strange);
            session.restore(&recipe);
        }
    };
    drop(window_event_listener(ev::popstate, move |_| arrive()));
    drop(window_event_listener(ev::hashchange, move |_| arrive()));
}

fn hash() -> String {
    let hash = window().location().hash().unwrap_or_default();
    hash.trim_start_matches('#').to_owned()
}

fn is_step() -> bool {
    let state = window().history().and_then(|history| history.state());
    state.is_ok_and(|state| state.as_string().as_deref() == Some(STEP))
}

/// Marks the entry that the history stands at as a step.
fn mark() {
    if !is_step() {
        replace(&hash());
    }
}

fn replace(recipe: &str) {
    let replaced = window().history().and_then(|history| {
        history.replace_state_with_url(&JsValue::from_str(STEP), "", Some(&address(recipe)))
    });
    if let Err(error) = replaced {
        leptos::logging::warn!("the address stays as it is: {error:?}");
    }
}

fn push(recipe: &str) {
    let pushed = window().history().and_then(|history| {
        history.push_state_with_url(&JsValue::from_str(STEP), "", Some(&address(recipe)))
    });
    // Browsers allow so many in half a minute. An entry made thus is marked once the page hears of it.
    if pushed.is_err()
        && let Err(error) = window().location().set_hash(recipe)
    {
        leptos::logging::warn!("the address stays as it is: {error:?}");
    }
}

/// What the recipe is in an address; an empty one takes the `#` away.
fn address(recipe: &str) -> String {
    if recipe.is_empty() {
        window().location().pathname().unwrap_or_default()
            + &window().location().search().unwrap_or_default()
    } else {
        format!("#{recipe}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::session::tests::with_table;

    #[test]
    fn a_stage_is_a_step_and_another_setting_is_none() {
        Owner::new().with(|| {
            let session = with_table();
            let entry = || Entry::of(&session.recipe());
            let start = entry();
            assert_eq!(entry().after(&start), None);
            session.params.update(|params| params.seed = 9);
            assert_eq!(entry().after(&start), Some(Write::Replace));
            session.stage.set(Stage::Detect);
            let detect = entry();
            assert_eq!(detect.after(&start), Some(Write::Push));
            assert_eq!(detect.recipe, "stage=detect&seed=9");
            // Back: the stage is that of the entry; what was set since stays, and comes into it.
            session.stage.set(start.stage);
            assert_eq!(entry().after(&start), Some(Write::Replace));
            assert_eq!(entry().recipe, "seed=9");
        });
    }
}
