//! Where a shard's rows stand along principal components.

use super::{
    message::{Answer, ProjectQuestion},
    shard::{Outcome, Shard},
};

/// Cells that are looked at between two looks at the mailbox.
const BLOCK: usize = 1 << 19;

/// Rows being put where they stand. The shard keeps those that are: whoever asks for the same at the
/// same time goes on with them, and they are gone with the scores.
#[derive(Debug)]
pub(super) struct Projecting {
    question: Box<ProjectQuestion>,
}

impl Projecting {
    pub(super) fn new(question: Box<ProjectQuestion>) -> Self {
        Self { question }
    }

    /// Projects a block of rows, or answers when all are.
    pub(super) fn step(&self, shard: &mut Shard) -> Outcome {
        let ProjectQuestion { components, columns, seed } = &*self.question;
        // Other scores may have been adopted since the question was asked, or since the last step.
        if shard.sights.columns != *columns || shard.sights.seed() != Some(*seed) {
            return Outcome::Ends(Answer::Projected(None));
        }
        let start = shard.sights.places.len();
        let end = shard.n_rows.min(start + (BLOCK / columns.len()).max(1));
        if start == end {
            let extents = [0, 1].map(|component| extent(&shard.sights.places, component));
            return Outcome::Ends(Answer::Projected(Some(extents)));
        }
        let views = shard.views(columns);
        let block: Vec<_> = views.iter().map(|column| column.slice(start..end)).collect();
        let mut places = vec![[0.0; 2]; end - start];
        components.project(&block, &mut places);
        // Half the memory; what is beyond 10³⁸ standard deviations stands there.
        let short = |place: f64| place.clamp(f32::MIN.into(), f32::MAX.into()) as f32;
        let kept = &mut shard.sights.places;
        // All at once: growing by doubling would hold up to twice as much in the end.
        kept.reserve_exact(shard.n_rows - start);
        kept.extend(places.into_iter().map(|place| place.map(short)));
        Outcome::GoesOn
    }
}

fn extent(places: &[[f32; 2]], component: usize) -> (f64, f64) {
    places.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), place| {
        let place = f64::from(place[component]);
        (low.min(place), high.max(place))
    })
}
