//! Sessions that know something, for tests.

use super::{Session, Work};
use crate::protocol::{
    BoostParams, ClassesBy, ColumnProfile, ColumnType, Counting, Dialect, Ending, Envelope, Event,
    Eyes, JobId, Leakage, LineEnd, Loaded, Profile, Reading, Role, RoleReason, SplitBy, TrainSpec,
    Trained, Weights,
};
use crate::ui::recipe::Recipe;
use crate::ui::triage::tests::found;

/// A column of nine numbers or texts.
pub(crate) fn column(name: &str, kind: ColumnType, role: Role) -> ColumnProfile {
    ColumnProfile {
        name: name.to_owned(),
        kind,
        role,
        reason: RoleReason::Varies,
        n_missing: 0,
        n_distinct: 9,
        values: None,
        quantile_codes: false,
        reading: Reading::plain(kind),
        help: None,
        known_values: vec![],
    }
}

/// Rows of these columns, of a file without oddities.
pub(crate) fn profile(n_rows: u32, columns: Vec<ColumnProfile>) -> Profile {
    let dialect =
        Dialect { quote: None, n_header_lines: 1, line_end: LineEnd::Lf, ..Dialect::default() };
    Profile {
        n_bytes: 1,
        n_rows,
        columns,
        dialect,
        schema: None,
        schema_evidence: String::new(),
        missing: Vec::new(),
        evidence: vec![],
        sample: None,
        notices: vec![],
    }
}

/// A table of three columns of whole numbers: `a`, `b`, `c`.
pub(crate) fn loaded(n_rows: u32) -> Event {
    let column = |name, role| column(name, ColumnType::Integer, role);
    let columns =
        vec![column("a", Role::Feature), column("b", Role::Ignore), column("c", Role::Feature)];
    Event::Loaded(Box::new(Loaded {
        name: "a.csv".to_owned(),
        origins: Vec::new(),
        profile: profile(n_rows, columns),
        timings: vec![],
    }))
}

pub(crate) fn tell(session: Session, job: u32, body: Event) {
    session.apply(Envelope { job: JobId(job), body });
}

/// A session with a table, loaded as job 1.
pub(crate) fn with_table() -> Session {
    let session = Session::new(&Recipe::default());
    tell(session, 0, Event::Ready { shards: 2 });
    session.begin(JobId(1), Work::Load);
    tell(session, 1, loaded(4));
    session
}

pub(crate) fn detected(scores: &[f64]) -> Event {
    Event::Detected(Box::new(found(scores, Some(0.6))), vec![])
}

/// A model of two classes that says so of four rows.
pub(crate) fn trained(predicted: [u8; 4]) -> Box<Trained> {
    Box::new(Trained {
        spec: TrainSpec {
            target: 1,
            classes: ClassesBy::Values,
            features: vec![0, 2],
            split: SplitBy::Random { share: 0.5 },
            params: BoostParams::default(),
            weights: Weights::Alike,
            holds_out: false,
            eyes: Eyes::default(),
            seed: 7,
            counting: Counting::default(),
        },
        classes: vec!["x".to_owned(), "y".to_owned()],
        n_train: vec![1, 1],
        n_unlabelled: 0,
        n_rounds: 1,
        ending: Ending::AllRounds,
        curve: vec![],
        watched: None,
        notes: vec![],
        added: vec![],
        helped: None,
        judged: vec![],
        columns: vec![],
        leakage: Leakage::default(),
        applied: None,
        predicted: predicted.to_vec().into(),
        margins: vec![0.5; 4].into(),
        truth: vec![0, 1, 0, 1].into(),
        line: 0.0,
        reach: 1.0,
        unmuted: vec![],
        cheapest: None,
    })
}
