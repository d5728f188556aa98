//! A forest as one would draw it on paper: pointers, values, recursion.
//!
//! It reads the shape of a grown forest and nothing else of the engine: every node is worth what
//! the definition says, in plain `f64`, and rows are told apart by values, not codes.

use std::collections::BTreeMap;

use isoscope::engine::{
    forest::{Forest, average_path_length},
    matrix::{Feature, Order},
};

use super::Column;

/// A cell of a row.
#[derive(Debug, Clone)]
pub enum Cell {
    Missing,
    Number(f64),
    /// The category's code, as categories have no value.
    Category(u16),
}

impl Column {
    pub fn cell(&self, row: usize, code: u16) -> Cell {
        match self {
            Self::Numbers(values) => values[row].map_or(Cell::Missing, Cell::Number),
            Self::Texts(texts) if texts[row].is_none() => Cell::Missing,
            Self::Texts(_) => Cell::Category(code),
        }
    }
}

/// What sends a row right.
enum Test {
    /// No value.
    IsMissing,
    /// A value at least this.
    AtLeast(f64),
    /// One of these categories, or, if the right side is the smaller one, any that the sample
    /// does not hold.
    OneOf { categories: Vec<u16>, known: Vec<u16>, others: bool },
}

enum Node {
    Leaf { path: f64 },
    Inner { feature: usize, test: Test, path: f64, left: (f64, Box<Node>), right: (f64, Box<Node>) },
}

pub struct Oracle {
    trees: Vec<Node>,
    n_features: usize,
}

impl Oracle {
    pub fn new(forest: &Forest, features: &[Feature]) -> Self {
        let trees = (0..forest.n_trees()).map(|tree| Node::new(forest, tree, 0, 0.0, features));
        Self { trees: trees.collect(), n_features: features.len() }
    }

    /// The row's path in each tree.
    pub fn paths(&self, row: &[Cell]) -> Vec<f64> {
        let mut steps = vec![0.0; self.n_features];
        self.trees.iter().map(|tree| tree.descend(row, 1.0, &mut steps)).collect()
    }

    /// Per tree the row's share of each leaf that it reaches; leaves are told apart by the way there.
    pub fn leaves(&self, row: &[Cell]) -> Vec<BTreeMap<u64, f64>> {
        let leaves = |tree: &Node| {
            let mut leaves = BTreeMap::new();
            tree.fall(row, 1.0, 1, &mut leaves);
            leaves
        };
        self.trees.iter().map(leaves).collect()
    }

    /// The row's mean path, the mean path of the roots, and each feature's part.
    pub fn explain(&self, row: &[Cell]) -> (f64, f64, Vec<f64>) {
        let n_trees = self.trees.len() as f64;
        let (mut path, mut root, mut steps) = (0.0, 0.0, vec![0.0; self.n_features]);
        for tree in &self.trees {
            path += tree.descend(row, 1.0, &mut steps) / n_trees;
            root += tree.path() / n_trees;
        }
        for step in &mut steps {
            *step /= n_trees;
        }
        (path, root, steps)
    }
}

impl Node {
    fn new(forest: &Forest, number: usize, index: u32, depth: f64, features: &[Feature]) -> Self {
        let tree = forest.tree(number);
        let node = tree.node(index);
        if node.is_leaf() {
            return Self::Leaf { path: depth + average_path_length(tree.n_rows(index)) };
        }
        let feature = forest.feature(node);
        let test = match features[usize::from(feature)].order() {
            _ if node.cut() == features[usize::from(feature)].missing() => Test::IsMissing,
            Order::Ranked { lows, .. } => Test::AtLeast(lows[usize::from(node.cut())]),
            Order::Unordered => {
                let order = forest.order(number, feature).expect("it has no order of its own");
                Test::OneOf {
                    categories: order[usize::from(node.cut())..].to_vec(),
                    known: order.to_vec(),
                    others: tree.n_rows(node.left() + 1) <= tree.n_rows(node.left()),
                }
            }
        };
        let child = |index: u32| Self::new(forest, number, index, depth + 1.0, features);
        let (left, right) = (child(node.left()), child(node.left() + 1));
        let share = |child: u32| f64::from(tree.n_rows(child)) / f64::from(tree.n_rows(index));
        let shares = (share(node.left()), share(node.left() + 1));
        let path = shares.0 * left.path() + shares.1 * right.path();
        let (left, right) = ((shares.0, Box::new(left)), (shares.1, Box::new(right)));
        Self::Inner { feature: feature.into(), test, path, left, right }
    }

    fn path(&self) -> f64 {
        match self {
            Self::Leaf { path } | Self::Inner { path, .. } => *path,
        }
    }

    fn descend(&self, row: &[Cell], weight: f64, steps: &mut [f64]) -> f64 {
        let Self::Inner { feature, test, path, left, right } = self else {
            return weight * self.path();
        };
        let mut go = |share: f64, child: &Self| {
            steps[*feature] += weight * share * (child.path() - path);
            child.descend(row, weight * share, steps)
        };
        match test.sends_right(&row[*feature]) {
            None => go(left.0, &left.1) + go(right.0, &right.1),
            Some(goes_right) => go(1.0, if goes_right { &right.1 } else { &left.1 }),
        }
    }

    fn fall(&self, row: &[Cell], share: f64, way: u64, leaves: &mut BTreeMap<u64, f64>) {
        let Self::Inner { feature, test, left, right, .. } = self else {
            leaves.insert(way, share);
            return;
        };
        let goes_right = test.sends_right(&row[*feature]);
        let (to_left, to_right) = goes_right
            .map_or((left.0, right.0), |right| if right { (0.0, 1.0) } else { (1.0, 0.0) });
        if to_left > 0.0 {
            left.1.fall(row, share * to_left, 2 * way, leaves);
        }
        if to_right > 0.0 {
            right.1.fall(row, share * to_right, 2 * way + 1, leaves);
        }
    }
}

impl Test {
    /// Whether a cell goes right; `None` where the test says nothing about it.
    fn sends_right(&self, cell: &Cell) -> Option<bool> {
        Some(match (self, cell) {
            (Self::IsMissing, cell) => matches!(cell, Cell::Missing),
            (_, Cell::Missing) => return None,
            (Self::AtLeast(threshold), Cell::Number(value)) => value >= threshold,
            (Self::OneOf { categories, known, others }, Cell::Category(category)) => {
                if known.contains(category) { categories.contains(category) } else { *others }
            }
            _ => panic!("a number where a category is split, or the other way round"),
        })
    }
}
