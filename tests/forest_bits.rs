//! The promise of the same bits, natively; a browser's tests include the same cases.

#[path = "forest_support/pinned.rs"]
#[allow(unreachable_pub, reason = "shared with the browser's tests")]
mod pinned;

use isoscope::engine::forest::ColumnWeights;

#[test]
fn scores_and_contributions_have_the_pinned_bits() {
    let pinned =
        [(ColumnWeights::Kurtosis, pinned::KURTOSIS), (ColumnWeights::Equal, pinned::EQUAL)];
    for (weights, bits) in pinned {
        let found = pinned::found(weights);
        assert_eq!(found, bits, "{weights:?}: {found:#x?}");
    }
}

#[test]
fn what_is_learnt_from_verdicts_has_the_pinned_bits() {
    let found = pinned::found_after_verdicts();
    assert_eq!(found, pinned::JUDGED, "Judged: {found:#x?}");
}
