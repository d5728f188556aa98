//! How rows differ from a baseline: scipy's figures, and a naive oracle.

use std::{collections::BTreeMap, fmt::Write};

use isoscope::{
    cluster::{JobError, local::Local},
    engine::text::Overrides,
    protocol::{Drift, Filter, Selection, Test, Unseen},
};
use proptest::prelude::*;

/// The column that tells the rows of the baseline, `before`, from the others.
const SIDE: u32 = 0;

fn before() -> Selection {
    let test = Test::OneOf(vec!["before".to_owned()]);
    let filters = vec![Filter { column: SIDE, test, is_negated: false }];
    Selection { filters, ..Selection::default() }
}

fn drift(csv: &str, n_shards: usize, columns: &[u32]) -> Drift {
    let mut local = Local::new(n_shards);
    let overrides = Overrides { header_lines: Some(1), ..Overrides::default() };
    local.load(csv.as_bytes().to_vec(), &overrides).expect("a table");
    local.drift(before(), columns).expect("both sides have rows")
}

/// numpy 2.4.6 and scipy 1.17.1, where `q` and `p` are counts by bin in the baseline and among the
/// others:
///
/// ```python
/// N, BEFORE = 3_000, 997
/// i = np.arange(N)
/// before = i < BEFORE
/// many = np.where(before, i * 7919 % 1000, i * 7919 % 1300 + 100).astype(float)
/// many[i % 37 == 5] = np.nan
/// many[~before & (i % 11 == 3)] = np.nan
/// few = np.where(before, i % 7, (i * i) % 9)
/// word = np.where(before, i * i % 23, i * i % 31)
/// word[i % 50 == 0] = 1000 + i[i % 50 == 0] % 331
///
/// def index(q, p):
///     share = lambda counts: np.maximum(np.asarray(counts) / sum(counts), 1e-4)
///     return ((share(p) - share(q)) * np.log(share(p) / share(q))).sum()
/// # Numbers, without NaN, and a bin for NaN behind them:
/// edges = np.unique(np.quantile(baseline, np.arange(1, 10) / 10, method="inverted_cdf"))
/// bins = lambda v: np.bincount(np.searchsorted(edges, v, side="left"), minlength=len(edges) + 1)
/// stats.ks_2samp(baseline, others).statistic
/// # Words:
/// rare = (ca * 100 < len(baseline)) & (cb * 100 < len(others))
/// ```
#[test]
fn figures_are_those_of_numpy_and_scipy() {
    let mut csv = String::from("side,many,few,word\n");
    for i in 0..3_000_u32 {
        let is_before = i < 997;
        let side = if is_before { "before" } else { "after" };
        let many = if is_before { i * 7919 % 1000 } else { i * 7919 % 1300 + 100 };
        let is_missing = i % 37 == 5 || !is_before && i % 11 == 3;
        let many = if is_missing { String::new() } else { many.to_string() };
        let few = if is_before { i % 7 } else { i * i % 9 };
        let word = match i {
            _ if i % 50 == 0 => 1_000 + i % 331,
            _ if is_before => i * i % 23,
            _ => i * i % 31,
        };
        writeln!(csv, "{side},{many},{few},w{word}").expect("a string takes all");
    }
    let found = drift(&csv, 3, &[1, 2, 3]);
    assert_eq!((found.n_baseline, found.n_others), (997, 2_003));
    let [many, few, word] = &found.columns[..] else { panic!("three columns were asked for") };
    let is_near = |found: Option<f64>, expected: f64| {
        let found = found.expect("a figure");
        assert!((found - expected).abs() < 1e-12, "{found}, not {expected}");
    };
    is_near(many.psi, MANY.0);
    is_near(many.ks, MANY.1);
    is_near(few.psi, FEW.0);
    is_near(few.ks, FEW.1);
    is_near(word.psi, WORD);
    assert_eq!((many.n_missing, few.n_missing, word.ks), ([27, 231], [0, 0], None));
    let beyond = |range, n_above| Some(Unseen::Beyond { range, n_below: 0, n_above });
    assert_eq!((&many.unseen, &few.unseen), (&beyond((0.0, 999.0), 541), &beyond((0.0, 6.0), 444)));
    let Some(Unseen::Categories { n_distinct, n_rows, names }) = &word.unseen else {
        panic!("words are categories")
    };
    assert_eq!((*n_distinct, *n_rows), UNSEEN);
    let named: Vec<_> = names.iter().take(3).map(|(name, n)| (name.as_str(), *n)).collect();
    assert_eq!((names.len(), named), (20, NAMED.to_vec()));
}

/// PSI and KS.
const MANY: (f64, f64) = (1.183_453_527_925_262_5, 0.305_304_740_406_320_55);
const FEW: (f64, f64) = (6.079_561_244_525_959, 0.268_805_918_504_389_84);
const WORD: f64 = 5.617_225_773_732_27;
const UNSEEN: (u32, u32) = (48, 1_058);
const NAMED: [(&str, u32); 3] = [("w14", 128), ("w20", 128), ("w28", 128)];

/// The index from shares that were found one by one.
fn index(bins: &[(usize, usize)]) -> f64 {
    let (n, m) = bins.iter().fold((0, 0), |(n, m), bin| (n + bin.0, m + bin.1));
    let share = |count: usize, n: usize| (count as f64 / n as f64).max(1e-4);
    let parts = bins.iter().map(|&(q, p)| {
        let (q, p) = (share(q, n), share(p, m));
        (p - q) * libm::log(p / q)
    });
    parts.sum()
}

fn n_of<T>(values: &[Option<T>], is_meant: impl Fn(&T) -> bool) -> usize {
    values.iter().flatten().filter(|value| is_meant(value)).count()
}

fn n_missing<T>(values: &[Option<T>]) -> usize {
    values.iter().filter(|value| value.is_none()).count()
}

/// PSI, KS and what lies beyond, by looking at all values again and again.
fn of_numbers(before: &[Option<f64>], after: &[Option<f64>]) -> (f64, Option<f64>, Option<Unseen>) {
    let mut known: Vec<f64> = before.iter().copied().flatten().collect();
    known.sort_by(f64::total_cmp);
    // The value that so many tenths of the rows do not exceed.
    let edge = |tenths: usize| known[(tenths * known.len()).div_ceil(10) - 1];
    let mut edges: Vec<f64> =
        if known.is_empty() { Vec::new() } else { (1..10).map(edge).collect() };
    edges.dedup();
    let bin = |value: f64| edges.iter().filter(|&&edge| value > edge).count();
    let count = |values: &[Option<f64>], at: usize| n_of(values, |&value| bin(value) == at);
    let mut bins: Vec<_> =
        (0..=edges.len()).map(|at| (count(before, at), count(after, at))).collect();
    bins.push((n_missing(before), n_missing(after)));
    let up_to = |values: &[Option<f64>], end: f64| {
        n_of(values, |&value| value <= end) as f64 / n_of(values, |_| true) as f64
    };
    let all = || before.iter().chain(after).copied().flatten();
    let has_both = n_of(before, |_| true) > 0 && n_of(after, |_| true) > 0;
    let gap = |end| (up_to(before, end) - up_to(after, end)).abs();
    let ks = has_both.then(|| all().map(gap).fold(0.0, f64::max));
    let unseen = known.first().zip(known.last()).map(|(&low, &high)| Unseen::Beyond {
        range: (low, high),
        n_below: n_of(after, |&value| value < low) as u32,
        n_above: n_of(after, |&value| value > high) as u32,
    });
    (index(&bins), ks, unseen)
}

/// PSI and what is new, word by word.
fn of_words(before: &[Option<String>], after: &[Option<String>]) -> (f64, Unseen) {
    let mut counts = BTreeMap::<&String, (usize, usize)>::new();
    for word in before.iter().flatten() {
        counts.entry(word).or_default().0 += 1;
    }
    for word in after.iter().flatten() {
        counts.entry(word).or_default().1 += 1;
    }
    let share = |n: usize, of: usize| n as f64 / of as f64;
    let is_rare = |bin: &(usize, usize)| {
        share(bin.0, before.len()) < 0.01 && share(bin.1, after.len()) < 0.01
    };
    let (rare, mut bins): (Vec<_>, Vec<_>) = counts.values().copied().partition(is_rare);
    bins.push(rare.iter().fold((0, 0), |sum, bin| (sum.0 + bin.0, sum.1 + bin.1)));
    bins.push((n_missing(before), n_missing(after)));
    let new = counts.iter().filter(|(_, bin)| bin.0 == 0);
    let mut names: Vec<(String, u32)> =
        new.map(|(name, bin)| ((*name).clone(), bin.1 as u32)).collect();
    names.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let n_rows = names.iter().map(|(_, count)| count).sum();
    let n_distinct = names.len() as u32;
    names.truncate(20);
    (index(&bins), Unseen::Categories { n_distinct, n_rows, names })
}

type Row = (bool, Option<f64>, Option<String>);

fn tables() -> impl Strategy<Value = Vec<Row>> {
    let number = prop_oneof![
        5 => (-5..9_i32).prop_map(|n| Some(f64::from(n) / 2.0)),
        1 => Just(None),
    ];
    let word = prop_oneof![
        5 => "[ab]{1,2}".prop_map(Some),
        3 => "[a-h][a-h][a-h]".prop_map(Some),
        1 => Just(None),
    ];
    // Sides that are alike, and others that are not.
    prop::collection::vec((any::<bool>(), number, word), 2..300).prop_map(|mut rows| {
        (rows[0].0, rows[1].0) = (true, false);
        rows
    })
}

proptest! {
    #[test]
    fn figures_are_what_the_oracle_says_with_any_number_of_shards(
        rows in tables(), n_shards in 2..6_usize,
    ) {
        let mut csv = String::from("side,number,word\n");
        for (is_before, number, word) in &rows {
            let side = if *is_before { "before" } else { "after" };
            let number = number.map_or_else(String::new, |number| format!("{number:.1}"));
            let word = word.as_deref().unwrap_or_default();
            writeln!(csv, "{side},{number},{word}").expect("a string takes all");
        }
        let found = drift(&csv, 1, &[1, 2]);
        prop_assert_eq!(&drift(&csv, n_shards, &[1, 2]), &found);
        let (before, after): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.0);
        let is_near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        prop_assert_eq!(found.n_baseline as usize, before.len());
        prop_assert_eq!(found.n_others as usize, after.len());
        let numbers = |rows: &[Row]| -> Vec<_> { rows.iter().map(|row| row.1).collect() };
        let words = |rows: &[Row]| -> Vec<_> { rows.iter().map(|row| row.2.clone()).collect() };
        let (before, after) = ((numbers(&before), words(&before)), (numbers(&after), words(&after)));
        let all = || before.0.iter().chain(&after.0);
        // A column without a single number is no column of numbers.
        if all().any(Option::is_some) {
            let (psi, ks, unseen) = of_numbers(&before.0, &after.0);
            let there = &found.columns[0];
            prop_assert!(there.psi.is_some_and(|there| is_near(there, psi)), "{:?} {psi}", there);
            prop_assert_eq!(there.ks.is_some(), ks.is_some());
            prop_assert!(there.ks.zip(ks).is_none_or(|(a, b)| is_near(a, b)), "{:?} {ks:?}", there);
            prop_assert_eq!(&there.unseen, &unseen);
            prop_assert_eq!(there.n_missing[0] as usize, n_missing(&before.0));
            prop_assert_eq!(there.n_missing[1] as usize, n_missing(&after.0));
        }
        if before.1.iter().chain(&after.1).any(Option::is_some) {
            let (psi, unseen) = of_words(&before.1, &after.1);
            let there = &found.columns[1];
            prop_assert!(there.psi.is_some_and(|there| is_near(there, psi)), "{:?} {psi}", there);
            prop_assert_eq!((there.ks, there.unseen.as_ref()), (None, Some(&unseen)));
        }
    }
}

#[test]
fn what_cannot_be_compared_is_said() {
    let mut csv = String::from("side,n,uid,time\n");
    for row in 0..70_000_u32 {
        let side = if row < 100 { "before" } else { "after" };
        let (hour, minute) = (row / 3_600 % 24, row / 60 % 60);
        writeln!(csv, "{side},{},u{row}x,2026-05-04 {hour:02}:{minute:02}:00", row % 7)
            .expect("a string takes all");
    }
    let mut local = Local::new(2);
    assert_eq!(local.drift(before(), &[1]), Err(JobError::NoTable));
    local.load(csv.into_bytes(), &Overrides::default()).expect("a table");
    // A column of more texts than codes is left out; one that is asked for twice is told twice.
    let found = local.drift(before(), &[3, 2, 1, 3]).expect("both sides have rows");
    assert_eq!(found.columns.iter().map(|there| there.column).collect::<Vec<_>>(), [3, 1, 3]);
    assert_eq!(found.columns[0], found.columns[2]);
    let Some(Unseen::Beyond { range, n_below: 0, n_above }) = found.columns[0].unseen else {
        panic!("times have a range")
    };
    assert_eq!((range.1 - range.0, n_above), (60.0, 70_000 - 120));
    // The same rows, as those that are not muted.
    let rule = vec![Filter {
        column: SIDE,
        test: Test::OneOf(vec!["after".to_owned()]),
        is_negated: false,
    }];
    let muted = Selection { except: vec![rule], ..Selection::default() };
    assert_eq!(local.drift(muted, &[3, 1, 3]).map(|there| there.columns), Ok(found.columns));
    let nothing = Selection { except: vec![vec![]], ..Selection::default() };
    assert_eq!(local.drift(nothing, &[1]), Err(JobError::NothingToCompare));
    let all = Selection::default();
    assert_eq!(local.drift(all, &[1]), Err(JobError::NothingToCompare));
    let filter = |test, is_negated| Selection {
        filters: vec![Filter { column: SIDE, test, is_negated }],
        ..Selection::default()
    };
    let each = local.drift(filter(Test::Missing, true), &[1]);
    assert_eq!(each, Err(JobError::NothingToCompare));
    assert_eq!(local.drift(filter(Test::Missing, false), &[1]), Err(JobError::NothingSelected));
    let nowhere = JobError::NoSuchColumn { column: 4, n_columns: 4 };
    assert_eq!(local.drift(before(), &[1, 4]), Err(nowhere));
}
