//! Scores of a small table, bit by bit: the same on every machine and in every browser.
//!
//! Needs nothing but the engine, so that a test in a browser can include it as well.

use isoscope::engine::{
    forest::{
        ColumnWeights, Forest, ForestParams, Grower, Judged, Samples, Scorer, TopReasons,
        Verdict::{Benign, Real},
    },
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
        0x3fe4_594d_fdf9_e494,
        0x3fdf_db43_fb67_efa9,
        0x3fde_87c0_c048_8dea,
        0x3fdc_325f_6822_88ab,
        0x3fe8_2251_d365_c7b9,
        0x3fe0_4304_445f_86c2,
        0x3fe0_c3bd_2281_9886,
        0x3fe1_34d8_2ff2_1d8c,
        0x3fe3_d24d_f497_7ac1,
        0x3fe8_2251_d365_c7b9,
    ],
    contributions: [
        0x3fd5_1a6d_91a9_de0f,
        0x3fab_f666_a5bb_3727,
        0x3fb1_980e_e6c7_ad4a,
        0x3f8d_5c44_e825_18c0,
        0x3fe2_b0e6_803c_bc93,
        0x3fab_27de_9bf2_be7d,
        0x3fc6_1d34_6208_c9a2,
        0x3fb8_6e14_1924_9095,
        0x3fdc_3514_9c0d_9903,
        0x3fe2_b0e6_803c_bc93,
    ],
};

/// With columns drawn alike.
pub const EQUAL: Bits = Bits {
    scores: [
        0x3fe4_dd34_0905_0c4e,
        0x3fe0_354a_ec4f_2cb5,
        0x3fdf_5a81_9f71_84bc,
        0x3fde_17c3_c86d_9b9f,
        0x3fe6_b7cf_b9d4_7ebf,
        0x3fe0_00a2_a927_e493,
        0x3fe0_7422_1e83_ea54,
        0x3fe2_07a2_ed9d_aab0,
        0x3fe3_5a30_ac81_00b9,
        0x3fe6_b7cf_b9d4_7ebf,
    ],
    contributions: [
        0x3fd6_61f8_2100_c8fa,
        0x3fa0_6630_26cf_d5f0,
        0x3f9f_ae24_6a20_98cf,
        0x3f93_0112_96fd_dd63,
        0x3fd9_fa8f_46af_5b5c,
        0x3f98_4ccf_f837_9544,
        0x3fb7_d3ba_74e9_f606,
        0x3fbe_e92e_f1a9_351a,
        0x3fd5_7078_4765_d0df,
        0x3fd9_fa8f_46af_5b5c,
    ],
};

/// With columns drawn by their kurtosis, after a few verdicts.
pub const JUDGED: Bits = Bits {
    scores: [
        0x3fdc_265d_9550_2b54,
        0x3fdf_0a61_fad3_df3b,
        0x3fdc_b0fe_ffea_b9bd,
        0x3fd3_87b1_38e3_c452,
        0x3fe8_2251_d365_c7b9,
        0x3fde_2087_a604_451e,
        0x3fe5_fc6a_93bd_2662,
        0x3fe1_3713_f694_8011,
        0x3fe9_3368_8ba5_27e3,
        0x3fe8_2251_d365_c7b9,
    ],
    contributions: [
        0x3fcb_9c31_a2c6_8499,
        0x3fa8_34c7_4f26_5f31,
        0x3fb8_7ae8_f03b_46e2,
        0x0000_0000_0000_0000,
        0x3fe2_e147_bb67_2f97,
        0x3f98_da76_c06f_48cd,
        0x3fdc_3880_80de_af07,
        0x3fb9_6ea6_17a7_8f16,
        0x3fdf_735b_550a_63fd,
        0x3fe2_e147_bb67_2f97,
    ],
};

const N_ROWS: u16 = 300;

/// What this machine makes of them.
pub fn found(weights: ColumnWeights) -> Bits {
    let (forest, codes) = grown(weights);
    bits(Scorer::new(&forest), &codes)
}

/// The same after verdicts on rows with and without gaps, two of which are alike.
pub fn found_after_verdicts() -> Bits {
    let (forest, codes) = grown(ColumnWeights::Kurtosis);
    let verdicts = [(0, Benign), (290, Real), (150, Real), (50, Benign), (51, Real)];
    let judged = verdicts
        .map(|(row, verdict)| Judged { codes: codes.iter().map(|c| c[row]).collect(), verdict });
    bits(Scorer::with_verdicts(&forest, &judged), &codes)
}

/// A forest, and the codes of its table's columns.
fn grown(weights: ColumnWeights) -> (Forest, [Vec<u16>; 4]) {
    // A number with gaps that grow, a number with missing values, a text with both, a rare one.
    let values = (0..50).map(|code| f64::from(code * code) / 7.0 - 100.0).collect();
    let features = [
        Feature::ranked(values),
        Feature::ranked(vec![-1e300, 0.1, 0.3]),
        Feature::unordered(9),
        Feature::ranked(vec![0.0, 1.0]),
    ];
    let text = |row| match row {
        150 => 8,
        row if row % 29 == 0 => 9,
        row => row % 8,
    };
    let codes: [Vec<u16>; 4] = [
        (0..N_ROWS).map(|row| row * 7 % 50).collect(),
        (0..N_ROWS).map(|row| row / 5 % 4).collect(),
        (0..N_ROWS).map(text).collect(),
        (0..N_ROWS).map(|row| u16::from(row % 50 == 49)).collect(),
    ];
    let params = ForestParams { n_trees: 50, sample_size: 128, seed: 42, weights };
    let samples = Samples::draw(params, N_ROWS.into()).expect("the settings are good");
    let shape = (samples.rows().len(), codes.len());
    let sample = Array2::from_shape_fn(shape, |(line, feature)| {
        codes[feature][samples.rows()[line] as usize]
    });
    let grower = Grower::new(&samples, &features, sample.view()).expect("there are features");
    (grower.finish(), codes)
}

fn bits(mut scorer: Scorer, codes: &[Vec<u16>; 4]) -> Bits {
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
