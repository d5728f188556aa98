//! Scoring rows by a grown forest.

use super::{Explanation, Forest, HalfPaths, Judged, TopReasons, model::Model, pass::Pass};
use crate::matrix::Codes;

/// A forest made ready to score and explain rows: tables built once, then many chunks of rows.
#[derive(Debug, Clone)]
pub struct Scorer {
    model: Model,
    scores: Pass<f64>,
    reasons: Pass<TopReasons>,
    halves: Pass<HalfPaths>,
}

impl Scorer {
    /// Prepares a forest.
    pub fn new(forest: &Forest) -> Self {
        Self::of(Model::new(forest))
    }

    /// Prepares a forest that has learnt from what a person said about some rows.
    ///
    /// Rows like those called benign score lower, rows like those called real higher: the path of
    /// every leaf that a judged row reaches is moved, and paths, steps and reasons are of those
    /// moved ones. No benign row scores higher than before, and no real one lower. Only the set of
    /// verdicts counts, neither their order nor how often they are said; without any, everything
    /// is as with [`new`](Self::new), to the bit.
    ///
    /// Takes milliseconds for some hundred verdicts, and then as long per row as before.
    ///
    /// # Panics
    ///
    /// Unless every judged row holds a code per feature.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope_engine::forest::{ForestParams, Grower, Judged, Samples, Scorer, Verdict};
    /// use isoscope_engine::matrix::Feature;
    /// use ndarray::Array2;
    ///
    /// // Ninety-nine ones and a nine.
    /// let features = [Feature::ranked(vec![1.0, 9.0])];
    /// let samples = Samples::draw(ForestParams::default(), 100)?;
    /// let sample = Array2::from_shape_fn((100, 1), |(row, _)| u16::from(row == 42));
    /// let forest = Grower::new(&samples, &features, sample.view())?.finish();
    /// assert!(Scorer::new(&forest).explain(&[1]).score > 0.9);
    ///
    /// let judged = [Judged { codes: vec![1], verdict: Verdict::Benign }];
    /// let scorer = Scorer::with_verdicts(&forest, &judged);
    /// assert!(scorer.explain(&[1]).score < 0.6);
    /// assert_eq!(scorer.explain(&[0]).score, Scorer::new(&forest).explain(&[0]).score);
    /// # Ok::<(), isoscope_engine::forest::FitError>(())
    /// ```
    ///
    /// # References
    ///
    /// M. A. Siddiqui et al., *Feedback-Guided Anomaly Discovery via Online Optimization*, KDD
    /// 2018, and S. Das et al., *Incorporating Feedback into Tree-based Anomaly Detection*, 2017.
    pub fn with_verdicts(forest: &Forest, judged: &[Judged]) -> Self {
        let mut model = Model::new(forest);
        model.learn(judged);
        Self::of(model)
    }

    fn of(model: Model) -> Self {
        let (scores, reasons, halves) = (pass(&model), pass(&model), pass(&model));
        Self { model, scores, reasons, halves }
    }

    pub(super) fn model(&self) -> &Model {
        &self.model
    }

    /// The same, but every row is scored anew, even if it was met before: results are the same.
    #[must_use]
    pub fn without_memo(mut self) -> Self {
        let n_features = self.model.missing().len();
        self.scores = self.scores.without_memo(n_features);
        self.reasons = self.reasons.without_memo(n_features);
        self.halves = self.halves.without_memo(n_features);
        self
    }

    /// Frees the memory of rows met before; needed only when a job is over.
    pub fn forget(&mut self) {
        (self.scores, self.reasons) = (pass(&self.model), pass(&self.model));
        self.halves = pass(&self.model);
    }

    /// Writes s of some rows, in (0, 1], high is odd, to `scores`.
    ///
    /// `columns[feature]` holds the rows' codes; any cutting of a table into chunks gives the same
    /// bits. Chunks of some thousand rows are fastest.
    ///
    /// # Panics
    ///
    /// Unless there is a column per feature, each as long as `scores`.
    pub fn scores(&mut self, columns: &[Codes<'_>], scores: &mut [f64]) {
        self.scores.run(&self.model, self.model.missing(), columns, scores, Model::scores);
    }

    /// Writes the features that made each of some rows odd, strongest first, to `reasons`.
    ///
    /// As [`scores`](Self::scores), but takes nearly twice as long.
    ///
    /// # Panics
    ///
    /// Unless there is a column per feature, each as long as `reasons`.
    pub fn reasons(&mut self, columns: &[Codes<'_>], reasons: &mut [TopReasons]) {
        self.reasons.run(&self.model, self.model.missing(), columns, reasons, Model::reasons);
    }

    /// Writes the paths of some rows in ten half-forests to `paths`: how their ranks differ tells how
    /// far a rank hangs on which trees there happen to be.
    ///
    /// The trees are dealt into ten tenths, and each half is five of them, by a fixed design in which
    /// every tenth counts alike. Leaves that verdicts have moved are moved in the halves, too.
    ///
    /// As [`scores`](Self::scores), and takes as long.
    ///
    /// # Panics
    ///
    /// Unless there is a column per feature, each as long as `paths`.
    pub fn half_paths(&mut self, columns: &[Codes<'_>], paths: &mut [HalfPaths]) {
        self.halves.run(&self.model, self.model.missing(), columns, paths, Model::half_paths);
    }

    /// Returns everything about one row: its path, and how far each feature moved it.
    ///
    /// # Panics
    ///
    /// Unless `codes` holds a code per feature.
    pub fn explain(&self, codes: &[u16]) -> Explanation {
        self.model.explain(codes)
    }

    /// The mean path over the trees' roots, where every row starts.
    pub fn expected_path(&self) -> f64 {
        self.model.expected_path
    }

    /// c(ψ), the yardstick of the score, as the scores use it: rounded by less than 10⁻⁹.
    pub fn average_path(&self) -> f64 {
        self.model.average_path
    }
}

fn pass<T: Copy + Default>(model: &Model) -> Pass<T> {
    Pass::new(model.missing().len(), model.stride)
}
