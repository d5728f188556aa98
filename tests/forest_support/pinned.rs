//! Scores of a small table, bit by bit: the same on every machine and in every browser.
//!
//! Needs nothing but the engine, so that a test in a browser can include it as well.

use isoscope::engine::{
    forest::{
        Forest, ForestParams, Grower, Judged, Samples, Scorer, TopReasons,
        Verdict::{Benign, Real},
    },
    matrix::{Codes, Feature},
};
use ndarray::Array2;

/// Ten of the rows; 150 has a category of its own, 0 and 290 have no text.
pub const ROWS: [usize; 10] = [0, 1, 2, 50, 99, 100, 150, 256, 290, 299];

/// The bits of s of [`ROWS`].
pub const SCORES: [u64; 10] = [
    0x3fe4_1dd5_2f25_1fb9,
    0x3fe0_a6d9_420b_5381,
    0x3fe0_79ca_b1f7_2a3c,
    0x3fdf_2061_0e0c_97d2,
    0x3fe2_050a_7c70_40b6,
    0x3fe0_7c9d_8b27_f4f0,
    0x3fe1_c2d7_07b2_1854,
    0x3fe2_c073_0d90_aa6f,
    0x3fe3_6e4c_0200_e6c2,
    0x3fe2_050a_7c70_40b6,
];

/// The bits of the first reason's contribution of [`ROWS`], 0 where there is none.
pub const CONTRIBUTIONS: [u64; 10] = [
    0x3fd1_4b2e_9650_3f79,
    0x3fa2_be02_147e_11c8,
    0x3fa7_ac02_a393_3648,
    0x3fa8_1601_85ee_af36,
    0x3fbe_aa74_ff7f_34c6,
    0x3f9d_fb12_ced5_ca5b,
    0x3fc3_303f_5056_1a09,
    0x3fbf_4f66_5e04_5fb1,
    0x3fd4_5ca6_c15f_7781,
    0x3fbe_aa74_ff7f_34c6,
];

/// The bits of s of [`ROWS`] after a few verdicts.
pub const JUDGED_SCORES: [u64; 10] = [
    0x3fdb_fe59_5126_7996,
    0x3fdf_fe98_37b0_006a,
    0x3fe0_267d_0e9b_b178,
    0x3fd5_a31e_965e_18b9,
    0x3fe2_050a_7c70_40b6,
    0x3fdd_58d0_8b44_7ee4,
    0x3fe6_d142_38fd_fe2a,
    0x3fe2_c34f_117a_6c61,
    0x3fe7_da31_aff6_d40f,
    0x3fe2_050a_7c70_40b6,
];

/// The bits of their first reason's contribution.
pub const JUDGED_CONTRIBUTIONS: [u64; 10] = [
    0x3fbb_0868_838b_9274,
    0x3fa9_cc24_6324_621b,
    0x3fa0_97dc_0337_9a6d,
    0,
    0x3fbd_4034_0c7c_ecf8,
    0,
    0x3fdc_a644_16b2_56c2,
    0x3fbd_7bc5_794b_7ed7,
    0x3fd8_4342_25b3_ebc3,
    0x3fbd_4034_0c7c_ecf8,
];

const N_ROWS: u16 = 300;

/// What this machine makes of them.
pub fn found() -> ([u64; 10], [u64; 10]) {
    let (forest, codes) = grown();
    scored(Scorer::new(&forest), &codes)
}

/// The same after verdicts on rows with and without gaps, two of which are alike.
pub fn found_after_verdicts() -> ([u64; 10], [u64; 10]) {
    let (forest, codes) = grown();
    let verdicts = [(0, Benign), (290, Real), (150, Real), (50, Benign), (51, Real)];
    let judged = verdicts
        .map(|(row, verdict)| Judged { codes: codes.iter().map(|c| c[row]).collect(), verdict });
    scored(Scorer::with_verdicts(&forest, &judged), &codes)
}

/// A forest, and the codes of its table's three columns.
fn grown() -> (Forest, [Vec<u16>; 3]) {
    // A number with gaps that grow, a number with missing values, and a text with both.
    let values = (0..50).map(|code| f64::from(code * code) / 7.0 - 100.0).collect();
    let features =
        [Feature::ranked(values), Feature::ranked(vec![-1e300, 0.1, 0.3]), Feature::unordered(9)];
    let text = |row| match row {
        150 => 8,
        row if row % 29 == 0 => 9,
        row => row % 8,
    };
    let codes: [Vec<u16>; 3] = [
        (0..N_ROWS).map(|row| row * 7 % 50).collect(),
        (0..N_ROWS).map(|row| row / 5 % 4).collect(),
        (0..N_ROWS).map(text).collect(),
    ];
    let params = ForestParams { n_trees: 50, sample_size: 128, seed: 42 };
    let samples = Samples::draw(params, N_ROWS.into()).expect("the settings are good");
    let sample = Array2::from_shape_fn((samples.rows().len(), 3), |(line, feature)| {
        codes[feature][samples.rows()[line] as usize]
    });
    let grower = Grower::new(&samples, &features, sample.view()).expect("there are features");
    (grower.finish(), codes)
}

fn scored(mut scorer: Scorer, codes: &[Vec<u16>; 3]) -> ([u64; 10], [u64; 10]) {
    let columns = codes.each_ref().map(|codes| Codes::U16(codes));
    let mut found = vec![f64::NAN; N_ROWS.into()];
    let mut reasons = vec![TopReasons::default(); N_ROWS.into()];
    scorer.scores(&columns, &mut found);
    scorer.reasons(&columns, &mut reasons);
    (
        ROWS.map(|row| found[row].to_bits()),
        ROWS.map(|row| reasons[row][0].map_or(0, |reason| reason.contribution.to_bits())),
    )
}
