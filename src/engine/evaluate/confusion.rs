//! Which class was taken for which.

use serde::{Deserialize, Serialize};

use super::{
    binary::Counts,
    figure::{Figure, Undefined, share},
};

/// Rows by true and by predicted class.
///
/// Classes that training never saw are one class more, which no row is ever predicted to be: so
/// such rows are wrong in every figure, as they are. Counts are integers, and matrices of parts of
/// a table may be [merged](Self::merge) in any order.
///
/// # Examples
///
/// ```
/// use isoscope_engine::evaluate::Confusion;
///
/// // The last row is of a class that the model does not know.
/// let confusion = Confusion::of(2, &[0, 0, 1, 1, 2], &[0, 0, 1, 0, 1]);
/// assert_eq!((confusion.count(1, 0), confusion.n_unseen()), (1, 1));
/// assert_eq!(confusion.accuracy(), Ok(0.6));
/// assert_eq!(confusion.against_rest(1).precision(), Ok(0.5));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confusion {
    n_classes: u8,
    /// `cells[truth · n_classes + predicted]`, the classes never seen behind all others.
    cells: Vec<u64>,
}

/// How much a class counts in a mean over classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Weight {
    /// As much as any: the macro mean.
    Equal,
    /// As much as it has rows: the weighted mean.
    Support,
}

/// A mean over classes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Mean {
    /// The mean.
    pub figure: Figure,
    /// The classes it goes over: those in the truth or among the predictions.
    pub n_classes: u32,
    /// Those of them whose figure is undefined, and counts 0 here.
    pub n_undefined: u32,
}

impl Confusion {
    /// Counts rows: the class of each, and the class it was predicted to be.
    ///
    /// Classes are 0 to `n_classes` − 1; any other in `truth` is one that training never saw.
    ///
    /// # Panics
    ///
    /// If there are not as many predictions as rows, or one is no class.
    pub fn of(n_classes: u8, truth: &[u8], predicted: &[u8]) -> Self {
        assert_eq!(truth.len(), predicted.len(), "a prediction per row");
        let k = usize::from(n_classes);
        let mut cells = vec![0; (k + 1) * k];
        for (&truth, &predicted) in truth.iter().zip(predicted) {
            assert!(predicted < n_classes, "{n_classes} classes can be predicted");
            cells[usize::from(truth.min(n_classes)) * k + usize::from(predicted)] += 1;
        }
        Self { n_classes, cells }
    }

    /// A matrix of known counts, row by row: a row per true class and one for those never seen, each
    /// of a count per predicted class.
    ///
    /// # Panics
    ///
    /// Unless there are (`n_classes` + 1) × `n_classes` counts.
    pub fn from_cells(n_classes: u8, cells: Vec<u64>) -> Self {
        let k = usize::from(n_classes);
        assert_eq!(cells.len(), (k + 1) * k, "a count per cell");
        Self { n_classes, cells }
    }

    /// Adds the rows of another part of the table.
    ///
    /// # Panics
    ///
    /// If that part has other classes.
    pub fn merge(&mut self, other: &Self) {
        assert_eq!(self.n_classes, other.n_classes, "parts of one table have the same classes");
        for (sum, count) in self.cells.iter_mut().zip(&other.cells) {
            *sum += count;
        }
    }

    /// The classes that training saw.
    pub fn n_classes(&self) -> u8 {
        self.n_classes
    }

    /// All counts, as [`from_cells`](Self::from_cells) takes them.
    pub fn cells(&self) -> &[u64] {
        &self.cells
    }

    /// The rows of one class that were predicted to be another, or the same. `truth` may be
    /// [`n_classes`](Self::n_classes): the rows of classes never seen.
    ///
    /// # Panics
    ///
    /// If there is no such class.
    pub fn count(&self, truth: u8, predicted: u8) -> u64 {
        self.row(truth)[usize::from(predicted)]
    }

    /// All rows.
    pub fn n_rows(&self) -> u64 {
        self.cells.iter().sum()
    }

    /// The rows of a class; of those never seen, if `truth` is [`n_classes`](Self::n_classes).
    ///
    /// # Panics
    ///
    /// If there is no such class.
    pub fn support(&self, truth: u8) -> u64 {
        self.row(truth).iter().sum()
    }

    /// The rows of classes that training never saw.
    pub fn n_unseen(&self) -> u64 {
        self.support(self.n_classes)
    }

    /// The rows that were predicted to be of a class; none are of those never seen.
    pub fn n_predicted(&self, class: u8) -> u64 {
        if class >= self.n_classes {
            return 0;
        }
        self.cells.iter().skip(class.into()).step_by(self.n_classes.into()).sum()
    }

    /// One class against the rest: its precision, recall, F and so on. `class` may be
    /// [`n_classes`](Self::n_classes): the classes never seen.
    ///
    /// # Panics
    ///
    /// If there is no such class.
    pub fn against_rest(&self, class: u8) -> Counts {
        self.of_class(class, self.n_rows())
    }

    /// The share of rows that were predicted to be what they are; also the micro mean of precision,
    /// recall and F₁, as each row has one class and one prediction.
    ///
    /// # Errors
    ///
    /// [`NoRows`](Undefined::NoRows).
    pub fn accuracy(&self) -> Figure {
        share(self.n_right(), self.n_rows(), Undefined::NoRows)
    }

    /// The mean recall of the classes in the truth; 1 over their number is chance.
    ///
    /// # Errors
    ///
    /// [`NoRows`](Undefined::NoRows), [`OneClass`](Undefined::OneClass).
    pub fn balanced_accuracy(&self) -> Figure {
        let (mut sum, mut n_present) = (0.0, 0_u32);
        for class in 0..=self.n_classes {
            let recall = share(self.hits(class), self.support(class), Undefined::NoPositives);
            if let Ok(recall) = recall {
                sum += recall;
                n_present += 1;
            }
        }
        match n_present {
            0 => Err(Undefined::NoRows),
            1 => Err(Undefined::OneClass),
            _ => Ok(sum / f64::from(n_present)),
        }
    }

    /// `R_K`, the correlation of truth and prediction over all classes, at most 1; 0 is chance. For two
    /// classes it is Matthews' coefficient.
    ///
    /// # Errors
    ///
    /// What does not vary has no correlation: [`NoRows`](Undefined::NoRows),
    /// [`OneClass`](Undefined::OneClass), [`OnePrediction`](Undefined::OnePrediction).
    ///
    /// # References
    ///
    /// J. Gorodkin, *Comparing two K-category assignments by a K-category correlation coefficient*,
    /// Computational Biology and Chemistry 28, 2004, eq. 8.
    pub fn mcc(&self) -> Figure {
        let square = |n: u64| i128::from(n) * i128::from(n);
        let n = self.n_rows();
        let mut covariance = i128::from(n) * i128::from(self.n_right());
        let (mut of_truth, mut of_predicted) = (square(n), square(n));
        for class in 0..=self.n_classes {
            let (truth, predicted) = (self.support(class), self.n_predicted(class));
            covariance -= i128::from(truth) * i128::from(predicted);
            of_truth -= square(truth);
            of_predicted -= square(predicted);
        }
        match (n, of_truth, of_predicted) {
            (0, ..) => Err(Undefined::NoRows),
            (_, 0, _) => Err(Undefined::OneClass),
            (.., 0) => Err(Undefined::OnePrediction),
            _ => Ok(covariance as f64 / (of_truth as f64 * of_predicted as f64).sqrt()),
        }
    }

    /// The mean of a figure over the classes in the truth or among the predictions, such as
    /// `mean(Counts::f1, Weight::Equal)`: macro F₁ as the mean of F₁s.
    ///
    /// Undefined figures count 0, and it is told how many did. The mean itself is undefined where
    /// there are [no rows](Undefined::NoRows).
    pub fn mean(&self, figure: fn(&Counts) -> Figure, weight: Weight) -> Mean {
        let n_rows = self.n_rows();
        let (mut sum, mut whole) = (0.0, 0.0);
        let (mut n_classes, mut n_undefined) = (0, 0);
        for class in 0..=self.n_classes {
            let counts = self.of_class(class, n_rows);
            if counts.n_positives() + counts.n_flagged() == 0 {
                continue;
            }
            let figure = figure(&counts);
            let weight = match weight {
                Weight::Equal => 1.0,
                Weight::Support => counts.n_positives() as f64,
            };
            sum += weight * figure.unwrap_or(0.0);
            whole += weight;
            n_classes += 1;
            n_undefined += u32::from(figure.is_err());
        }
        let figure = if n_classes == 0 { Err(Undefined::NoRows) } else { Ok(sum / whole) };
        Mean { figure, n_classes, n_undefined }
    }

    /// A class against the rest of `n_rows`, which are all; to sum them per class would take long.
    fn of_class(&self, class: u8, n_rows: u64) -> Counts {
        let true_positives = self.hits(class);
        let false_positives = self.n_predicted(class) - true_positives;
        let false_negatives = self.support(class) - true_positives;
        let true_negatives = n_rows - true_positives - false_positives - false_negatives;
        Counts { true_positives, false_positives, false_negatives, true_negatives }
    }

    fn row(&self, truth: u8) -> &[u64] {
        let k = usize::from(self.n_classes);
        &self.cells[usize::from(truth) * k..][..k]
    }

    /// The rows of a class that were predicted to be of it.
    fn hits(&self, class: u8) -> u64 {
        if class < self.n_classes { self.count(class, class) } else { 0 }
    }

    fn n_right(&self) -> u64 {
        (0..self.n_classes).map(|class| self.hits(class)).sum()
    }
}
