//! Scores of a small table, bit by bit: the same on every machine and in every browser.
//!
//! Needs nothing but the engine, so that a test in a browser can include it as well.

use isoscope::engine::{
    forest::{ColumnWeights, ForestParams, Grower, Samples, Scorer, TopReasons},
    matrix::{Codes, Feature},
};
use ndarray::Array2;

/// Ten of the rows; 150 has a category of its own, 0 and 290 have no text.
pub const ROWS: [usize; 10] = [0, 1, 2, 50, 99, 100, 150, 256, 290, 299];

/// The bits of s of [`ROWS`], and of the first reason's contribution, 0 where there is none.
#[derive(Debug, PartialEq)]
pub struct Bits {
    pub scores: [u64; 10],
    pub contributions: [u64; 10],
}

/// With columns drawn by their kurtosis.
pub const KURTOSIS: Bits = Bits {
    scores: [
        0x3fe5_b1ba_0dc9_32dd,
        0x3fe0_36ab_f0a4_d7ce,
        0x3fdf_9c60_08ba_f519,
        0x3fdd_d038_2e21_b422,
        0x3fe1_4d30_bd15_d6a9,
        0x3fe0_4e0a_92f7_2261,
        0x3fe1_97dc_57fa_1fff,
        0x3fe2_aa9f_d40a_fd53,
        0x3fe4_c950_5132_9b65,
        0x3fe1_4d30_bd15_d6a9,
    ],
    contributions: [
        0x3fd7_e10d_5c54_f805,
        0x3fae_da8d_57c3_b4b8,
        0x3fad_bad3_39b1_3dee,
        0x3f33_e8d7_fde2_936d,
        0x3fbe_c8e5_20dd_2e8f,
        0x3fa3_a03e_cc5a_40f6,
        0x3fc9_e99f_acc9_0b48,
        0x3fbe_f6de_fd4d_de70,
        0x3fd9_e888_ea7a_6152,
        0x3fbe_c8e5_20dd_2e8f,
    ],
};

/// With columns drawn alike.
pub const EQUAL: Bits = Bits {
    scores: [
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
    ],
    contributions: [
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
    ],
};

/// What this machine makes of them.
pub fn found(weights: ColumnWeights) -> Bits {
    const N_ROWS: u16 = 300;
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
    let params = ForestParams { n_trees: 50, sample_size: 128, seed: 42, weights };
    let samples = Samples::draw(params, N_ROWS.into()).expect("the settings are good");
    let sample = Array2::from_shape_fn((samples.rows().len(), 3), |(line, feature)| {
        codes[feature][samples.rows()[line] as usize]
    });
    let grower = Grower::new(&samples, &features, sample.view()).expect("there are features");
    let mut scorer = Scorer::new(&grower.finish());
    let columns = codes.each_ref().map(|codes| Codes::U16(codes));
    let mut found = vec![f64::NAN; N_ROWS.into()];
    let mut reasons = vec![TopReasons::default(); N_ROWS.into()];
    scorer.scores(&columns, &mut found);
    scorer.reasons(&columns, &mut reasons);
    Bits {
        scores: ROWS.map(|row| found[row].to_bits()),
        contributions: ROWS
            .map(|row| reasons[row][0].map_or(0, |reason| reason.contribution.to_bits())),
    }
}
