//! Which rows are listed, and in what order.

use std::sync::Arc;

use leptos::prelude::*;

use super::cases::rows_because;
use crate::protocol::{Found, arrange};
use crate::ui::classify::row::is_ordinary;
use crate::ui::session::Session;

/// The rows that are listed, by score.
#[derive(Clone)]
pub(super) enum Ranking {
    /// All.
    All(Arc<Found>),
    /// Those that pass the filters.
    Some(Arc<Vec<u32>>),
    /// The same by the margin of their votes.
    ByMargin(Arc<Vec<u32>>),
}

impl PartialEq for Ranking {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All(here), Self::All(there)) => Arc::ptr_eq(here, there),
            (Self::Some(here), Self::Some(there))
            | (Self::ByMargin(here), Self::ByMargin(there)) => here == there,
            _ => false,
        }
    }
}

impl Ranking {
    pub(super) fn of(found: &Arc<Found>, session: Session) -> Self {
        let ranking = Self::by_score(found, session);
        let Some(trained) = session.trained.get().filter(|_| session.by_margin.get()) else {
            return ranking;
        };
        let mut rows = ranking.rows().to_vec();
        let margin = |row: u32| trained.margins.get(row as usize).copied().unwrap_or(0.0);
        arrange(&mut rows, |&a, &b| margin(b).total_cmp(&margin(a)));
        Self::ByMargin(Arc::new(rows))
    }

    fn by_score(found: &Arc<Found>, session: Session) -> Self {
        let because = session.because.get();
        let passes = session.passes.get();
        let trained = session.trained.get().filter(|_| session.disagrees.get());
        let threshold = if trained.is_some() { session.threshold.get() } else { 0.0 };
        let may_list = |row: &u32| {
            passes.as_ref().is_none_or(|passes| passes.get(*row as usize) == Some(&true))
                && trained.as_ref().is_none_or(|trained| {
                    found.scores[*row as usize] >= threshold && is_ordinary(trained, *row)
                })
        };
        if !because.is_empty()
            && let Some(cases) = session.cases.get()
        {
            let mut rows = rows_because(&cases, &because, found);
            rows.retain(may_list);
            return Self::Some(Arc::new(rows));
        }
        if passes.is_none() && trained.is_none() {
            return Self::All(found.clone());
        }
        Self::Some(Arc::new(found.ranking.iter().copied().filter(may_list).collect()))
    }

    fn rows(&self) -> &[u32] {
        match self {
            Self::All(found) => &found.ranking,
            Self::Some(rows) | Self::ByMargin(rows) => rows,
        }
    }

    pub(super) fn title(&self) -> &'static str {
        if matches!(self, Self::ByMargin(_)) { "Rows by margin" } else { "Rows by score" }
    }

    /// How many of the rows score at least so much.
    pub(super) fn n_flagged(&self, found: &Found, threshold: f64) -> usize {
        let is_flagged = |row: &u32| found.scores[*row as usize] >= threshold;
        match self {
            Self::ByMargin(rows) => rows.iter().filter(|row| is_flagged(row)).count(),
            _ => self.rows().partition_point(is_flagged),
        }
    }

    /// Where a row stands.
    pub(super) fn position(&self, found: &Found, row: u32) -> Option<u32> {
        match self {
            Self::ByMargin(rows) => rows.iter().position(|&there| there == row).map(|at| at as u32),
            _ => position_of(found, self.rows(), row),
        }
    }

    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.rows().len()).unwrap_or(u32::MAX)
    }

    pub(super) fn row(&self, position: u32) -> Option<u32> {
        self.rows().get(position as usize).copied()
    }
}

/// Where a row stands among some that are sorted by score.
fn position_of(found: &Found, ranking: &[u32], row: u32) -> Option<u32> {
    let score = *found.scores.get(row as usize)?;
    let position = ranking.partition_point(|&other| {
        let other_score = found.scores[other as usize];
        other_score > score || (other_score == score && other < row)
    });
    let is_there = ranking.get(position) == Some(&row);
    u32::try_from(position).ok().filter(|_| is_there)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Event, JobId, Trained};
    use crate::ui::session::Work;
    use crate::ui::session::tests::{tell, trained, with_table};
    use crate::ui::triage::tests::found;

    #[test]
    fn rows_go_by_score_or_by_margin_and_where_eyes_and_model_disagree() {
        Owner::new().with(|| {
            let session = with_table();
            let found = Arc::new(found(&[0.9, 0.5, 0.8, 0.7], Some(0.6)));
            session.threshold.set(0.6);
            let listed = || Ranking::of(&found, session).rows().to_vec();
            session.by_margin.set(true);
            assert_eq!(listed(), [0, 2, 3, 1], "without a model by score");
            session.begin(JobId(2), Work::Train);
            let margins = vec![-0.5, 0.75, 0.25, -0.25].into();
            let model = Trained { margins, ..*trained([0, 1, 1, 0]) };
            tell(session, 2, Event::Trained(Box::new(model), vec![]));
            assert_eq!(listed(), [1, 2, 3, 0]);
            session.disagrees.set(true);
            assert_eq!(listed(), [3, 0], "flagged, and ordinary to the model");
            session.by_margin.set(false);
            assert_eq!(listed(), [0, 3]);
        });
    }

    #[test]
    fn every_row_is_found_where_it_stands() {
        let found = found(&[0.5, 0.9, 0.5, 0.1, 0.9], None);
        for (position, &row) in (0..).zip(found.ranking.iter()) {
            assert_eq!(position_of(&found, &found.ranking, row), Some(position));
        }
        assert_eq!(position_of(&found, &found.ranking, 5), None);
        assert_eq!(position_of(&found, &[1, 2, 3], 2), Some(1));
        assert_eq!(position_of(&found, &[1, 2, 3], 4), None);
    }
}
