//! The promise of the same bits, natively; a browser's tests include the same cases.

#[path = "forest_support/pinned.rs"]
#[allow(unreachable_pub, reason = "shared with the browser's tests")]
mod pinned;

#[test]
fn scores_and_contributions_have_the_pinned_bits() {
    let (scores, contributions) = pinned::found();
    assert_eq!(scores, pinned::SCORES, "{scores:#x?}");
    assert_eq!(contributions, pinned::CONTRIBUTIONS, "{contributions:#x?}");
}

#[test]
fn what_is_learnt_from_verdicts_has_the_pinned_bits() {
    let (scores, contributions) = pinned::found_after_verdicts();
    assert_eq!(scores, pinned::JUDGED_SCORES, "{scores:#x?}");
    assert_eq!(contributions, pinned::JUDGED_CONTRIBUTIONS, "{contributions:#x?}");
}
