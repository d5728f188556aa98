//! Tune: which depth, rate and number of rounds tell rows right that a model did not learn from.
//!
//! ```text
//! rows to learn from ─▶ folds ─▶ lent to every shard
//! 20 settings × 2 folds ─▶ the clearly worse go ─▶ fold after fold for the others ─▶ the one to take
//! ```
//!
//! The test has no part in it. Each shard fits models of its own; rounds cost nothing, as the errors of
//! a fit after each of its rounds are those of models cut off there.

use super::{
    super::{
        super::{
            JobError,
            bulk::Bulk,
            counting::Weights,
            learned::{SplitBy, TrainSpec},
            message::{Answer, FitQuestion, LearnQuestion, Loan, Question},
            step::Step,
            tuned::{TuneEnding, TuneSpec, Tuned},
        },
        Shards, Table, ask_all,
        codes::codes,
        to_all,
    },
    lesson::{Lesson, Prepared, prepare},
    race::{Runner, drop_the_worst, standing},
    split::folds,
    train::{class_weights, forget},
};
use crate::engine::{
    boost::Params,
    evaluate::{Part, stratified},
};

/// The depths that are tried, each with all [rates](RATES).
const DEPTHS: [u32; 5] = [3, 1, 4, 2, 5];
/// The rates that are tried.
const RATES: [f64; 4] = [0.5, 0.25, 1.0, 0.1];
/// Folds, where the split does not say how many.
const FOLDS: u8 = 5;
/// Folds after which the first settings are left out.
const FIRST: u8 = 2;
/// Rounds without gain after which a fit ends.
const PATIENCE: u32 = 25;
/// Rows × columns × votes at most: of larger tables a part is drawn, so that a fit takes a second.
const MOST: u64 = 1 << 23;
/// Rows that are always enough to be tried on, if there are as many.
const LEAST: u64 = 2_000;

/// How Tune is watched, and ended early.
pub struct TuneWatch<'a> {
    /// Hears how far it is.
    pub tell: &'a mut dyn FnMut(Step, f64),
    /// Hears after each fit what is known.
    pub so_far: &'a mut dyn FnMut(&Tuned),
    /// Says whether what is known is enough.
    pub is_enough: &'a dyn Fn() -> bool,
    /// Says how many seconds have passed since some moment.
    pub now: &'a dyn Fn() -> f64,
}

/// Tries depths, rates and numbers of rounds on folds of the rows to learn from.
///
/// 20 settings: depths 1 to 5 with rates 1, ½, ¼ and 0.1, each with up to as many rounds as the spec has.
/// All of them see two folds, and those that are clearly worse than the best no more; so on with each
/// fold. Of larger tables a seeded part of the rows is used, class by class. Time and patience can end it
/// at any fit: what is known by then is the answer. Without an end by the clock, the answer is the same
/// for any number of shards, but for the seconds.
///
/// # Errors
///
/// As [`train`](super::train); [`Boost`](JobError::Boost) where a fold leaves nothing to learn.
pub async fn tune<S: Shards>(
    shards: &mut S,
    table: &Table,
    spec: TuneSpec,
    watch: &mut TuneWatch<'_>,
) -> Result<Tuned, JobError> {
    (watch.tell)(Step::Prepare, 0.0);
    let began = (watch.now)();
    let Prepared { mut lesson, parts, .. } = prepare(shards, table, &spec.train).await?;
    let is_folded = matches!(spec.train.split, SplitBy::Folds { .. });
    let n_of = keep(&mut lesson, |place| is_folded || parts[0][place] == Part::Train);
    bound(&mut lesson, spec.train.seed)?;
    let k = if let SplitBy::Folds { k } = spec.train.split { k } else { FOLDS };
    let folds = folds(shards, &spec.train, &lesson.rows, &lesson.classes, k).await?;
    lend(shards, table, &lesson, &folds).await?;

    let params: Result<_, _> =
        (0..k).map(|fold| params(&spec.train, &lesson, &folds, fold)).collect();
    let params = params?;
    let n_rows = (lesson.rows.len() as u32, n_of);
    let mut search =
        Search { params, runners: runners(k), n_rows, n_fits: 0, highest: 0.0, began, spec };
    let is_balanced = search.spec.train.weights == Weights::Balanced;
    for n in FIRST.min(k)..=k {
        let first = if n == FIRST { 0 } else { n - 1 };
        let ending = search.run(shards, first..n, watch).await?;
        if ending != TuneEnding::Complete {
            return Ok(search.told(ending));
        }
        drop_the_worst(&mut search.runners, n.into(), is_balanced);
    }
    forget(shards).await?;
    Ok(search.told(TuneEnding::Complete))
}

/// Leaves rows out of a lesson; returns how many stay.
fn keep(lesson: &mut Lesson, is_kept: impl Fn(usize) -> bool) -> u32 {
    let places: Vec<usize> = (0..lesson.rows.len()).filter(|&place| is_kept(place)).collect();
    lesson.rows = places.iter().map(|&place| lesson.rows[place]).collect();
    lesson.classes = places.iter().map(|&place| lesson.classes[place]).collect();
    places.len() as u32
}

/// Draws a part of the rows, class by class, where there are more than can be tried on in time.
fn bound(lesson: &mut Lesson, seed: u64) -> Result<(), JobError> {
    let each = (lesson.columns.len() * lesson.n_votes()) as u64;
    let most = (MOST / each).max(LEAST) as f64;
    let n_rows = lesson.rows.len() as f64;
    if n_rows > most {
        // What a split keeps to judge by is drawn class by class: here it is what is used.
        let drawn = stratified(&lesson.classes, most / n_rows, seed)?;
        keep(lesson, |place| drawn.parts[place] == Part::Test);
    }
    Ok(())
}

/// Has every shard keep all rows.
async fn lend<S: Shards>(
    shards: &mut S,
    table: &Table,
    lesson: &Lesson,
    folds: &[u8],
) -> Result<(), JobError> {
    let codes = codes(shards, table, &lesson.rows, &lesson.columns).await?;
    let loan = Loan {
        features: lesson.features.clone(),
        codes: Bulk(codes),
        classes: Bulk(lesson.classes.clone()),
        folds: Bulk(folds.to_vec()),
        n_classes: lesson.n_classes.into(),
    };
    let lend = |_| Question::Learn(Box::new(LearnQuestion::Lend(Box::new(loan.clone()))));
    ask_all(shards, to_all(shards.n_shards(), lend), |_, _| {}).await?;
    Ok(())
}

/// What all settings have in common on a fold.
fn params(spec: &TrainSpec, lesson: &Lesson, folds: &[u8], fold: u8) -> Result<Params, JobError> {
    let part = |&there: &u8| if there == fold { Part::Test } else { Part::Train };
    let parts: Vec<Part> = folds.iter().map(part).collect();
    let class_weights = class_weights(spec, lesson, &parts)?;
    Ok(Params { class_weights, patience: Some(PATIENCE), ..spec.params.clone() })
}

/// All settings; of any five in a row each has another depth, so that whatever is known when the time is
/// over is about shallow trees and deep ones.
fn runners(k: u8) -> Vec<Runner> {
    let mut runners = Vec::with_capacity(DEPTHS.len() * RATES.len());
    for first in 0..RATES.len() {
        for (place, &depth) in DEPTHS.iter().enumerate() {
            let rate = RATES[(first + place) % RATES.len()];
            let folds = vec![None; k.into()];
            runners.push(Runner { depth, rate, folds, is_dropped: false, seconds: 0.0 });
        }
    }
    runners
}

/// The settings on their way through the folds.
struct Search {
    spec: TuneSpec,
    /// By fold.
    params: Vec<Params>,
    runners: Vec<Runner>,
    n_rows: (u32, u32),
    /// Fits that are done.
    n_fits: u32,
    /// How far it was said to be.
    highest: f64,
    /// When it began.
    began: f64,
}

/// A fit that a shard is at.
struct Running {
    setting: usize,
    fold: u8,
    since: f64,
    n_rounds: u64,
}

impl Search {
    /// Has shards fit all settings that are left to some folds, each shard one after the other.
    async fn run<S: Shards>(
        &mut self,
        shards: &mut S,
        folds: std::ops::Range<u8>,
        watch: &mut TuneWatch<'_>,
    ) -> Result<TuneEnding, JobError> {
        let left = (0..self.runners.len()).filter(|&at| !self.runners[at].is_dropped);
        let left: Vec<usize> = left.collect();
        let all = folds.flat_map(|fold| left.iter().map(move |&setting| (setting, fold)));
        let mut queue = all.collect::<Vec<_>>().into_iter();
        let mut running: Vec<Option<Running>> = (0..shards.n_shards()).map(|_| None).collect();
        loop {
            let ending = self.ending(watch);
            if ending != TuneEnding::Complete {
                return Ok(ending);
            }
            for (shard, place) in (0..).zip(&mut running).filter(|(_, place)| place.is_none()) {
                let Some((setting, fold)) = queue.next() else { break };
                let Runner { depth, rate, .. } = self.runners[setting];
                let params = Params { depth, rate, ..self.params[usize::from(fold)].clone() };
                shards.ask(shard, Question::Fit(Box::new(FitQuestion { fold, params })));
                *place = Some(Running { setting, fold, since: (watch.now)(), n_rounds: 0 });
            }
            if running.iter().all(Option::is_none) {
                return Ok(TuneEnding::Complete);
            }
            let (shard, answer) = shards.answer().await?;
            let place = &mut running[shard as usize];
            match (answer, place.as_mut()) {
                (Answer::Progress(n), Some(there)) => there.n_rounds += n,
                (Answer::Fitted(fitted), Some(there)) => {
                    let runner = &mut self.runners[there.setting];
                    runner.folds[usize::from(there.fold)] = Some(fitted?);
                    runner.seconds += (watch.now)() - there.since;
                    self.n_fits += 1;
                    *place = None;
                    (watch.so_far)(&self.told(TuneEnding::Runs));
                }
                _ => unreachable!("a fit was asked for"),
            }
            self.tell(&running, watch);
        }
    }

    /// Whether to go on; [`Complete`](TuneEnding::Complete) if so.
    fn ending(&self, watch: &TuneWatch<'_>) -> TuneEnding {
        if (watch.is_enough)() {
            TuneEnding::Stopped
        } else if (watch.now)() - self.began > self.spec.seconds {
            TuneEnding::TimeUp
        } else {
            TuneEnding::Complete
        }
    }

    /// Tells how far it is: of the fits that are still planned, or of the time if that ends first.
    fn tell(&mut self, running: &[Option<Running>], watch: &mut TuneWatch<'_>) {
        let n_folds = self.params.len();
        let left = self.runners.iter().filter(|runner| !runner.is_dropped);
        let n_left: usize = left.map(|runner| n_folds - runner.n_folds()).sum();
        let n_most = f64::from(self.spec.train.params.n_rounds);
        let begun: f64 = running.iter().flatten().map(|it| it.n_rounds as f64 / n_most).sum();
        let n_fits = f64::from(self.n_fits);
        let of_work = (n_fits + begun) / (n_fits + n_left as f64).max(1.0);
        let of_time = ((watch.now)() - self.began) / self.spec.seconds;
        self.highest = self.highest.max(of_work.max(of_time).min(1.0));
        (watch.tell)(Step::Train, self.highest);
    }

    /// What is known.
    fn told(&self, ending: TuneEnding) -> Tuned {
        let is_balanced = self.spec.train.weights == Weights::Balanced;
        let (tried, best, chosen) = standing(&self.runners, is_balanced);
        Tuned {
            spec: self.spec.clone(),
            tried,
            n_folds: self.params.len() as u8,
            n_rows: self.n_rows,
            best,
            chosen,
            n_fits: self.n_fits,
            ending,
        }
    }
}
