//! Baselines against scikit-learn, against trying everything, and against what they promise.

use std::{cmp::Ordering, rc::Rc};

use isoscope::engine::{
    baselines::{Baseline, Bayes, Design, LearnError, LearntFrom, Rows, VOTE, learner},
    bulk::Bulk,
    matrix::Feature,
    random::{below, stream},
};

/// Rows of codes, and their classes.
struct Given {
    features: Vec<Feature>,
    codes: Vec<u16>,
    classes: Vec<u8>,
    n_classes: usize,
    class_weights: Vec<f64>,
}

impl Given {
    fn rows(&self) -> Rc<Rows> {
        let n_columns = self.features.len();
        let mut tallies = Vec::new();
        for (column, feature) in self.features.iter().enumerate() {
            let mut of = vec![0; (usize::from(feature.n_codes()) + 1) * self.n_classes];
            for (row, &class) in self.codes.chunks_exact(n_columns).zip(&self.classes) {
                of[usize::from(row[column]) * self.n_classes + usize::from(class)] += 1;
            }
            tallies.extend(of);
        }
        let design = Design::of(&self.features, &tallies, self.n_classes);
        let bayes = Bayes::of(&design, &tallies, &self.class_weights);
        Rc::new(Rows {
            design,
            bayes,
            codes: Bulk(self.codes.clone()),
            classes: Bulk(self.classes.clone()),
            class_weights: self.class_weights.clone(),
            n_train: self.classes.len() as u32,
            seed: 7,
        })
    }

    /// The votes of the first rows by a baseline that learnt from all.
    fn votes(&self, which: Baseline, n: usize) -> Vec<f64> {
        let rows = self.rows();
        let mut learner = learner(which, &rows).expect("it can learn");
        let mut n_steps = 0;
        while learner.step().expect("it can learn") < 1.0 {
            n_steps += 1;
            assert!(n_steps < 10_000, "it comes to an end");
        }
        let cells = rows.design.cells(&self.codes[..n * self.features.len()]);
        let mut votes = Vec::new();
        learner.votes(cells, &mut votes);
        votes.into_iter().map(|vote| vote as f64 / VOTE).collect()
    }
}

/// The table of this script, whose last lines make the numbers below:
///
/// ```python
/// X = np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9], float); X[6] = np.nan
/// Y = np.array([2, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4, 5, 9, 0, 4], float)
/// W = np.array(list("aabcabacbaabcba"))
/// X[6] = np.nanmedian(X)
/// scaled = lambda v: (v - v.mean()) / v.std()
/// rows = np.c_[scaled(X), scaled(Y), W == "a", W == "b", W == "c"].astype(float)
/// two = np.array([0, 0, 1, 0, 1, 1, 0, 1, 0, 1, 1, 0, 1, 1, 0])
/// three = np.array([0, 2, 1, 0, 1, 2, 0, 1, 0, 1, 2, 0, 1, 2, 0])
/// LogisticRegression(C=1, tol=1e-12, class_weight=w).fit(rows, c).decision_function(rows[:4])
/// GaussianNB().fit(rows, c).predict_joint_log_proba(rows[:4])
/// ```
fn small(n_classes: usize, is_balanced: bool) -> Given {
    const X: [u8; 15] = [3, 1, 4, 1, 5, 9, 0, 6, 5, 3, 5, 8, 9, 7, 9];
    const Y: [u8; 15] = [2, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4, 5, 9, 0, 4];
    const TWO: [u8; 15] = [0, 0, 1, 0, 1, 1, 0, 1, 0, 1, 1, 0, 1, 1, 0];
    const THREE: [u8; 15] = [0, 2, 1, 0, 1, 2, 0, 1, 0, 1, 2, 0, 1, 2, 0];
    let digits = |values: &[u8]| {
        let mut there: Vec<u8> = values.to_vec();
        there.sort_unstable();
        there.dedup();
        there
    };
    // The 0 in X stands for what is missing.
    let (xs, ys) = (digits(&X).split_off(1), digits(&Y));
    let mut codes = Vec::new();
    for (row, word) in b"aabcabacbaabcba".iter().enumerate() {
        let x = xs.iter().position(|&x| x == X[row]).unwrap_or(xs.len());
        let y = ys.iter().position(|&y| y == Y[row]).expect("it is there");
        codes.extend([x as u16, y as u16, u16::from(word - b'a')]);
    }
    let ranked = |values: &[u8]| Feature::ranked(values.iter().map(|&v| v.into()).collect());
    let classes = if n_classes == 2 { TWO } else { THREE };
    let weight = |class: u8| {
        let n: f64 = classes.iter().map(|&there| f64::from(u8::from(there == class))).sum();
        if is_balanced { 15.0 / n / n_classes as f64 } else { 1.0 }
    };
    Given {
        features: vec![ranked(&xs), ranked(&ys), Feature::unordered(3)],
        codes,
        classes: classes.to_vec(),
        n_classes,
        class_weights: (0..n_classes as u8).map(weight).collect(),
    }
}

#[track_caller]
fn assert_close(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found / expected - 1.0).abs() < tolerance, "{found} is not {expected}");
    }
}

#[test]
fn naive_bayes_is_scikit_learns() {
    let two = [-1.668_058_877_7, -2.443_108_379_5, 0.270_039_315_6, 0.300_792_308_9];
    assert_close(&small(2, false).votes(Baseline::Bayes, 4), &two, 1e-6);
    let three = [
        -8.220_283_434_1,
        -9.609_154_274_2,
        -3.363_068_740_9e-4,
        -9.146_712_320_8,
        -10.061_003_872,
        -1.492_938_814_8e-4,
        -9.030_125_119_1,
        -10.870_656_015,
        -1.387_650_343_2e-4,
        -2.135_410_106_5,
        -0.125_785_591_74,
        -4.999_999_901_8e8,
    ];
    // The last is of a word that no row of the class has: 1 over the smallest variance there is.
    assert_close(&small(3, false).votes(Baseline::Bayes, 4), &three, 2e-6);
}

#[test]
fn logistic_regression_is_scikit_learns() {
    let two = [-0.540_405_735_5, -0.532_165_451_5, -0.190_595_939_1, -0.159_836_648_4];
    assert_close(&small(2, false).votes(Baseline::Logistic, 4), &two, 1e-4);
    let balanced = [-0.674_026_352_8, -0.655_541_739_1, -0.326_847_167_7, -0.270_906_199_1];
    assert_close(&small(2, true).votes(Baseline::Logistic, 4), &balanced, 1e-4);
    let three = [
        -0.661_351_277_9,
        -1.364_262_742_5,
        -1.477_192_947_9,
        -1.070_212_047_2,
        -1.078_539_940_7,
        -1.148_940_286_6,
        -0.661_059_073_0,
        -1.565_341_048_7,
        -1.292_151_979_5,
        -1.119_685_040_5,
        -0.669_365_865_1,
        -1.822_728_592_5,
    ];
    assert_close(&small(3, false).votes(Baseline::Logistic, 4), &three, 1e-4);
    let balanced = [
        -0.812_765_146_7,
        -1.322_125_401_7,
        -1.238_556_666_8,
        -1.253_910_179_7,
        -1.107_622_831_9,
        -0.956_409_872_0,
    ];
    assert_close(&small(3, true).votes(Baseline::Logistic, 2), &balanced, 1e-4);
}

/// Rows of two numbers and a word, in three classes that they settle.
fn drawn(n_rows: usize) -> Given {
    let mut rng = stream(3, 0);
    let (mut codes, mut classes) = (Vec::new(), Vec::new());
    for _ in 0..n_rows {
        let [x, y, word] = [40, 30, 5].map(|n| below(&mut rng, n) as u16);
        codes.extend([x, y, word]);
        classes.push(if x > 25 { 2 } else { u8::from(y > 12 || word == 3) });
    }
    let ranked = |n: u16| Feature::ranked((0..n).map(f64::from).collect());
    Given {
        features: vec![ranked(40), ranked(30), Feature::unordered(5)],
        codes,
        classes,
        n_classes: 3,
        class_weights: vec![1.0; 3],
    }
}

#[test]
fn nearest_neighbours_are_those_that_comparing_all_finds() {
    let given = drawn(400);
    let votes = given.votes(Baseline::Neighbours, 100);
    let rows = given.rows();
    let cells = rows.design.cells(&given.codes);
    let width = rows.design.width();
    let row = |at: usize| &cells[at * width..][..width];
    for (at, votes) in votes.chunks_exact(3).enumerate() {
        let distance = |other: usize| -> f64 {
            let off = |(&a, &b): (&f32, &f32)| f64::from(a) - f64::from(b);
            row(at).iter().zip(row(other)).map(off).map(|off| off * off).sum()
        };
        let mut others: Vec<usize> = (0..400).collect();
        others.sort_by(|&a, &b| {
            let order = distance(a).total_cmp(&distance(b));
            if order == Ordering::Equal { a.cmp(&b) } else { order }
        });
        let mut counts = [0.0; 3];
        for &other in &others[..5] {
            counts[usize::from(given.classes[other])] += 1.0;
        }
        assert_eq!(votes, counts, "row {at}");
    }
}

/// The share of rows whose class has most votes.
fn accuracy(given: &Given, which: Baseline) -> f64 {
    let votes = given.votes(which, given.classes.len());
    let is_right = |(votes, &class): (&[f64], &u8)| {
        let own = votes[usize::from(class)];
        votes.iter().enumerate().all(|(other, &vote)| other == usize::from(class) || vote < own)
    };
    let n = votes.chunks_exact(3).zip(&given.classes).filter(|&pair| is_right(pair)).count();
    n as f64 / given.classes.len() as f64
}

#[test]
fn trees_explain_what_they_learnt_from() {
    let given = drawn(600);
    // A tree ends where its leaves are pure, and no two rows contradict each other.
    assert_eq!(accuracy(&given, Baseline::Tree), 1.0);
    assert!(accuracy(&given, Baseline::Forest) > 0.98);
    assert!(accuracy(&given, Baseline::Boosting) > 0.98);
    // What a forest says is a mean of shares.
    let votes = given.votes(Baseline::Forest, 50);
    assert!(votes.iter().all(|vote| (0.0..=1.0).contains(vote)), "{votes:?}");
}

#[test]
fn a_class_that_weighs_more_is_said_more_often() {
    let mut rng = stream(5, 0);
    let n_rows = 500;
    let codes: Vec<u16> = (0..n_rows).map(|_| below(&mut rng, 8) as u16).collect();
    // Of the largest numbers every fourth row is of the second class, of others none.
    let class = |(at, &code): (usize, &u16)| u8::from(code > 5 && at % 4 == 0);
    let classes: Vec<u8> = codes.iter().enumerate().map(class).collect();
    let given = |weight: f64| Given {
        features: vec![Feature::ranked((0..8).map(f64::from).collect())],
        codes: codes.clone(),
        classes: classes.clone(),
        n_classes: 2,
        class_weights: vec![1.0, weight],
    };
    let second =
        [Baseline::Bayes, Baseline::Logistic, Baseline::Tree, Baseline::Forest, Baseline::Boosting];
    for which in second {
        let n_said = |weight: f64| {
            let votes = given(weight).votes(which, n_rows);
            votes.iter().filter(|&&vote| vote > 0.0).count()
        };
        assert!(n_said(20.0) > n_said(1.0), "{which:?}");
    }
}

#[test]
fn what_cannot_be_learnt_from_is_said() {
    let constant = Given {
        features: vec![Feature::ranked(vec![1.0]), Feature::unordered(2)],
        codes: vec![0, 1, 0, 1, 0, 1],
        classes: vec![0, 1, 0],
        n_classes: 2,
        class_weights: vec![1.0; 2],
    };
    for which in &Baseline::ALL[2..] {
        let error = learner(*which, &constant.rows()).err();
        assert_eq!(error, Some(LearnError::NothingVaries), "{which:?}");
    }
}

#[test]
fn a_baseline_says_how_many_rows_it_looks_at() {
    // 60 words are 32 numbers, and a tree learns from a million numbers.
    let n_rows = 50_000;
    let given = Given {
        features: vec![Feature::unordered(60)],
        codes: (0..n_rows).map(|row| row as u16 % 60).collect(),
        classes: (0..n_rows).map(|row| u8::from(row % 7 == 0)).collect(),
        n_classes: 2,
        class_weights: vec![1.0; 2],
    };
    let rows = given.rows();
    let learnt_from = |which| learner(which, &rows).expect("it can learn").learnt_from();
    assert_eq!(learnt_from(Baseline::Bayes), LearntFrom::All);
    assert_eq!(learnt_from(Baseline::Logistic), LearntFrom::All);
    assert_eq!(learnt_from(Baseline::Tree), LearntFrom::Drawn(1 << 15));
    assert_eq!(learnt_from(Baseline::Forest), LearntFrom::EachDrawn(1 << 15));
    assert_eq!(learnt_from(Baseline::Neighbours), LearntFrom::Drawn(20_000));
    assert_eq!(Rows::most(&rows.design, 2), 200_000);
    assert_eq!(Rows::most(&rows.design, 50), (1 << 24) / (32 * 50));
}
