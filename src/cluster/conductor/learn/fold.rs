//! A fold of a lesson, as baselines learn it.

use super::{
    super::{
        super::{JobError, bulk::Bulk},
        Shards, Table,
        codes::codes,
    },
    leaks::tallies_of,
    lesson::Lesson,
};
use crate::engine::{
    baselines::{Bayes, Design, Rows, draw},
    boost::Use,
    evaluate::Part,
};

/// Of all draws of a seed, that of the rows that are learnt from.
const ROWS: u64 = u64::MAX;

/// What each row of a lesson is there for.
pub(super) struct Fold {
    pub(super) uses: Vec<Use>,
    /// The rows to judge by, by place.
    pub(super) test: Vec<usize>,
    /// Empty where all classes weigh alike.
    pub(super) class_weights: Vec<f64>,
    pub(super) seed: u64,
}

impl Fold {
    /// The rows to learn from, by place.
    pub(super) fn train(&self) -> Vec<usize> {
        (0..self.uses.len()).filter(|&place| self.uses[place] == Use::Train).collect()
    }

    /// How much rows of each class weigh, 1 on the mean of all rows.
    pub(super) fn mean_weights(&self, lesson: &Lesson) -> Vec<f64> {
        let n_classes = usize::from(lesson.n_classes);
        if self.class_weights.is_empty() {
            return vec![1.0; n_classes];
        }
        let train = self.train();
        let weight = |&place: &usize| self.class_weights[usize::from(lesson.classes[place])];
        let mean = train.iter().map(weight).sum::<f64>() / train.len() as f64;
        self.class_weights.iter().map(|weight| weight / mean).collect()
    }

    /// The rows to learn from: drawn, where there are more than can be looked at.
    pub(super) async fn rows<S: Shards>(
        &self,
        shards: &mut S,
        table: &Table,
        lesson: &Lesson,
    ) -> Result<Rows, JobError> {
        let part = |of: &Use| if *of == Use::Train { Part::Train } else { Part::Test };
        let parts: Vec<Part> = self.uses.iter().map(part).collect();
        let tallies = tallies_of(shards, table, lesson, &parts, Part::Train).await?;
        let class_weights = self.mean_weights(lesson);
        let design = Design::of(&lesson.features, &tallies, class_weights.len());
        let bayes = Bayes::of(&design, &tallies, &class_weights);
        let train = self.train();
        let n_train = train.len() as u32;
        let most = Rows::most(&design, lesson.n_classes.into());
        let drawn = draw(most, n_train, self.seed, ROWS);
        let places: Vec<usize> = drawn.iter().map(|&nth| train[nth as usize]).collect();
        let rows: Vec<u32> = places.iter().map(|&place| lesson.rows[place]).collect();
        Ok(Rows {
            codes: Bulk(codes(shards, table, &rows, &lesson.columns).await?),
            classes: Bulk(places.iter().map(|&place| lesson.classes[place]).collect()),
            design,
            bayes,
            class_weights,
            n_train,
            seed: self.seed,
        })
    }
}
