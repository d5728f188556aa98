//! The web attacks of `reference/novelty.json`, for the neighbours' tests and benchmark.
#![allow(dead_code, unreachable_pub, reason = "included by several tests, none uses all of it")]

#[path = "../forest_support/mod.rs"]
pub mod forest_support;

use forest_support::{gunzip, shared};
use ndarray::{Array2, Axis};
use serde_json::Value;

/// Benign flows to refer to, others to test, and which of these are attacks.
pub struct Novelty {
    pub reference: Value,
    pub names: Vec<String>,
    pub train: Array2<f64>,
    pub test: Array2<f64>,
    pub is_attack: Vec<bool>,
}

impl Novelty {
    /// Reads rows and columns exactly as the reference's `what` says, and holds them against it.
    pub fn read() -> Self {
        let file = std::fs::read(shared("reference/novelty.json")).expect("the reference is there");
        let reference: Value = serde_json::from_slice(&file).expect("it is JSON");
        let text = gunzip("data/cicids2017/thursday_webattacks_sample_10180.csv.gz");
        let mut lines = text.trim_start_matches('\u{feff}').lines();
        let header = lines.next().expect("a header").split(',').map(str::trim);
        let mut names: Vec<String> = header.map(str::to_owned).collect();
        names.pop();

        let (mut rows, mut labels, mut dropped) = (Vec::new(), Vec::new(), Vec::new());
        for (row, line) in lines.enumerate() {
            let (cells, label) = line.rsplit_once(',').expect("a label");
            let number = |cell: &str| cell.trim().parse::<f64>().expect("a number");
            let numbers: Vec<f64> = cells.split(',').map(number).collect();
            if numbers.iter().all(|number| number.is_finite()) {
                rows.push(numbers);
                labels.push((row, label == "BENIGN"));
            } else {
                dropped.push(row);
            }
        }
        let column = |column: usize| rows.iter().map(move |row| row[column]);
        let is_copy = |j: usize| (0..j).any(|i| names[i] == names[j] && column(i).eq(column(j)));
        let is_constant = |j: usize| column(j).all(|value| value == rows[0][j]);
        let kept: Vec<usize> =
            (0..names.len()).filter(|&j| !is_copy(j) && !is_constant(j)).collect();

        let benign = || (0..rows.len()).filter(|&row| labels[row].1);
        let train: Vec<usize> = benign().step_by(2).collect();
        let mut test: Vec<usize> = benign().skip(1).step_by(2).collect();
        test.extend((0..rows.len()).filter(|&row| !labels[row].1));
        test.sort_unstable();
        let matrix = |members: &[usize]| {
            Array2::from_shape_fn((members.len(), kept.len()), |(i, j)| rows[members[i]][kept[j]])
        };
        let (train_rows, test_rows) = (matrix(&train), matrix(&test));

        assert_eq!(reference["dropped_rows"], Value::from(dropped));
        assert_eq!(reference["columns"], kept.len());
        for (key, members) in [("train", &train), ("test", &test)] {
            assert_eq!(reference[format!("{key}_rows")], members.len());
            let first: Vec<usize> = members[..8].iter().map(|&row| labels[row].0).collect();
            assert_eq!(reference[format!("{key}_first")], Value::from(first));
        }
        let is_attack: Vec<bool> = test.iter().map(|&row| !labels[row].1).collect();
        let n_attacks = is_attack.iter().filter(|&&is_attack| is_attack).count();
        assert_eq!(reference["test_attacks"], n_attacks);
        let names = kept.iter().map(|&column| names[column].clone()).collect();
        Self { reference, names, train: train_rows, test: test_rows, is_attack }
    }

    /// The same without a column.
    pub fn without(&self, name: &str) -> Self {
        let kept: Vec<usize> = (0..self.names.len()).filter(|&j| self.names[j] != name).collect();
        assert_eq!(kept.len() + 1, self.names.len(), "one column of that name");
        Self {
            reference: self.reference.clone(),
            names: kept.iter().map(|&j| self.names[j].clone()).collect(),
            train: self.train.select(Axis(1), &kept),
            test: self.test.select(Axis(1), &kept),
            is_attack: self.is_attack.clone(),
        }
    }
}
