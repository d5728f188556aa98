//! Counting votes: from what a model says of rows to classes and figures.
//!
//! Votes that are muted are left out where rows are classified, by the shards. The line between two
//! classes is taken from every sum of votes here, in [`shifted`]: behind it a row is of the second class
//! where its sum is above 0, and nobody else need know of a line.

use std::rc::Rc;

use super::{
    super::{
        super::{
            JobError,
            bulk::Bulk,
            counting::{Counting, Line, Muted},
            learned::{CheapestLine, Judged, Leakage, RowSet, SplitBy, TrainSpec, Trained},
            message::{Answer, Question},
        },
        Dictionary, Shards, Table, ask_all, to_all,
    },
    Classifier,
    judge::{Answers, judged},
    widened::Wide,
};
use crate::engine::{
    boost::{Model, Mute, Scorer, VOTE, predicted, value},
    evaluate::{Confusion, Costs, Curve, Cut, Undefined},
};

/// Sums of votes of so many rows and classes are kept, so that another line need not ask for them.
const KEPT: usize = 1 << 23;
/// Lines beyond this are there.
const FARTHEST: f64 = (1_u64 << 52) as f64;

/// The rows that a model is judged by.
#[derive(Debug, Clone)]
pub(super) struct Panel {
    /// Each set with its rows, the test first.
    pub(super) sets: Vec<(RowSet, Vec<u32>)>,
    /// The rows of the test that have no equal among those learnt from, where any has one.
    pub(super) alone: Option<Vec<u32>>,
    /// The rows of the file to judge by, where there is one: those without a class too.
    pub(super) of_file: Option<Vec<u32>>,
    /// With folds, the votes of the test's rows, each by a model that had not learnt from it.
    pub(super) out_of_fold: Option<Vec<i64>>,
}

/// The votes of all rows of the table, with some muted.
pub(super) type Kept = (Vec<Muted>, Rc<Vec<i64>>);

/// Counts the votes of a model that stands otherwise. It comes to what a training comes to that counts
/// them so from the start.
///
/// # Errors
///
/// - [`NoneHeldOut`](JobError::NoneHeldOut): the line is to be set by rows held out of training, and of
///   a class there are none.
/// - [`Folded`](JobError::Folded): with folds, something is muted or the line is to be set by such rows.
/// - [`NotCosts`](JobError::NotCosts): costs are not a number of 0 or more for each pair of classes.
pub async fn recount<S: Shards>(
    shards: &mut S,
    table: &Table,
    classifier: &Classifier,
    counting: Counting,
    tell: &mut dyn FnMut(f64),
) -> Result<Classifier, JobError> {
    let Classifier { trained, model, panel, .. } = classifier;
    let costs = checked(&counting, &trained.spec.split, trained.classes.len())?;
    let except = except(table, classifier, &counting.muted);
    let whole = votes(shards, table, classifier, &[], &[]).await?;
    let votes = votes(shards, table, classifier, &counting.muted, &except).await?;
    let count = Count { classifier, costs: &costs, how: counting.line };
    let line = count.line(&votes)?;
    let seed = trained.spec.seed;
    let unmuted = if except.is_empty() {
        Vec::new()
    } else {
        let line = count.line(&whole)?;
        count.judged(RowSet::Test, &whole, line, None).map_or_else(Vec::new, |test| test.figures)
    };
    let mut sets = Vec::new();
    for (place, &(set, _)) in panel.sets.iter().enumerate() {
        tell(place as f64 / panel.sets.len() as f64);
        // Intervals take time, and those of rows that were learnt from mean nothing.
        let seed = (set == RowSet::Test).then_some(seed);
        sets.extend(count.judged(set, &votes, line, seed));
    }
    let shifted = shifted(&votes, line);
    let n_votes = model.n_votes();
    let scorer = Scorer::new(model, &[]);
    // From behind the line the farthest is as much farther away.
    let nearer = model.reach().max(1) as f64 / (model.reach().max(1) + line.abs()) as f64;
    let margins = shifted.chunks_exact(n_votes).map(|votes| scorer.margin(votes) * nearer);
    let predicted: Vec<u8> = shifted.chunks_exact(n_votes).map(predicted).collect();
    let mut applied = trained.applied.clone();
    if let (Some(applied), Some(rows)) = (&mut applied, &panel.of_file) {
        applied.of_classes = vec![0; trained.classes.len()];
        for &row in rows {
            applied.of_classes[usize::from(predicted[row as usize])] += 1;
        }
    }
    let without_twins = panel.alone.as_ref().and_then(|rows| count.of(rows, &votes, line));
    let trained = Trained {
        spec: TrainSpec { counting: counting.clone(), ..trained.spec.clone() },
        judged: sets,
        leakage: Leakage { without_twins, ..trained.leakage.clone() },
        applied,
        predicted: Bulk(predicted),
        margins: Bulk(margins.collect()),
        line: value(line),
        unmuted,
        cheapest: count.cheapest(&votes),
        ..(**trained).clone()
    };
    let mut keeps: Vec<Kept> = Vec::new();
    if whole.len() <= KEPT {
        keeps.push((Vec::new(), whole));
        if !counting.muted.is_empty() {
            keeps.push((counting.muted, votes));
        }
    }
    Ok(Classifier { trained: Rc::new(trained), kept: keeps, ..classifier.clone() })
}

/// The votes of the test with nothing muted, counted from where the line is by a model's spec; and its
/// classes.
pub(super) fn of_test(classifier: &Classifier) -> Result<(Vec<i64>, Vec<u8>), JobError> {
    let counting = &classifier.trained.spec.counting;
    let costs = costs_of(counting, classifier.trained.classes.len())?;
    let count = Count { classifier, costs: &costs, how: counting.line };
    let Some((_, whole)) = classifier.kept.first() else { return Ok(Default::default()) };
    let (line, rows) = (count.line(whole)?, count.rows_of(RowSet::Test).unwrap_or(&[]));
    let votes = count.votes(Some(RowSet::Test), rows, whole);
    Ok((shifted(&votes, line), count.truth(rows)))
}

/// The costs of a count, if there can be one.
pub(super) fn checked(
    counting: &Counting,
    split: &SplitBy,
    n_classes: usize,
) -> Result<Vec<f64>, JobError> {
    let is_folded = matches!(split, SplitBy::Folds { .. });
    if is_folded && (!counting.muted.is_empty() || counting.line.is_set_by_held_out_rows()) {
        return Err(JobError::Folded);
    }
    costs_of(counting, n_classes)
}

/// Costs that can be reckoned with.
pub(super) fn costs_of(counting: &Counting, n_classes: usize) -> Result<Vec<f64>, JobError> {
    let costs = counting.costs_of(n_classes);
    costs.filter(|costs| costs.iter().all(|cost| (0.0..f64::INFINITY).contains(cost))).ok_or(
        JobError::NotCosts { n_classes: n_classes as u32, found: counting.costs.len() as u32 },
    )
}

/// The votes that do not count, by feature and code; those that no row has are none.
pub(super) fn except(table: &Table, classifier: &Classifier, muted: &[Muted]) -> Vec<Mute> {
    let wide = Wide { table, added: &classifier.added };
    let of = |muted: &Muted| {
        let is_it = |&column: &u32| wide.told(column) == muted.column;
        let feature = classifier.columns.iter().position(is_it)? as u32;
        let Some(text) = &muted.at else { return Some(Mute::Column(feature)) };
        let code = code_of(wide.dictionary(muted.column)?, text)?;
        (classifier.model.params.depth == 1).then_some(Mute::Step { feature, code })
    };
    muted.iter().filter_map(of).collect()
}

/// The code of a value as the file has it.
fn code_of(dictionary: &Dictionary, text: &str) -> Option<u16> {
    if text.is_empty() {
        return Some(dictionary.n_codes());
    }
    match dictionary {
        Dictionary::Ranked(ranked) => {
            let number: f64 = text.parse().ok()?;
            let above = ranked.lows.partition_point(|&low| low <= number);
            above.checked_sub(1).map(|code| code as u16)
        }
        Dictionary::Unordered(_) => {
            (0..dictionary.n_codes()).find(|&code| dictionary.name(code) == text)
        }
        Dictionary::None => None,
    }
}

/// The votes of all rows, as they are kept or, where they are not, from the shards.
async fn votes<S: Shards>(
    shards: &mut S,
    table: &Table,
    classifier: &Classifier,
    muted: &[Muted],
    except: &[Mute],
) -> Result<Rc<Vec<i64>>, JobError> {
    if let Some((_, votes)) = classifier.kept.iter().find(|(those, _)| those == muted) {
        return Ok(Rc::clone(votes));
    }
    let columns = &classifier.columns;
    Ok(Rc::new(classified(shards, table, columns, &classifier.model, except).await?))
}

/// The votes of all rows of the table, in units of 2⁻⁴⁰: `rows × votes`.
pub(super) async fn classified<S: Shards>(
    shards: &mut S,
    table: &Table,
    columns: &[u32],
    model: &Model,
    except: &[Mute],
) -> Result<Vec<i64>, JobError> {
    let n_votes = model.n_votes();
    let mut all = vec![0; table.n_rows() as usize * n_votes];
    let question = |_| {
        let (model, columns) = (Box::new(model.clone()), columns.to_vec());
        Question::Classify { model, columns, except: except.to_vec() }
    };
    let questions = to_all(shards.n_shards(), question);
    ask_all(shards, questions, |_, answer| {
        if let Answer::Voted { first_row, votes } = answer {
            all[first_row as usize * n_votes..][..votes.len()].copy_from_slice(&votes);
        }
    })
    .await?;
    Ok(all)
}

/// Votes, counted from the line.
fn shifted(votes: &[i64], line: i64) -> Vec<i64> {
    votes.iter().map(|vote| vote - line).collect()
}

/// One count of votes.
struct Count<'a> {
    classifier: &'a Classifier,
    costs: &'a [f64],
    how: Line,
}

impl Count<'_> {
    fn n_classes(&self) -> u8 {
        self.classifier.trained.classes.len() as u8
    }

    fn rows_of(&self, set: RowSet) -> Option<&[u32]> {
        let sets = &self.classifier.panel.sets;
        sets.iter().find(|(there, _)| *there == set).map(|(_, rows)| &rows[..])
    }

    fn truth(&self, rows: &[u32]) -> Vec<u8> {
        rows.iter().map(|&row| self.classifier.trained.truth[row as usize]).collect()
    }

    /// The votes of some rows; of a test in folds those by the models of the folds.
    fn votes(&self, set: Option<RowSet>, rows: &[u32], votes: &[i64]) -> Vec<i64> {
        let of_folds =
            self.classifier.panel.out_of_fold.as_ref().filter(|_| set == Some(RowSet::Test));
        let judged = self.rows_of(RowSet::Test).unwrap_or_default();
        let n_votes = self.classifier.model.n_votes();
        let mut own = Vec::with_capacity(rows.len() * n_votes);
        for &row in rows {
            let (votes, at) = match of_folds {
                Some(of_folds) => {
                    (&of_folds[..], judged.binary_search(&row).expect("it was judged"))
                }
                None => (votes, row as usize),
            };
            own.extend_from_slice(&votes[at * n_votes..][..n_votes]);
        }
        own
    }

    /// Judges a set at a line.
    fn judged(&self, set: RowSet, votes: &[i64], line: i64, seed: Option<u64>) -> Option<Judged> {
        let rows = self.rows_of(set)?;
        let own = shifted(&self.votes(Some(set), rows, votes), line);
        let truth = self.truth(rows);
        let answers = Answers { votes: &own, truth: &truth, n_classes: self.n_classes() };
        Some(judged(set, &answers, seed))
    }

    /// Judges some rows of the test; none if there are none.
    fn of(&self, rows: &[u32], votes: &[i64], line: i64) -> Option<Judged> {
        let own = shifted(&self.votes(Some(RowSet::Test), rows, votes), line);
        let truth = self.truth(rows);
        let answers = Answers { votes: &own, truth: &truth, n_classes: self.n_classes() };
        (!rows.is_empty()).then(|| judged(RowSet::Test, &answers, None))
    }

    /// What cuts do to the rows held out of training; with more than two classes, and without such rows,
    /// there is none.
    fn held_out(&self, votes: &[i64]) -> Option<Curve> {
        let rows = self.rows_of(RowSet::Holdout).filter(|_| self.n_classes() == 2)?;
        Some(Curve::of(&self.votes(None, rows, votes), &self.truth(rows), 1))
    }

    /// Where the line is, in votes of 2⁻⁴⁰.
    fn line(&self, votes: &[i64]) -> Result<i64, JobError> {
        let empty = || Curve::of(&[], &[], 1);
        let cut = match self.how {
            _ if self.n_classes() != 2 => return Ok(0),
            Line::Even => return Ok(0),
            Line::At(sum) => return Ok((sum * VOTE).round().clamp(-FARTHEST, FARTHEST) as i64),
            Line::FalseAlarms(share) => {
                self.held_out(votes).unwrap_or_else(empty).most_found(share)
            }
            Line::Cheapest => self.least_cost(&self.held_out(votes).unwrap_or_else(empty)),
        };
        let classes = &self.classifier.trained.classes;
        match cut {
            Ok(cut) => Ok(self.below(&cut)),
            Err(Undefined::NoPositives) => Err(JobError::NoneHeldOut { class: classes[1].clone() }),
            Err(_) => Err(JobError::NoneHeldOut { class: classes[0].clone() }),
        }
    }

    fn least_cost(&self, curve: &Curve) -> Result<Cut, Undefined> {
        // Of a mistake counts what it costs beyond being right.
        let missed = self.costs[2] - self.costs[3];
        let false_alarm = self.costs[1] - self.costs[0];
        curve.least_cost(Costs { missed, false_alarm }, None)
    }

    /// The line just below a cut; that which no row is above, where nothing is to be cut off.
    fn below(&self, cut: &Cut) -> i64 {
        cut.threshold.map_or(self.classifier.model.reach(), |lowest| lowest - 1)
    }

    fn cheapest(&self, votes: &[i64]) -> Option<CheapestLine> {
        let line = self.below(&self.least_cost(&self.held_out(votes)?).ok()?);
        let rows = self.rows_of(RowSet::Test)?;
        let own = shifted(&self.votes(Some(RowSet::Test), rows, votes), line);
        let classes: Vec<u8> = own.iter().map(|&vote| predicted(&[vote])).collect();
        let confusion = Confusion::of(2, &self.truth(rows), &classes);
        Some(CheapestLine { line: value(line), confusion: Bulk(confusion.cells().to_vec()) })
    }
}
