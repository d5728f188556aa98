//! Baselines that learn in a shard: it lends its hands, whichever rows it holds.

use std::{fmt, rc::Rc};

use super::{
    bulk::Bulk,
    message::{Answer, StudyQuestion},
    shard::Outcome,
};
use crate::engine::baselines::{Baseline, Learn, Rows, learner};

/// The rows that baselines learn from, and the one that has learnt last.
#[derive(Default)]
pub(super) struct Studies {
    rows: Option<Rc<Rows>>,
    learner: Option<Box<dyn Learn>>,
}

impl fmt::Debug for Studies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Studies")
    }
}

/// A question about them that is being answered.
#[derive(Debug)]
pub(super) enum Studying {
    /// What is done at once.
    Keep(Option<Rows>),
    /// A baseline that is still to be made.
    Make(Baseline),
    /// It learns, and so many thousandths have been told.
    Learn { n_told: u64 },
    /// It votes.
    Vote { codes: Bulk<u16>, n_done: usize, votes: Vec<i64> },
}

impl Studying {
    pub(super) fn new(question: StudyQuestion) -> Self {
        match question {
            StudyQuestion::Keep(rows) => Self::Keep(Some(rows)),
            StudyQuestion::Learn(which) => Self::Make(which),
            StudyQuestion::Vote(codes) => Self::Vote { codes, n_done: 0, votes: Vec::new() },
            StudyQuestion::End => Self::Keep(None),
        }
    }

    /// Works for some tenths of a second at most.
    pub(super) fn step(&mut self, studies: &mut Studies) -> Outcome {
        match self {
            Self::Keep(rows) => {
                *studies = Studies { rows: rows.take().map(Rc::new), learner: None };
                Outcome::Ends(Answer::Done)
            }
            Self::Make(which) => match learner(*which, studies.rows()) {
                Ok(made) => {
                    studies.learner = Some(made);
                    *self = Self::Learn { n_told: 0 };
                    Outcome::GoesOn
                }
                Err(error) => Outcome::Ends(Answer::Studied(Err(error))),
            },
            Self::Learn { n_told } => {
                let learner = studies.learner();
                match learner.step() {
                    Ok(done) if done < 1.0 => {
                        let n_done = (done * 1e3) as u64;
                        let n_new = n_done - *n_told;
                        *n_told = n_done;
                        Outcome::Tells(Answer::Progress(n_new))
                    }
                    Ok(_) => Outcome::Ends(Answer::Studied(Ok(learner.learnt_from()))),
                    Err(error) => Outcome::Ends(Answer::Studied(Err(error))),
                }
            }
            Self::Vote { codes, n_done, votes } => {
                let rows = Rc::clone(studies.rows());
                let n_columns = rows.design.n_columns();
                let learner = studies.learner();
                let end = codes.len().min(*n_done + learner.block() * n_columns);
                learner.votes(rows.design.cells(&codes[*n_done..end]), votes);
                *n_done = end;
                if end < codes.len() {
                    return Outcome::GoesOn;
                }
                Outcome::Ends(Answer::Votes(Bulk(std::mem::take(votes))))
            }
        }
    }
}

impl Studies {
    fn rows(&self) -> &Rc<Rows> {
        self.rows.as_ref().expect("rows are kept before they are learnt from")
    }

    fn learner(&mut self) -> &mut dyn Learn {
        self.learner.as_mut().expect("it learns before it votes").as_mut()
    }
}
