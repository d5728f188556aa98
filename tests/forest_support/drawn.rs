//! Tables as property tests draw them.

use proptest::{collection::vec, option, prelude::*, sample::select};

use super::Column;

/// Numbers that are awkward to split: ties, neighbours, the ends of what a double can hold.
fn numbers(n_rows: usize) -> impl Strategy<Value = Column> {
    let awkward = select(vec![-1e308, 1e308, -0.0, 0.0, 5e-324, 1.0, 1.0 + f64::EPSILON, 1e-12]);
    let value = prop_oneof![3 => (-3..4_i32).prop_map(f64::from), 1 => awkward, 2 => -1e3..1e3];
    prop_oneof![
        vec(value.clone().prop_map(Some), n_rows),
        vec(option::weighted(0.8, value), n_rows),
    ]
    .prop_map(Column::Numbers)
}

fn texts(n_rows: usize) -> impl Strategy<Value = Column> {
    let text = (0..6_u8).prop_map(|i| i.to_string());
    prop_oneof![vec(text.clone().prop_map(Some), n_rows), vec(option::weighted(0.8, text), n_rows),]
        .prop_map(Column::Texts)
}

/// One to four columns of up to 59 rows.
pub fn columns() -> impl Strategy<Value = Vec<Column>> {
    (1..60_usize).prop_flat_map(|n_rows| {
        vec(prop_oneof![2 => numbers(n_rows).boxed(), 1 => texts(n_rows).boxed()], 1..5)
    })
}
