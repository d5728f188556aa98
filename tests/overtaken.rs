//! Questions that take several steps, while other scores and other tables come to stand.

mod forest_support;

use std::{
    cell::RefCell,
    collections::VecDeque,
    ops::Range,
    pin::pin,
    task::{Context, Poll, Waker},
};

use forest_support::held::large;
use isoscope::{
    cluster::{
        JobError, Outcome, Shard, Task,
        bulk::Bulk,
        conductor::{self, DetectSpec, Detection, Shards, Table},
        message::{Answer, CaseQuestion, LikeQuestion, Question},
        view::Selection,
    },
    engine::{forest::ForestParams, text::Overrides},
};

/// The shards of several requests at once, as the workers of a browser see them.
struct Desk<'a> {
    shards: &'a RefCell<Vec<Shard>>,
    file: &'a [u8],
    tasks: VecDeque<(u32, Task)>,
}

impl Desk<'_> {
    /// Works on the next task for one step.
    fn step(&mut self) -> Option<(u32, Answer)> {
        let (at, mut task) = self.tasks.pop_front().expect("an answer is due");
        let shard = &mut self.shards.borrow_mut()[at as usize];
        let answer = match shard.step(&mut task) {
            Outcome::Needs { range, .. } => {
                let bytes = &self.file[range.start as usize..range.end as usize];
                shard.feed(&mut task, bytes.len(), |there| there.copy_from_slice(bytes));
                None
            }
            Outcome::GoesOn => None,
            Outcome::Tells(answer) => Some(answer),
            Outcome::Ends(answer) => return Some((at, answer)),
            Outcome::Silent => return None,
        };
        self.tasks.push_back((at, task));
        answer.map(|answer| (at, answer))
    }
}

impl Shards for Desk<'_> {
    fn n_shards(&self) -> u32 {
        self.shards.borrow().len() as u32
    }

    fn ask(&mut self, shard: u32, question: Question) {
        let task = self.shards.borrow_mut()[shard as usize].begin(question);
        self.tasks.push_back((shard, task));
    }

    async fn answer(&mut self) -> Result<(u32, Answer), JobError> {
        loop {
            if let Some(answer) = self.step() {
                return Ok(answer);
            }
        }
    }

    async fn read(&mut self, range: Range<u64>) -> Result<Vec<u8>, JobError> {
        Ok(self.file[range.start as usize..range.end as usize].to_vec())
    }
}

fn run<T>(job: impl Future<Output = T>) -> T {
    match pin!(job).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => unreachable!("these shards never wait"),
    }
}

/// Two shards, and the file of the table that they hold.
struct House {
    shards: RefCell<Vec<Shard>>,
    file: Vec<u8>,
}

impl House {
    fn new() -> Self {
        Self { shards: RefCell::new(vec![Shard::default(), Shard::default()]), file: large() }
    }

    fn desk(&self) -> Desk<'_> {
        Desk { shards: &self.shards, file: &self.file, tasks: VecDeque::new() }
    }

    fn load(&self) -> Table {
        let (length, overrides) = (self.file.len() as u64, Overrides::default());
        run(conductor::load(&mut self.desk(), length, &overrides, &mut |_, _| {})).expect("a table")
    }

    fn detect(&self, table: &Table, features: &[u32], seed: u64) -> Detection {
        let spec = DetectSpec {
            features: features.to_vec(),
            params: ForestParams { n_trees: 20, seed, ..ForestParams::default() },
            grow_on: Selection::default(),
            verdicts: Vec::new(),
        };
        run(conductor::detect(&mut self.desk(), table, spec, &mut |_, _| {})).expect("scores")
    }

    /// Asks both shards and has them go a step or two.
    fn begin(&self, question: &Question) -> Desk<'_> {
        let mut desk = self.desk();
        desk.ask(0, question.clone());
        desk.ask(1, question.clone());
        assert_eq!((desk.step(), desk.step(), desk.step()), (None, None, None));
        desk
    }
}

/// The last words of both shards.
fn end(mut desk: Desk<'_>) -> [Answer; 2] {
    [(); 2].map(|()| run(desk.answer()).expect("an answer").1)
}

const ROWS: [u32; 3] = [777, 3, 19_999];

#[test]
fn halves_that_were_begun_are_those_of_the_scores_that_stand() {
    let house = House::new();
    let table = house.load();
    let steadiness = || run(conductor::steadiness(&mut house.desk(), &table, &ROWS));
    house.detect(&table, &[0, 1, 2], 2);
    let expected = steadiness();
    house.detect(&table, &[0, 1, 2], 1);
    let question = Question::Shorter { paths: Bulk(vec![1 << 29; 10]) };
    let asking = house.begin(&question);
    house.detect(&table, &[0, 1, 2], 2);
    // Whoever asks meanwhile gets what it would have got alone.
    assert_eq!(steadiness(), expected);
    assert!(end(asking).iter().all(|answer| matches!(answer, Answer::Shorter(Some(_)))));
    house.detect(&table, &[0], 1);
    let asking = house.begin(&question);
    house.load();
    assert_eq!(end(asking), [const { Answer::Shorter(None) }; 2]);
}

#[test]
fn cases_that_were_begun_are_given_up() {
    let house = House::new();
    let table = house.load();
    house.detect(&table, &[0, 1, 2], 1);
    let begin = || {
        let question = CaseQuestion { threshold: 0.0, high_from: vec![Some(1); 3] };
        let mut desk = house.desk();
        for shard in 0..2 {
            desk.ask(shard, Question::Cases(Box::new(question.clone())));
        }
        for _ in 0..2 {
            assert!(matches!(desk.step(), Some((_, Answer::Progress(_)))));
        }
        desk
    };
    assert!(last_words(begin()).iter().all(|answer| matches!(answer, Answer::Cases(Some(_)))));
    let given_up = [const { Answer::Cases(None) }; 2];
    let asking = begin();
    house.detect(&table, &[0, 1, 2], 2);
    assert_eq!(last_words(asking), given_up);
    // Not as many columns.
    house.detect(&table, &[0, 1, 2], 1);
    let asking = begin();
    house.detect(&table, &[0], 1);
    assert_eq!(last_words(asking), given_up);
    house.detect(&table, &[0, 1, 2], 1);
    let asking = begin();
    house.load();
    assert_eq!(last_words(asking), given_up);
}

/// The last words of both shards, which tell more before.
fn last_words(mut desk: Desk<'_>) -> [Answer; 2] {
    [(); 2].map(|()| {
        loop {
            let (_, answer) = run(desk.answer()).expect("an answer");
            if !answer.is_partial() {
                return answer;
            }
        }
    })
}

#[test]
fn likes_that_were_begun_are_given_up() {
    let house = House::new();
    let table = house.load();
    let detection = house.detect(&table, &[0, 1, 2], 1);
    let similar = || run(conductor::similar(&mut house.desk(), &table, &detection, 777, 8));
    let expected = similar();
    let codes = Bulk(vec![5, 6, 7]);
    let question = Question::Like(Box::new(LikeQuestion { row: 777, codes, n: 8 }));
    let asking = house.begin(&question);
    assert_eq!(similar(), expected);
    house.detect(&table, &[0, 1, 2], 2);
    assert_eq!(end(asking), [const { Answer::Like(None) }; 2]);
    // Not as many columns.
    let asking = house.begin(&question);
    house.detect(&table, &[0, 1], 2);
    assert_eq!(end(asking), [const { Answer::Like(None) }; 2]);
    assert_eq!(similar(), Err(JobError::NoScores));
    house.detect(&table, &[0, 1, 2], 1);
    assert_eq!(similar(), expected);
    let asking = house.begin(&question);
    house.load();
    assert_eq!(end(asking), [const { Answer::Like(None) }; 2]);
}
