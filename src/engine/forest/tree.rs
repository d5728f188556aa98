//! Trees as flat arrays, and the one splitting rule.

use serde::{Deserialize, Serialize};

use super::ForestParams;
use crate::bulk::Bulk;

/// A node of a tree, packed into 64 bits: cell, cut and left child.
///
/// Children stand side by side, so one index names both. A leaf leads to itself, by a cut that no
/// code reaches: a walk of as many steps as the tree is high ends in the right leaf without asking
/// on the way whether it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node(pub(super) u64);

impl Node {
    /// A code that no cell has.
    const UNREACHED: u16 = u16::MAX;

    pub(super) fn inner(cell: u16, cut: u16, left: u32) -> Self {
        Self(u64::from(cell) | u64::from(cut) << 16 | u64::from(left) << 32)
    }

    /// A leaf that stands at `index`; `spare` is a cell that no feature has.
    pub(super) fn leaf(spare: u16, index: u32) -> Self {
        Self::inner(spare, Self::UNREACHED, index)
    }

    /// Whether rows end here.
    pub fn is_leaf(self) -> bool {
        self.cut() == Self::UNREACHED
    }

    /// The cell of a row that is read: a feature's number, or the second cell of an unordered
    /// feature; for a leaf a spare one.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the lowest 16 bits")]
    pub(super) fn cell(self) -> u16 {
        self.0 as u16
    }

    /// The first code that goes right.
    ///
    /// At the code for missing values it parts missing from present ones.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the next 16 bits")]
    pub fn cut(self) -> u16 {
        (self.0 >> 16) as u16
    }

    /// Where the left child stands in its tree; the right one follows it.
    #[inline]
    pub fn left(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// The splitting rule: growing, scoring and explaining all ask here.
    #[inline]
    pub fn goes_right(self, code: u16) -> bool {
        code >= self.cut()
    }

    /// Where a row with this code stands after this node.
    #[inline]
    pub fn child(self, code: u16) -> u32 {
        self.left() + u32::from(self.goes_right(code))
    }
}

/// One tree of a forest, to look at.
#[derive(Debug, Clone, Copy)]
pub struct Tree<'a> {
    nodes: &'a [u64],
    n_rows: &'a [u32],
}

impl Tree<'_> {
    /// Its nodes; the first is the root, and children stand behind their parents.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = Node> + DoubleEndedIterator {
        self.nodes.iter().map(|&bits| Node(bits))
    }

    /// A node.
    pub fn node(&self, index: u32) -> Node {
        Node(self.nodes[index as usize])
    }

    /// How many rows of the tree's sample passed a node.
    pub fn n_rows(&self, index: u32) -> u32 {
        self.n_rows[index as usize]
    }
}

/// A grown forest: plain data, sent to every shard as a few long arrays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Forest {
    /// The settings, with the ψ that was really drawn.
    pub params: ForestParams,
    /// Each feature's code for missing values.
    pub(super) missing: Bulk<u16>,
    /// The features without an order, ascending.
    pub(super) unordered: Bulk<u16>,
    /// The bits of all nodes, tree after tree.
    pub(super) nodes: Bulk<u64>,
    /// How many rows of the tree's sample passed each node.
    pub(super) n_rows: Bulk<u32>,
    /// Where each tree's nodes begin.
    pub(super) starts: Bulk<u32>,
    /// The categories of unordered features in the random orders that the trees drew, tree after
    /// tree, feature after feature; only those in the tree's sample.
    pub(super) orders: Bulk<u16>,
    /// Where each order begins: `tree · n_unordered + i` for the i-th unordered feature; and the
    /// end.
    pub(super) order_starts: Bulk<u32>,
}

impl Forest {
    /// The number of features.
    pub fn n_features(&self) -> usize {
        self.missing.len()
    }

    /// The number of trees.
    pub fn n_trees(&self) -> usize {
        self.starts.len()
    }

    /// A tree, to look at.
    pub fn tree(&self, tree: usize) -> Tree<'_> {
        let start = self.starts[tree] as usize;
        let end = self.starts.get(tree + 1).map_or(self.nodes.len(), |&end| end as usize);
        Tree { nodes: &self.nodes[start..end], n_rows: &self.n_rows[start..end] }
    }

    /// The feature that an inner node splits.
    pub fn feature(&self, node: Node) -> u16 {
        match usize::from(node.cell()).checked_sub(self.n_features()) {
            None => node.cell(),
            Some(place) => self.unordered[place],
        }
    }

    /// The categories of an unordered feature in the order that a tree drew; only those in its
    /// sample, and none if the tree never cuts it. `None` for features with an order of their own.
    ///
    /// A node sends those before its cut left, and categories that are not in the sample to the
    /// side that holds fewer rows.
    pub fn order(&self, tree: usize, feature: u16) -> Option<&[u16]> {
        let place = self.unordered.iter().position(|&other| other == feature)?;
        Some(self.drawn_order(tree, place))
    }

    /// Cells of a row that trees read: one per feature, and a second one per unordered feature.
    pub(super) fn n_cells(&self) -> usize {
        self.missing.len() + self.unordered.len()
    }

    /// The order that a tree drew for the `place`-th unordered feature.
    pub(super) fn drawn_order(&self, tree: usize, place: usize) -> &[u16] {
        let place = tree * self.unordered.len() + place;
        &self.orders[self.order_starts[place] as usize..self.order_starts[place + 1] as usize]
    }
}
