//! Rows on a map by principal components: against what the components say row by row.

mod forest_support;

use std::{
    collections::VecDeque,
    ops::Range,
    pin::pin,
    task::{Context, Poll, Waker},
};

use forest_support::{Column, Table};
use isoscope::{
    cluster::{
        JobError, Outcome, Shard, Task,
        conductor::{self, DetectSpec, Grain, Shards},
        local::Local,
        message::{Answer, ProjectQuestion, Question},
    },
    engine::{
        components::Components,
        eyes::Eye,
        forest::{ForestParams, Samples, Verdict},
        random::{normal, stream, unit},
        text::Overrides,
    },
    protocol::{AxisOf, AxisScale, Grid, GridSpec, GroupBy, Selection, ViewSpec},
};
use ndarray::Array2;
use proptest::prelude::*;

const MAP: GridSpec = GridSpec {
    x: AxisOf::Component(0),
    y: AxisOf::Component(1),
    x_scale: AxisScale::Linear,
    y_scale: AxisScale::Log,
    width: 40,
    height: 25,
    by: None,
};

fn params() -> ForestParams {
    ForestParams { n_trees: 10, seed: 3, ..ForestParams::default() }
}

/// Numbers that hang together, a category and a gap here and there; far out some rows.
fn columns(n_rows: usize, seed: u64) -> Vec<Column> {
    let mut rng = stream(seed, 0);
    let mut numbers = vec![Vec::new(); 4];
    let mut texts = Vec::new();
    for row in 0..n_rows {
        let cause = normal(&mut rng) * if row % 50 == 0 { 1e3 } else { 1.0 };
        for (column, numbers) in numbers.iter_mut().enumerate() {
            let number = (100.0 * (cause * column as f64 + normal(&mut rng))).round() / 100.0;
            numbers.push((unit(&mut rng) > 0.03).then_some(number));
        }
        let text = ["tcp", "udp", "icmp", ""][(unit(&mut rng) * unit(&mut rng) * 4.0) as usize];
        texts.push((!text.is_empty()).then(|| text.to_owned()));
    }
    numbers.into_iter().map(Column::Numbers).chain([Column::Texts(texts)]).collect()
}

fn csv(columns: &[Column]) -> Vec<u8> {
    let cells = |column: &Column| -> Vec<String> {
        match column {
            Column::Numbers(numbers) => {
                numbers.iter().map(|n| n.map_or_else(String::new, |n| n.to_string())).collect()
            }
            Column::Texts(texts) => texts.iter().map(|t| t.clone().unwrap_or_default()).collect(),
        }
    };
    let cells: Vec<Vec<String>> = columns.iter().map(cells).collect();
    let names: Vec<String> = (0..cells.len()).map(|column| format!("c{column}")).collect();
    let line = |row: usize| -> String {
        cells.iter().map(|column| column[row].as_str()).collect::<Vec<_>>().join(",")
    };
    let lines: Vec<String> = (0..cells[0].len()).map(line).collect();
    format!("{}\n{}\n", names.join(","), lines.join("\n")).into_bytes()
}

fn loaded(file: &[u8], n_shards: usize) -> Local {
    let grain = Grain { least_range: 64, piece: 4096, ..Grain::default() };
    let mut local = Local::new(n_shards).with_grain(grain);
    local.load(file.to_vec(), &Overrides::default()).expect("a table");
    local
}

fn scored(file: &[u8], n_shards: usize, features: &[u32]) -> Local {
    let mut local = loaded(file, n_shards);
    local.detect(features, params()).expect("scores");
    local
}

/// The components of the rows that are drawn, and where all rows stand.
fn oracle(columns: &[Column]) -> (Components, Vec<[f64; 2]>) {
    let table = Table::new(columns);
    let drawn = ForestParams { n_trees: 1, sample_size: 10_000, ..params() };
    let samples = Samples::draw(drawn, table.n_rows() as u32).expect("there are rows");
    let shape = (samples.rows().len(), table.codes.len());
    let codes = Array2::from_shape_fn(shape, |(line, feature)| {
        table.codes[feature][samples.rows()[line] as usize]
    });
    let components = Components::of(&table.features, codes.view());
    let mut places = vec![[0.0; 2]; table.n_rows()];
    components.project(&table.columns(), &mut places);
    // Shards keep them as short numbers.
    let places = places.iter().map(|place| place.map(|place| f64::from(place as f32)));
    (components, places.collect())
}

fn check(grid: &Grid, columns: &[Column], scores: &[f64]) {
    let (components, places) = oracle(columns);
    let scaled = |place: f64, scale| match scale {
        AxisScale::Linear => place,
        AxisScale::Log => libm::log10(1.0 + place.abs()).copysign(place),
    };
    let extent = |axis: usize| {
        let along = || places.iter().map(|place| place[axis]);
        (along().fold(f64::INFINITY, f64::min), along().fold(f64::NEG_INFINITY, f64::max))
    };
    assert_eq!((grid.x_domain, grid.y_domain), (extent(0), extent(1)));
    let cell = |place: f64, (from, to): (f64, f64), scale, n: u32| {
        let (from, to) = (scaled(from, scale), scaled(to, scale));
        let share = if to > from { (scaled(place, scale) - from) / (to - from) } else { 0.5 };
        ((share * f64::from(n)) as u32).min(n - 1)
    };
    let spec = &grid.spec;
    let mut cells = vec![Vec::new(); (spec.width * spec.height) as usize];
    for (row, [x, y]) in places.iter().enumerate() {
        let x = cell(*x, grid.x_domain, spec.x_scale, spec.width);
        let y = cell(*y, grid.y_domain, spec.y_scale, spec.height);
        cells[(y * spec.width + x) as usize].push(row);
    }
    assert_eq!((grid.n_missing, grid.n_elsewhere), (0, 0));
    for (cell, rows) in cells.iter().enumerate() {
        assert_eq!(grid.counts[cell] as usize, rows.len(), "cell {cell}");
        let top = rows.iter().map(|&row| scores[row]).fold(0.0, f64::max);
        let top_row = rows.iter().find(|&&row| scores[row] == top);
        assert_eq!(grid.top_rows[cell], top_row.map_or(u32::MAX, |&row| row as u32));
        assert_eq!(grid.top_scores[cell], top as f32);
    }
    assert_eq!(grid.components.len(), 2);
    for (told, component) in grid.components.iter().zip(components.each()) {
        assert_eq!(told.share, component.share);
        assert!(told.loadings.is_sorted_by(|a, b| a.1.abs() >= b.1.abs()));
        for &(column, loading) in &told.loadings {
            assert_eq!(loading, component.loadings[column as usize]);
            assert!(loading != 0.0);
        }
        let n_there = component.loadings.iter().filter(|&&part| part != 0.0).count();
        assert_eq!(told.loadings.len(), n_there.min(6));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_row_is_where_its_components_put_it_with_any_number_of_shards(
        n_rows in 4..300_usize, seed in 0..1000_u64, n_shards in 2..6_usize,
        (width, height) in (1..50_u32, 1..50_u32), is_log: bool,
    ) {
        let columns = columns(n_rows, seed);
        let file = csv(&columns);
        let scale = if is_log { AxisScale::Log } else { AxisScale::Linear };
        let spec = GridSpec { width, height, x_scale: scale, ..MAP };
        let mut local = scored(&file, 1, &[0, 1, 2, 3, 4]);
        let grid = local.grid(spec.clone()).expect("a map");
        check(&grid, &columns, &local.detection().expect("scores").found.scores);
        // What was made stands.
        prop_assert_eq!(local.grid(spec.clone()), Ok(grid.clone()));
        prop_assert_eq!(scored(&file, n_shards, &[0, 1, 2, 3, 4]).grid(spec), Ok(grid));
    }
}

#[test]
fn components_of_a_large_table_are_those_of_a_sample() {
    let columns = columns(12_345, 1);
    let file = csv(&columns);
    let mut local = scored(&file, 1, &[0, 1, 2, 3, 4]);
    let grid = local.grid(MAP).expect("a map");
    check(&grid, &columns, &local.detection().expect("scores").found.scores);
    assert_eq!(scored(&file, 3, &[0, 1, 2, 3, 4]).grid(MAP), Ok(grid));
}

#[test]
fn a_map_is_about_the_features_of_the_scores_that_stand() {
    let columns = columns(300, 5);
    let file = csv(&columns);
    let mut local = loaded(&file, 3);
    assert_eq!(local.grid(MAP), Err(JobError::NoScores));
    local.detect(&[0, 1, 2, 3, 4], params()).expect("scores");
    let all = local.grid(MAP).expect("a map");
    // Another eye and a verdict change what is odd, and not where rows stand.
    local.look(Eye::Neighbours).expect("it looks");
    let seen = local.grid(MAP).expect("a map");
    check(&seen, &columns, &local.detection().expect("scores").found.scores);
    assert_eq!((&seen.counts, &seen.components), (&all.counts, &all.components));
    local.judge(&[(7, Verdict::Real)]).expect("scores");
    let judged = local.grid(MAP).expect("a map");
    check(&judged, &columns, &local.detection().expect("scores").found.scores);
    // Other features do.
    local.detect(&[0, 4], params()).expect("scores");
    let of_two = local.grid(MAP).expect("a map");
    assert_ne!(of_two.counts, all.counts);
    assert_eq!(scored(&file, 1, &[0, 4]).grid(MAP), Ok(of_two));
    local.detect(&[0, 1, 2, 3, 4], params()).expect("scores");
    assert_eq!(local.grid(MAP), Ok(all));
    local.load(file, &Overrides::default()).expect("a table");
    assert_eq!(local.grid(MAP), Err(JobError::NoScores));
}

#[test]
fn a_component_may_stand_beside_another_axis() {
    let file = csv(&columns(300, 5));
    let mut local = scored(&file, 2, &[0, 1, 2, 3, 4]);
    let grid = local.grid(GridSpec { y: AxisOf::Score, ..MAP }).expect("a grid");
    assert_eq!((grid.counts.iter().sum::<u32>(), grid.n_missing), (300, 0));
    assert_eq!(grid.components.len(), 2);
    let grid = local.grid(GridSpec { x: AxisOf::Column(0), ..MAP }).expect("a grid");
    assert_eq!(grid.counts.iter().sum::<u32>() + grid.n_missing, 300);
    assert!(grid.n_missing > 0, "a number that is missing has no place on its own axis");
    let grid = local.grid(GridSpec { x: AxisOf::Column(0), y: AxisOf::Score, ..MAP });
    assert_eq!(grid.expect("a grid").components, []);
    let beyond = GridSpec { y: AxisOf::Component(2), ..MAP };
    assert_eq!(local.grid(beyond), Err(JobError::NoSuchComponent { component: 2 }));
}

#[test]
fn a_table_in_which_nothing_differs_has_all_rows_in_one_place() {
    let one = |text: &str, features: &[u32]| {
        let mut local = scored(text.as_bytes(), 2, features);
        let grid = local.grid(MAP).expect("a map");
        let n_cells = grid.counts.iter().filter(|&&count| count > 0).count();
        (grid.x_domain, grid.y_domain, n_cells, grid.components)
    };
    let (x, y, n_cells, components) = one("a,b\n1,x\n1,x\n1,x\n", &[0, 1]);
    assert_eq!((x, y, n_cells), ((0.0, 0.0), (0.0, 0.0), 1));
    assert!(components.iter().all(|there| there.share == 0.0 && there.loadings.is_empty()));
    // Two rows differ in one direction.
    let (x, y, n_cells, components) = one("a,b\n1,5\n2,7\n", &[0, 1]);
    assert!((x.0 + 2.0_f64.sqrt()).abs() < 1e-6 && (x.1 - 2.0_f64.sqrt()).abs() < 1e-6, "{x:?}");
    assert_eq!((y, n_cells), ((0.0, 0.0), 2));
    assert!((components[0].share - 1.0).abs() < 1e-12 && components[1].loadings.is_empty());
    // As do rows of one column.
    let (_, y, n_cells, components) = one("a,b\n1,5\n2,7\n4,1\n", &[1]);
    assert_eq!((y, n_cells, &components[0].loadings[..]), ((0.0, 0.0), 3, &[(1, 1.0)][..]));
}

/// A shard that holds a table, and works on what it is asked when it is told to.
struct Slow {
    shard: Shard,
    file: Vec<u8>,
    tasks: VecDeque<Task>,
}

impl Slow {
    fn run<T>(job: impl Future<Output = T>) -> T {
        match pin!(job).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(result) => result,
            Poll::Pending => unreachable!("this shard never waits"),
        }
    }

    fn load(&mut self) -> conductor::Table {
        let length = self.file.len() as u64;
        let overrides = Overrides::default();
        Self::run(conductor::load(self, length, &overrides, &mut |_, _| {})).expect("a table")
    }

    fn detect(&mut self, table: &conductor::Table, features: &[u32], seed: u64) {
        let params = ForestParams { seed, ..params() };
        let (grow_on, verdicts) = (Selection::default(), Vec::new());
        let spec = DetectSpec { features: features.to_vec(), params, grow_on, verdicts };
        Self::run(conductor::detect(self, table, spec, &mut |_, _| {})).expect("scores");
    }

    /// What a question comes to that is begun before something else happens.
    fn overtaken(&mut self, question: &Question, meanwhile: impl FnOnce(&mut Self)) -> Answer {
        let mut task = self.shard.begin(question.clone());
        assert!(matches!(self.shard.step(&mut task), Outcome::GoesOn));
        meanwhile(self);
        loop {
            match self.shard.step(&mut task) {
                Outcome::GoesOn => {}
                Outcome::Ends(answer) => return answer,
                other => unreachable!("{other:?} is no end"),
            }
        }
    }
}

impl Shards for Slow {
    fn n_shards(&self) -> u32 {
        1
    }

    fn ask(&mut self, _: u32, question: Question) {
        let task = self.shard.begin(question);
        self.tasks.push_back(task);
    }

    async fn answer(&mut self) -> Result<(u32, Answer), JobError> {
        loop {
            let task = self.tasks.front_mut().expect("an answer is due");
            match self.shard.step(task) {
                Outcome::Needs { range, .. } => {
                    let bytes = &self.file[range.start as usize..range.end as usize];
                    self.shard.feed(task, bytes.len(), |there| there.copy_from_slice(bytes));
                }
                Outcome::GoesOn => {}
                Outcome::Tells(answer) => return Ok((0, answer)),
                Outcome::Ends(answer) => {
                    self.tasks.pop_front();
                    return Ok((0, answer));
                }
                Outcome::Silent => drop(self.tasks.pop_front()),
            }
        }
    }

    async fn read(&mut self, range: Range<u64>) -> Result<Vec<u8>, JobError> {
        Ok(self.file[range.start as usize..range.end as usize].to_vec())
    }
}

#[test]
fn places_that_other_scores_overtake_are_given_up() {
    // More rows than are projected in one step.
    let columns = columns(300_000, 5)[..2].to_vec();
    let file = csv(&columns);
    let mut slow = Slow { shard: Shard::default(), file, tasks: VecDeque::new() };
    let table = slow.load();
    slow.detect(&table, &[0, 1], 3);
    let (components, places) = oracle(&columns);
    let question = ProjectQuestion { components, columns: vec![0, 1], seed: 3 };
    let question = Question::Project(Box::new(question));
    let extents = [0, 1].map(|axis| {
        let along = || places.iter().map(|place| place[axis]);
        (along().fold(f64::INFINITY, f64::min), along().fold(f64::NEG_INFINITY, f64::max))
    });
    // Two that ask for the same work on it together.
    let both = slow.overtaken(&question, |slow| {
        let mut other = slow.shard.begin(question.clone());
        assert!(matches!(slow.shard.step(&mut other), Outcome::GoesOn));
    });
    assert_eq!(both, Answer::Projected(Some(extents)));
    let gone = Answer::Projected(None);
    slow.detect(&table, &[0, 1], 3);
    assert_eq!(slow.overtaken(&question, |slow| slow.detect(&table, &[0, 1], 4)), gone);
    slow.detect(&table, &[0, 1], 3);
    assert_eq!(slow.overtaken(&question, |slow| slow.detect(&table, &[0], 3)), gone);
    slow.detect(&table, &[0, 1], 3);
    assert_eq!(slow.overtaken(&question, |slow| drop(slow.load())), gone);
}

/// Rows in a box on the map.
fn within(local: &mut Local, within: [(f64, f64); 2]) -> Vec<u32> {
    let selection = Selection { within: Some(within), ..Selection::default() };
    let view = local.view(ViewSpec { selection, sort: None }).expect("a view");
    view.rows.expect("a box is not the whole table").0
}

#[test]
fn a_box_on_the_map_means_the_rows_that_stand_in_it() {
    let columns = columns(300, 5);
    let file = csv(&columns);
    let everywhere = (f64::NEG_INFINITY, f64::INFINITY);
    let boxes = [[(-1.0, 0.5), (-0.25, 3.0)], [everywhere, (0.0, 1e9)], [everywhere; 2]];
    let (_, places) = oracle(&columns);
    for n_shards in [1, 3] {
        let mut local = scored(&file, n_shards, &[0, 1, 2, 3, 4]);
        assert!(within(&mut local, [everywhere; 2]).is_empty(), "there is no map yet");
        local.grid(MAP).expect("a map");
        for sides in boxes {
            let is_in = |place: &[f64; 2]| {
                place.iter().zip(sides).all(|(&at, (from, to))| {
                    let at = f64::from(at as f32);
                    from <= at && at <= to
                })
            };
            let meant: Vec<u32> =
                (0..).zip(&places).filter(|(_, place)| is_in(place)).map(|(row, _)| row).collect();
            assert!(meant.len() > 10);
            assert_eq!(within(&mut local, sides), meant);
        }
        // Other scores, another map.
        local.detect(&[0, 4], params()).expect("scores");
        assert!(within(&mut local, [everywhere; 2]).is_empty());
    }
}

#[test]
fn cells_tell_which_group_most_of_their_rows_are_in() {
    let columns = columns(400, 9);
    let file = csv(&columns);
    let Column::Texts(texts) = &columns[4] else { unreachable!("the last column holds texts") };
    let (_, places) = oracle(&columns);
    let spec = GridSpec { width: 3, height: 2, x_scale: AxisScale::Log, ..MAP };
    for n_shards in [1, 4] {
        let mut local = scored(&file, n_shards, &[0, 1, 2, 3, 4]);
        let by = Some(GroupBy::Column(4));
        let grid = local.grid(GridSpec { by, ..spec.clone() }).expect("a map");
        let count = |name: &String| texts.iter().filter(|text| text.as_ref() == Some(name)).count();
        assert_eq!(grid.group_names.len(), 3);
        assert!(grid.group_names.is_sorted_by_key(|name| std::cmp::Reverse(count(name))));
        // Said of rows, the same groups make the same picture.
        let group = |text: &String| grid.group_names.iter().position(|name| name == text);
        let rows = (0..).zip(texts).filter_map(|(row, text)| {
            Some((row, u8::try_from(group(text.as_ref()?)?).expect("few groups")))
        });
        let rows: Vec<(u32, u8)> = rows.collect();
        let by = Some(GroupBy::Rows(rows.clone()));
        let said = local.grid(GridSpec { by, ..spec.clone() }).expect("a map");
        assert_eq!((&said.groups, &said.counts), (&grid.groups, &grid.counts));
        // One group alone is that of every cell that holds one of its rows.
        let of_last: Vec<(u32, u8)> = rows.into_iter().filter(|&(_, group)| group == 2).collect();
        let by = Some(GroupBy::Rows(of_last.clone()));
        let alone = local.grid(GridSpec { by, ..spec.clone() }).expect("a map");
        assert!(alone.groups.contains(&2));
        assert!(alone.groups.iter().all(|&group| group == 2 || group == GroupBy::MOST));
        let far = of_last.iter().map(|&(row, _)| places[row as usize][0]).fold(0.0, f64::max);
        assert!(far <= alone.x_domain.1);
    }
}

#[test]
fn values_beyond_the_groups_there_are_share_the_last_one() {
    let text = |row: usize| (row * row % 31).to_string();
    let rows: Vec<String> = (0..300).map(|row| format!("{row},v{}", text(row))).collect();
    let mut local = scored(format!("n,v\n{}\n", rows.join("\n")).as_bytes(), 2, &[0]);
    let spec = GridSpec { x: AxisOf::Column(0), y: AxisOf::Score, ..MAP };
    let grid = local.grid(GridSpec { by: Some(GroupBy::Column(1)), ..spec }).expect("a grid");
    assert_eq!(grid.group_names.len(), usize::from(GroupBy::MOST));
    assert!(grid.group_names[..7].iter().all(|name| name.starts_with('v')));
    assert_eq!(grid.group_names[7], "");
    assert!(grid.groups.contains(&7) && grid.groups.contains(&0));
}
