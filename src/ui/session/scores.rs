//! Scores come: what was answered about earlier ones is forgotten.

use std::sync::Arc;

use leptos::prelude::*;

use super::{REMEMBERED, Session};
use crate::protocol::{Eye, Found, arrange};
use crate::ui::cache::{Grids, RowCache};
use crate::ui::ledger::Ledger;
use crate::ui::triage;

impl Session {
    pub(super) fn detected(self, found: Found) {
        self.forget_answers();
        let row = self.fulfil(&found);
        self.selected_row.set(row.or_else(|| found.ranking.first().copied()));
        self.sights.set(Vec::new());
        // A map goes with the scores it was made of, and a box on it with the map.
        if self.lens.with_untracked(|lens| lens.within.is_some()) {
            self.lens.update(|lens| lens.within = None);
        }
        self.stand(found);
        self.rest();
    }

    /// What another eye sees: who looks at a row goes on to look at it.
    pub(super) fn looked(self, found: Found) {
        let row = self.selected_row.get_untracked();
        self.forget_answers();
        self.selected_row.set(self.fulfil(&found).or(row));
        self.stand(found);
        // It may have been one on the way to all of them.
        let wanted = self.eye.get_untracked();
        self.rest();
        self.eye.set(wanted);
    }

    /// New scores after a verdict: who looks at a row goes on to look at it, and the line stands where
    /// it was put.
    pub(super) fn judged(self, found: Found) {
        let threshold = self.threshold.get_untracked();
        let row = self.selected_row.get_untracked();
        let moved = self.found.with_untracked(|before| {
            let before = before.as_ref()?;
            let is_usual = threshold == triage::default_threshold(before);
            let usual = triage::default_threshold(&found);
            let now = if is_usual { usual } else { threshold };
            Some((now, triage::moved(before, threshold, &found, now)))
        });
        self.forget_answers();
        if let Some((threshold, moved)) = moved {
            self.threshold.set(threshold);
            self.judgements.moved.set(Some(moved));
        }
        self.selected_row.set(row);
        // The forest has learnt; what it sees now is asked for when it is wanted.
        self.sights.update(|sights| {
            sights.retain(|there| !matches!(there.eye, Eye::Forest | Eye::Consensus));
        });
        self.stand(found);
        self.rest();
    }

    /// Scores stand, beside those of other eyes.
    pub(super) fn stand(self, found: Found) {
        let found = Arc::new(found);
        self.sights.update(|sights| {
            sights.retain(|there| there.eye != found.eye);
            sights.push(found.clone());
            arrange(sights, |a, b| a.eye.cmp(&b.eye));
        });
        self.found.set(Some(found));
    }

    /// Forgets what was answered about earlier scores.
    pub(super) fn forget_answers(self) {
        self.ledger.update_value(Ledger::scores_changed);
        self.selected_row.set(None);
        self.reasons.set(RowCache::new(REMEMBERED));
        self.judgements.moved.set(None);
        self.because.set(Vec::new());
        self.cases.set(None);
        self.bands.set(RowCache::new(REMEMBERED));
        self.similar.set(None);
        self.drift.set(None);
        self.positions.set(None);
        self.entities.set(None);
        self.inspection.set(None);
        self.counterfactual.set(None);
        self.grids.set(Grids::default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Entities, EntitySpec, Event, JobId, Selection};
    use crate::ui::ledger::Topic;
    use crate::ui::session::Work;
    use crate::ui::session::tests::{detected, tell, with_table};

    #[test]
    fn who_takes_part_is_forgotten_with_the_scores() {
        Owner::new().with(|| {
            let entities = || {
                let spec = EntitySpec {
                    column: 0,
                    of: Selection::default(),
                    threshold: 0.6,
                    time: None,
                    most: 9,
                    from: 0,
                };
                let (n_entities, n_flagged, n_missing, n_missing_flagged) = (0, 0, 4, 1);
                let entities = vec![];
                Event::Entities(Box::new(Entities {
                    spec,
                    n_entities,
                    n_flagged,
                    n_missing,
                    n_missing_flagged,
                    entities,
                }))
            };
            let session = with_table();
            session.begin(JobId(2), Work::Detect);
            tell(session, 2, detected(&[0.7, 0.4, 0.7, 0.5]));
            session.asked(Topic::Entities, JobId(3));
            assert!(!session.may_ask(Topic::Entities));
            tell(session, 3, entities());
            assert!(session.may_ask(Topic::Entities) && session.entities.get().is_some());
            session.asked(Topic::Entities, JobId(4));
            session.begin(JobId(5), Work::Judge);
            tell(session, 5, detected(&[0.4, 0.4, 0.7, 0.5]));
            tell(session, 4, entities());
            assert!(session.may_ask(Topic::Entities) && session.entities.get().is_none());
        });
    }
}
