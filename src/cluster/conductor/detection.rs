//! The scores that stand, and what they are about.

use std::{cell::OnceCell, rc::Rc};

use super::{
    super::{bulk::Bulk, findings::Found, view::Selection},
    map::Map,
};
use crate::engine::{
    evaluate::{proposal, ranking},
    eyes::{Eye, Model, Sight},
    forest::{ForestParams, Judged, Verdict},
};

/// What the last scoring left with the conductor.
#[derive(Debug, Clone)]
pub struct Detection {
    /// What the page was told last.
    pub found: Rc<Found>,
    /// What each eye that has looked at the rows makes of them; the forest at least.
    pub(super) seen: Vec<Seen>,
    /// Rows as chance would make them, column by column.
    pub(super) made_up: Rc<Vec<Vec<u16>>>,
    /// What the forest learns from.
    pub(super) judged: Rc<Vec<Judged>>,
    /// What is known of its map, once that was asked for.
    pub(super) map: Rc<OnceCell<Map>>,
}

/// What an eye makes of the rows.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) found: Rc<Found>,
    /// What it has learnt; `None` for all eyes together.
    pub(super) model: Option<Rc<Model>>,
}

impl Detection {
    /// What an eye makes of the rows, if it has looked.
    pub(super) fn of(&self, eye: Eye) -> Option<&Seen> {
        self.seen.iter().find(|seen| seen.found.eye == eye)
    }

    /// What scores and explains single rows here, as an eye does all; the forest does if no such
    /// eye has looked by itself.
    pub(super) fn sight(&self, eye: Eye) -> Sight {
        let model_of = |eye| self.of(eye).and_then(|seen| seen.model.as_deref());
        let model = model_of(eye).or_else(|| model_of(Eye::Forest));
        Sight::new(model.expect("the forest has looked"), &self.judged)
    }

    /// The eyes that have looked by themselves, but for the one that is shown.
    pub(super) fn others(&self) -> impl Iterator<Item = Eye> {
        let shown = self.found.eye;
        Eye::OWN.into_iter().filter(move |&eye| eye != shown && self.of(eye).is_some())
    }

    /// Takes in what an eye saw, for what it saw before.
    pub(super) fn take(&mut self, seen: Seen) {
        let eye = seen.found.eye;
        self.seen.retain(|there| there.found.eye != eye && there.found.eye != Eye::Consensus);
        self.seen.push(seen);
    }
}

/// What scores are about.
pub(super) struct Context {
    pub(super) features: Vec<u32>,
    pub(super) params: ForestParams,
    pub(super) grown_on: Selection,
    pub(super) n_grown_on: u32,
    pub(super) verdicts: Vec<(u32, Verdict)>,
}

impl Context {
    /// What other scores were about.
    pub(super) fn of(found: &Found) -> Self {
        Self {
            features: found.features.clone(),
            params: found.params,
            grown_on: found.grown_on.clone(),
            n_grown_on: found.n_grown_on,
            verdicts: found.verdicts.clone(),
        }
    }

    /// What an eye found, with the cut that its scores propose.
    pub(super) fn found(self, eye: Eye, scores: Vec<f64>, by_chance: Vec<f64>) -> Found {
        let ranking = ranking(&scores);
        let proposal = proposal(&scores, &ranking, &by_chance);
        let Self { features, params, grown_on, n_grown_on, verdicts } = self;
        Found {
            eye,
            scores: Bulk(scores),
            ranking: Bulk(ranking),
            by_chance: Bulk(by_chance),
            proposal,
            features,
            params,
            grown_on,
            n_grown_on,
            verdicts,
        }
    }
}
