//! Tables for the forest's tests and benchmark: columns of values become features and codes.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::cast_possible_truncation,
    reason = "included by several tests, none uses all of it; test tables are small"
)]

pub mod drawn;
pub mod held;
pub mod oracle;

use std::{collections::HashMap, io::Read, path::PathBuf};

use isoscope::engine::{
    forest::{Forest, ForestParams, Grower, Samples, Scorer},
    matrix::{Codes, Feature},
};
use ndarray::Array2;

/// A column as a person would write it down.
#[derive(Debug, Clone)]
pub enum Column {
    /// Numbers; `None` is missing.
    Numbers(Vec<Option<f64>>),
    /// Texts; `None` is missing.
    Texts(Vec<Option<String>>),
}

/// A table as a forest reads it.
#[derive(Debug, Clone, Default)]
pub struct Table {
    pub features: Vec<Feature>,
    /// `codes[feature][row]`.
    pub codes: Vec<Vec<u16>>,
}

impl Table {
    pub fn new(columns: &[Column]) -> Self {
        let mut table = Self::default();
        for column in columns {
            match column {
                Column::Numbers(values) => table.push_numbers(values),
                Column::Texts(texts) => table.push_texts(texts),
            }
        }
        table
    }

    /// Columns of numbers, none missing.
    pub fn of_numbers(columns: &[Vec<f64>]) -> Self {
        let present =
            |column: &Vec<f64>| Column::Numbers(column.iter().copied().map(Some).collect());
        Self::new(&columns.iter().map(present).collect::<Vec<_>>())
    }

    fn push_numbers(&mut self, values: &[Option<f64>]) {
        let mut distinct: Vec<f64> = values.iter().flatten().map(|value| value + 0.0).collect();
        distinct.sort_unstable_by(f64::total_cmp);
        distinct.dedup();
        let code = |value: &Option<f64>| match value {
            Some(value) => distinct.partition_point(|other| other < value),
            None => distinct.len(),
        };
        self.codes.push(values.iter().map(|value| code(value) as u16).collect());
        self.features.push(Feature::ranked(distinct));
    }

    fn push_texts(&mut self, texts: &[Option<String>]) {
        let mut numbers = HashMap::new();
        for text in texts.iter().flatten() {
            let next = numbers.len() as u16;
            numbers.entry(text).or_insert(next);
        }
        let n_codes = numbers.len() as u16;
        let code = |text: &Option<String>| text.as_ref().map_or(n_codes, |text| numbers[text]);
        self.codes.push(texts.iter().map(code).collect());
        self.features.push(Feature::unordered(n_codes));
    }

    pub fn n_rows(&self) -> usize {
        self.codes.first().map_or(0, Vec::len)
    }

    pub fn columns(&self) -> Vec<Codes<'_>> {
        self.codes.iter().map(|codes| Codes::U16(codes)).collect()
    }

    pub fn row(&self, row: usize) -> Vec<u16> {
        self.codes.iter().map(|codes| codes[row]).collect()
    }

    pub fn samples(&self, params: ForestParams) -> Samples {
        Samples::draw(params, self.n_rows() as u32).expect("the settings are good")
    }

    /// The codes that growing asks for.
    pub fn sample_codes(&self, samples: &Samples) -> Array2<u16> {
        Array2::from_shape_fn((samples.rows().len(), self.codes.len()), |(line, feature)| {
            self.codes[feature][samples.rows()[line] as usize]
        })
    }

    pub fn grow(&self, params: ForestParams) -> Forest {
        let samples = self.samples(params);
        let codes = self.sample_codes(&samples);
        Grower::new(&samples, &self.features, codes.view()).expect("there are features").finish()
    }

    pub fn scores(&self, params: ForestParams) -> Vec<f64> {
        let mut scores = vec![f64::NAN; self.n_rows()];
        Scorer::new(&self.grow(params)).scores(&self.columns(), &mut scores);
        scores
    }
}

/// A file of the data that lies beside the checkout.
pub fn shared(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path)
}

pub fn gunzip(path: &str) -> String {
    let file = std::fs::File::open(shared(path)).expect("the shared data is there");
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("gzip of UTF-8");
    text
}

/// A set of `data/anomaly`: its feature columns, and which rows are anomalies.
pub fn anomaly_set(name: &str) -> (Table, Vec<bool>) {
    let text = gunzip(&format!("data/anomaly/{name}.csv.gz"));
    let mut lines = text.lines();
    let n_columns = lines.next().expect("a header").split(',').count();
    let mut columns = vec![Vec::new(); n_columns];
    for line in lines {
        for (column, cell) in columns.iter_mut().zip(line.split(',')) {
            column.push(cell.parse::<f64>().expect("a number"));
        }
    }
    let labels = columns.pop().expect("the label comes last");
    (Table::of_numbers(&columns), labels.iter().map(|&label| label == 1.0).collect())
}

/// The share of pairs of an anomaly and an ordinary row in which the anomaly scores higher, ties
/// counted half.
pub fn roc_auc(scores: &[f64], is_anomaly: &[bool]) -> f64 {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_unstable_by(|&a, &b| scores[a].total_cmp(&scores[b]));
    let (mut below, mut pairs) = (0.0, 0.0);
    for ties in order.chunk_by(|&a, &b| scores[a] == scores[b]) {
        let odd = ties.iter().filter(|&&row| is_anomaly[row]).count() as f64;
        let ordinary = ties.len() as f64 - odd;
        pairs += odd * (below + ordinary / 2.0);
        below += ordinary;
    }
    pairs / (below * (scores.len() as f64 - below))
}
