//! The two commands of the README, and the rest of the chores.

fn main() {}
