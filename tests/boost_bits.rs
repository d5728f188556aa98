//! The promise of the same bits, natively; a browser's tests can include the same cases.

#[path = "boost_support/pinned.rs"]
#[allow(unreachable_pub, reason = "shared with a browser's tests")]
mod pinned;

#[test]
fn votes_have_the_pinned_bits() {
    let votes = pinned::found();
    assert_eq!(votes, pinned::VOTES, "{votes:?}");
}
