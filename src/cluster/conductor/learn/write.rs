//! A model as JSON, as it is shown: `docs/model.md` says how it is read.

use super::{
    super::{
        super::{
            counting::Weights,
            learned::{ClassesBy, SplitBy, Trained},
        },
        Dictionary, Table,
    },
    Classifier,
    count::except,
    json::{list, say, text},
    nodes::Writer,
    widened::Wide,
};
use crate::engine::{
    boost::{Learner, VOTE},
    table::ColumnType,
};

/// Writes the model that stands as JSON in UTF-8; `file` is the name of what it was learnt from.
pub fn model(table: &Table, classifier: &Classifier, file: &str) -> String {
    let (trained, model) = (&classifier.trained, &classifier.model);
    let columns = &classifier.columns;
    let writer = Writer {
        wide: Wide { table, added: &classifier.added },
        trained,
        model,
        columns,
        except: except(table, classifier, &trained.spec.counting.muted),
    };
    let mut out = String::from("{\n\"format\": \"isoscope-model\",\n\"version\": 1,\n\"file\": ");
    text(&mut out, file);
    out.push_str(",\n\"target\": ");
    writer.name(&mut out, trained.spec.target);
    out.push_str(",\n\"classes\": ");
    list(&mut out, &trained.classes, |out, name| text(out, name));
    out.push_str(",\n\"features\": ");
    let mut eyes = trained.spec.eyes.columns(&table.profile).into_iter();
    list(&mut out, columns, |out, &column| {
        out.push_str("{\"name\": ");
        writer.name(out, column);
        if column as usize >= table.profile.columns.len() {
            let eye = eyes.next().map_or("", |(eye, _)| eye);
            return say(out, format_args!(", \"kind\": \"number\", \"eye\": \"{eye}\"}}"));
        }
        let type_of = table.profile.columns[column as usize].kind;
        let kind = match (&table.dictionaries[column as usize], type_of) {
            (Dictionary::Unordered(_), _) => "text",
            (_, ColumnType::Time) => "time",
            _ => "number",
        };
        say(out, format_args!(", \"kind\": \"{kind}\"}}"));
    });
    let line = (trained.line * VOTE) as i64;
    say(&mut out, format_args!(",\n\"votes_per_unit\": {VOTE},\n\"line\": {line}"));
    out.push_str(",\n\"settings\": ");
    settings(&mut out, table, trained);
    out.push_str(",\n\"rounds\": [");
    let none = vec![0; model.n_votes()];
    let mut joint = "\n";
    for round in &model.rounds {
        out.push_str(joint);
        writer.node(&mut out, &round.tree, 0, &none);
        joint = ",\n";
    }
    writer.take_back(&mut out, joint);
    out.push_str("\n]\n}\n");
    out
}

/// What the model was trained with.
fn settings(out: &mut String, table: &Table, trained: &Trained) {
    let Trained { spec, n_rounds, .. } = trained;
    let params = &spec.params;
    let learner = match params.learner {
        Learner::Confidence => "confidence",
        Learner::Samme => "samme",
    };
    say(
        out,
        format_args!(
            "{{\"learner\": \"{learner}\", \"depth\": {}, \"rounds\": {n_rounds}, \"rate\": {}, \"seed\": {}",
            params.depth, params.rate, spec.seed
        ),
    );
    out.push_str(", \"classes\": ");
    let classes = match &spec.classes {
        ClassesBy::Values => "each value".to_owned(),
        ClassesBy::Against(value) => format!("{value} against all others"),
        ClassesBy::AllBut(value) => format!("all but {value} against it"),
        ClassesBy::Families => "families".to_owned(),
        ClassesBy::From(cut) => format!("numbers from {cut} on"),
    };
    text(out, &classes);
    out.push_str(", \"split\": ");
    let named = |column: &u32| &table.profile.columns[*column as usize].name;
    let split = match &spec.split {
        SplitBy::Random { share } => format!("a share of {share} at random is the test"),
        SplitBy::Time { column, share } => {
            format!("the last share of {share} by {} is the test", named(column))
        }
        SplitBy::Group { column, share } => {
            format!("groups by {}, a share of {share}, are the test", named(column))
        }
        SplitBy::Folds { k } => format!("{k} folds"),
        SplitBy::File { name, share, .. } if trained.is_unjudged() => {
            format!(
                "{name} has no labels; a share of {share} of the other rows at random is the test"
            )
        }
        SplitBy::File { name, .. } => format!("{name} is the test"),
    };
    text(out, &split);
    let weights = match &spec.weights {
        Weights::Alike => "alike",
        Weights::Balanced => "balanced",
        Weights::Costs(_) => "costs",
    };
    let is_held = spec.holds_out || params.patience.is_some();
    let patience = params.patience.unwrap_or(0);
    say(
        out,
        format_args!(
            ", \"weights\": \"{weights}\", \"patience\": {patience}, \"held_out\": {is_held}}}"
        ),
    );
}
