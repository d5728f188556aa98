//! Scores of a small table, bit by bit: the same on every machine and in every browser.
//!
//! Needs nothing but the engine, so that a test in a browser can include it as well.

use isoscope::engine::{
    neighbours::{Reference, Scorer},
    random::{stream, unit},
};
use ndarray::{Array2, Axis};

/// The bits of LOF of the ten rows.
pub const SCORES: [u64; 10] = [
    0x3ff0_bafd_ed7f_a05f,
    0x3ff0_01d5_6406_98ea,
    0x3ff0_146e_1f0d_657d,
    0x3fef_539a_6fb6_107b,
    0x4208_27f0_97ea_3fc7,
    0x3fef_9414_a12a_c1db,
    0x3ff0_5f03_d1f5_61e4,
    0x3ff1_2351_91f7_103b,
    0x3ff1_04ce_26a8_561a,
    0x3ff0_661b_3be8_acf4,
];

/// The bits of the strongest contribution of the ten rows.
pub const CONTRIBUTIONS: [u64; 10] = [
    0x3f43_e3cc_aea6_c26a,
    0x3f14_ff45_fe6b_ecc5,
    0x3f9d_71fc_7a3b_00ca,
    0x3f32_18fa_a147_f25b,
    0x4379_c99a_58e5_75c5,
    0x3f92_7433_b064_e2f1,
    0x3f39_5de6_2a12_210a,
    0x3f23_0853_9e2c_c63a,
    0x3f97_d4a3_58e5_4885,
    0x3f38_72a2_33a5_a2a4,
];

/// What this machine makes of them.
pub fn found() -> ([u64; 10], [u64; 10]) {
    const N_ROWS: usize = 400;
    // Three lumps of different density, and a gap here and there.
    let mut rng = stream(42, 0);
    let mut rows = Array2::from_shape_fn((N_ROWS + 10, 9), |(row, column)| {
        let lump = (row % 3) as f64;
        lump * (1.0 + column as f64) + (unit(&mut rng) - 0.5) / (1.0 + 7.0 * lump)
    });
    for row in (0..N_ROWS + 10).step_by(7) {
        rows[[row, row % 9]] = f64::NAN;
    }
    rows[[N_ROWS + 4, 2]] = 1e9;
    let (known, others) = rows.view().split_at(Axis(0), N_ROWS);
    let mut scorer = Scorer::new(&Reference::fit(known, 20).expect("there are rows"));
    let explanations: [_; 10] =
        std::array::from_fn(|row| scorer.explain(&others.row(row).to_vec()));
    (
        explanations.each_ref().map(|explanation| explanation.score.to_bits()),
        explanations.each_ref().map(|explanation| {
            explanation.contributions.iter().copied().fold(0.0, f64::max).to_bits()
        }),
    )
}
