//! Tables with classes for the boosting tests and benchmark, and training over several parts.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::cast_possible_truncation,
    reason = "included by several tests, none uses all of it; test tables are small"
)]

#[path = "../forest_support/mod.rs"]
pub mod forest_support;

use forest_support::{Column, Table, gunzip, shared};
use isoscope::{
    cluster::local::Local,
    engine::{
        boost::{Booster, Census, Model, Order, Params, Part, Report, Rows, Use},
        matrix::Codes,
        text::Overrides,
    },
    protocol::{ColumnProfile, ColumnType, KnownSchema},
};
use proptest::prelude::*;
use serde_json::Value;

/// A table, a class for every row, and what rows are there for.
#[derive(Debug, Clone, Default)]
pub struct Labelled {
    pub table: Table,
    pub classes: Vec<u8>,
    pub uses: Vec<Use>,
    pub n_classes: u32,
}

/// The cells of some rows, gathered into parts.
pub fn parts(labelled: &Labelled, of_part: impl Fn(usize) -> usize, n_parts: usize) -> Vec<Rows> {
    let Labelled { table, classes, uses, n_classes } = labelled;
    let rows_of = |part: usize| -> Vec<usize> {
        (0..classes.len()).filter(|&row| of_part(row) == part).collect()
    };
    let gather = |part: usize| {
        let rows = rows_of(part);
        let pick = |codes: &Vec<u16>| rows.iter().map(|&row| codes[row]).collect::<Vec<_>>();
        let narrow = |codes: &Vec<u16>| codes.iter().map(|&code| code as u8).collect::<Vec<_>>();
        let wide: Vec<Vec<u16>> = table.codes.iter().map(pick).collect();
        let small: Vec<Vec<u8>> = wide.iter().map(narrow).collect();
        let columns: Vec<Codes<'_>> = table
            .features
            .iter()
            .zip(wide.iter().zip(&small))
            .map(|(feature, (wide, small))| match feature.missing() {
                0..=255 => Codes::U8(small),
                _ => Codes::U16(wide),
            })
            .collect();
        let classes: Vec<u8> = rows.iter().map(|&row| classes[row]).collect();
        let uses: Vec<Use> = rows.iter().map(|&row| uses[row]).collect();
        Rows::gather(&columns, &table.features, &classes, &uses, *n_classes)
    };
    (0..n_parts).map(gather).collect()
}

/// Adds censuses up.
pub fn census(parts: &[Rows]) -> Census {
    let mut census = parts[0].census().clone();
    parts[1..].iter().for_each(|part| census.merge(part.census()));
    census
}

/// Trains over parts; `seen` is told every order and the reports' sum.
pub fn train_parts(
    labelled: &Labelled,
    params: &Params,
    rows: Vec<Rows>,
    mut seen: impl FnMut(&Order, &Report, &Booster),
) -> Model {
    let census = census(&rows);
    let mut booster =
        Booster::new(&labelled.table.features, params.clone(), &census).expect("it can be trained");
    let mut parts: Vec<Part> =
        rows.into_iter().map(|rows| Part::new(rows, booster.plan())).collect();
    while let Some(order) = booster.order().cloned() {
        // The last part answers first: no order of merging may be seen.
        let mut sum: Option<Report> = None;
        for part in parts.iter_mut().rev() {
            let report = part.obey(&order);
            match &mut sum {
                Some(sum) => sum.merge(&report),
                None => sum = Some(report),
            }
        }
        let sum = sum.expect("there is a part");
        seen(&order, &sum, &booster);
        booster.take(sum);
    }
    booster.finish()
}

/// Trains over one part.
pub fn train(labelled: &Labelled, params: &Params) -> Model {
    train_parts(labelled, params, parts(labelled, |_| 0, 1), |_, _, _| {})
}

/// The families that NSL-KDD's labels belong to, as the known schema names them.
pub const FAMILIES: [&str; 5] = ["Normal", "DoS", "Probe", "R2L", "U2R"];

/// NSL-KDD's files as our own reader has them: the 41 features and the labels.
#[derive(Debug, Clone)]
pub struct NslKdd {
    columns: Vec<Column>,
    labels: Vec<String>,
    /// The family of each label that occurs.
    families: Vec<(String, u8)>,
}

impl NslKdd {
    /// Reads files of `data/nsl-kdd`, one after the other.
    pub fn read(files: &[&str]) -> Self {
        let text: String =
            files.iter().map(|file| text_of(&format!("data/nsl-kdd/{file}"))).collect();
        let mut local = Local::new(1);
        let table = local.load(text.into_bytes(), &Overrides::default()).expect("a table");
        let profile = table.profile.clone();
        assert_eq!(profile.schema, Some(KnownSchema::NslKdd));
        let mut texts = vec![Vec::new(); 42];
        let rows: Vec<u32> = (0..profile.n_rows).collect();
        for rows in rows.chunks(4096) {
            for row in local.rows(rows).expect("rows") {
                for (column, cell) in texts.iter_mut().zip(row.cells) {
                    column.push(cell);
                }
            }
        }
        let known = profile.columns[41].known_values.iter();
        let family = |name: &str| FAMILIES.iter().position(|family| *family == name);
        let families = known
            .map(|value| (value.text.clone(), family(&value.family).expect("a family") as u8))
            .collect();
        let labels = texts.pop().expect("the label");
        let column = |(texts, profile): (Vec<String>, &ColumnProfile)| match profile.kind {
            ColumnType::Text => Column::Texts(texts.into_iter().map(Some).collect()),
            _ => Column::Numbers(texts.iter().map(|text| text.parse().ok()).collect()),
        };
        let columns = texts.into_iter().zip(&profile.columns).map(column).collect();
        Self { columns, labels, families }
    }

    /// The names of attacks, or `normal`.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The rows with their families, all to train on.
    pub fn families(&self) -> Labelled {
        let family = |label: &String| {
            let known = self.families.iter().find(|(name, _)| name == label);
            known.expect("a known label").1
        };
        let classes: Vec<u8> = self.labels.iter().map(family).collect();
        let uses = vec![Use::Train; classes.len()];
        Labelled { table: Table::new(&self.columns), classes, uses, n_classes: 5 }
    }

    /// The rows with their own labels, all to train on.
    pub fn by_label(&self) -> Labelled {
        let mut names: Vec<&String> = self.labels.iter().collect();
        names.sort();
        names.dedup();
        let class = |label: &String| names.binary_search(&label).expect("it is one of them") as u8;
        let classes = self.labels.iter().map(class).collect();
        Labelled { classes, n_classes: names.len() as u32, ..self.families() }
    }

    /// The rows, attack (1) or normal (0), all to train on.
    pub fn binary(&self) -> Labelled {
        let families = self.families();
        let classes = families.classes.iter().map(|&family| u8::from(family > 0)).collect();
        Labelled { classes, n_classes: 2, ..families }
    }

    /// The numbers of the columns that take part in the reference figures: the 38 of numbers.
    pub fn numeric() -> Vec<u32> {
        (0..41).filter(|column| !(1..=3).contains(column)).collect()
    }
}

impl Labelled {
    /// Rows of `KDDTrain+` as `reference/split.json` parts them: its test rows are held out.
    pub fn with_reference_split(mut self) -> Self {
        let file = std::fs::read(shared("reference/split.json")).expect("the reference is there");
        let split: Value = serde_json::from_slice(&file).expect("it is JSON");
        let bits = base64(split["test_bits"].as_str().expect("a text"));
        for (row, use_) in self.uses.iter_mut().enumerate() {
            if bits[row / 8] >> (row % 8) & 1 == 1 {
                *use_ = Use::Held;
            }
        }
        for row in split["dropped"].as_array().expect("a list") {
            self.uses[row.as_u64().expect("a row") as usize] = Use::Out;
        }
        let n = |wanted: Use| self.uses.iter().filter(|&&is| is == wanted).count();
        assert_eq!(split["train"]["rows"], n(Use::Train));
        assert_eq!(split["test"]["rows"], n(Use::Held));
        self
    }

    /// Only some columns.
    pub fn with_columns(mut self, columns: &[u32]) -> Self {
        let Table { features, codes } = &mut self.table;
        *features = columns.iter().map(|&column| features[column as usize].clone()).collect();
        *codes =
            columns.iter().map(|&column| std::mem::take(&mut codes[column as usize])).collect();
        self
    }
}

fn text_of(file: &str) -> String {
    match file.strip_suffix(".gz") {
        Some(_) => gunzip(file),
        None => std::fs::read_to_string(shared(file)).expect("the shared data is there"),
    }
}

/// The bytes of a text in base64.
fn base64(text: &str) -> Vec<u8> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut bits, mut n_bits) = (0_u32, 0);
    for digit in text.bytes().filter(|&digit| digit != b'=') {
        let value = DIGITS.iter().position(|&other| other == digit).expect("base64");
        bits = bits << 6 | value as u32;
        n_bits += 6;
        if n_bits >= 8 {
            n_bits -= 8;
            bytes.push((bits >> n_bits) as u8);
        }
    }
    bytes
}

/// Small random tables of up to four columns, some values missing; with `repeats` copies of each row.
pub fn drawn_repeated(
    n_classes: std::ops::Range<u32>,
    repeats: usize,
) -> impl Strategy<Value = Labelled> {
    let column = (any::<bool>(), 1..6_u8, 0..3_u8);
    let row = (prop::array::uniform4(any::<u8>()), any::<u8>(), 0..5_u8, any::<u8>());
    let rows = prop::collection::vec(row, 4..80);
    (n_classes, prop::collection::vec(column, 1..5), rows).prop_map(
        move |(n_classes, columns, mut rows)| {
            // Two rows that make training possible: of two classes, and not alike.
            (rows[0].0[0], rows[0].1, rows[0].2) = (0, 0, 0);
            (rows[1].0[0], rows[1].1, rows[1].2) = (1, 1, 0);
            let rows: Vec<_> = rows.into_iter().flat_map(|row| vec![row; repeats]).collect();
            let column = |(place, &(is_text, n_values, n_missing)): (usize, &(bool, u8, u8))| {
                let value = |row: &([u8; 4], u8, u8, u8)| {
                    // The first column's first two rows differ.
                    let n_values = n_values.max(2);
                    // One column has to do with the class.
                    let tells = row.0[1] / 86 + row.1 % n_classes as u8;
                    let cell = if place == 1 { tells } else { row.0[place] };
                    let value = cell % (n_values + n_missing);
                    (value < n_values).then_some(value)
                };
                if is_text && place > 0 {
                    let text = |row| value(row).map(|value| value.to_string());
                    Column::Texts(rows.iter().map(text).collect())
                } else {
                    Column::Numbers(rows.iter().map(|row| value(row).map(f64::from)).collect())
                }
            };
            let columns: Vec<Column> = columns.iter().enumerate().map(column).collect();
            let uses = [Use::Train, Use::Train, Use::Train, Use::Held, Use::Out];
            Labelled {
                table: Table::new(&columns),
                classes: rows.iter().map(|row| row.1 % n_classes as u8).collect(),
                uses: rows.iter().map(|row| uses[usize::from(row.2)]).collect(),
                n_classes,
            }
        },
    )
}

/// Small random tables.
pub fn drawn(n_classes: std::ops::Range<u32>) -> impl Strategy<Value = Labelled> {
    drawn_repeated(n_classes, 1)
}
