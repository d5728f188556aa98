//! The promise of the same bits, natively; a browser's tests can include the same cases.

#[path = "extended_support/pinned.rs"]
#[allow(unreachable_pub, reason = "shared with a browser's tests")]
mod pinned;

#[test]
fn scores_and_contributions_have_the_pinned_bits() {
    let (scores, contributions) = pinned::found();
    assert_eq!(scores, pinned::SCORES, "{scores:#x?}");
    assert_eq!(contributions, pinned::CONTRIBUTIONS, "{contributions:#x?}");
}
