//! Votes on a small table, bit by bit: the same on every machine and in every browser.
//!
//! Needs nothing but the engine, so that a test in a browser can include it as well.

use isoscope::engine::{
    boost::{Booster, Learner, Params, Part, Rows, Scorer, Use},
    matrix::{Codes, Feature},
    random::{below, stream, unit},
};

/// F of the ten rows: stumps and trees for two classes, then of three classes the first one's by
/// confidence and by SAMME.
pub const VOTES: [[i64; 10]; 4] = [
    [
        340_492_031_409,
        -553_048_003_943,
        -1_825_900_545_250,
        2_760_347_771_484,
        4_358_847_934_028,
        -1_008_505_743_232,
        -201_740_178_877,
        1_923_410_566_534,
        -6_114_884_218_873,
        2_695_757_681_271,
    ],
    [
        6_384_452_571_507,
        -5_378_169_484_432,
        -7_327_276_314_918,
        11_627_318_061_751,
        24_313_541_453_789,
        -6_309_758_254_490,
        14_717_496_475,
        12_940_000_936_312,
        -30_981_017_752_173,
        11_330_571_113_006,
    ],
    [
        -1_164_371_844_535,
        603_617_697_728,
        2_743_560_406_430,
        -2_680_323_753_711,
        -12_268_087_286_000,
        1_551_729_691_407,
        -733_195_879_349,
        -3_703_417_592_460,
        16_031_238_848_480,
        -2_215_344_509_063,
    ],
    [
        13_641_716_264_849,
        19_594_059_399_429,
        20_697_213_482_410,
        13_077_719_841_928,
        6_285_590_671_054,
        19_222_889_929_336,
        15_497_322_155_337,
        11_909_117_226_094,
        29_946_621_176_059,
        12_003_360_801_297,
    ],
];

/// What this machine makes of them.
pub fn found() -> [[i64; 10]; 4] {
    const N_ROWS: usize = 600;
    let mut rng = stream(42, 0);
    let mut columns = vec![Vec::new(); 3];
    let mut classes = Vec::new();
    for _ in 0..N_ROWS {
        let [a, b] = [(); 2].map(|()| below(&mut rng, 50) as u8);
        let kind = below(&mut rng, 9) as u8;
        // The code 50 stands for a missing value.
        let is_lost = unit(&mut rng) < 0.1;
        columns[0].push(if is_lost { 50 } else { a });
        columns[1].push(b);
        columns[2].push(kind);
        let sum = u32::from(a) + u32::from(b) + 9 * u32::from(kind % 3) + below(&mut rng, 20);
        classes.push(u8::from(sum > 60) + u8::from(sum > 85));
    }
    let numbers = || Feature::ranked((0..50).map(f64::from).collect());
    let features = [numbers(), numbers(), Feature::unordered(9)];
    let columns: Vec<Codes<'_>> = columns.iter().map(|codes| Codes::U8(codes)).collect();
    let two: Vec<u8> = classes.iter().map(|&class| class.min(1)).collect();
    let votes = |params: Params, classes: &[u8], n_classes: u32| {
        let uses = vec![Use::Train; N_ROWS];
        let rows = Rows::gather(&columns, &features, classes, &uses, n_classes);
        let mut booster = Booster::new(&features, params, rows.census()).expect("two classes");
        let mut part = Part::new(rows, booster.plan());
        while let Some(order) = booster.order() {
            let report = part.obey(order);
            booster.take(report);
        }
        let scorer = Scorer::new(&booster.finish(), &[]);
        let mut sums = vec![0; N_ROWS * scorer.n_votes()];
        scorer.scores(&columns, &mut sums);
        std::array::from_fn(|row| sums[row * scorer.n_votes()])
    };
    let params =
        |learner, depth| Params { learner, depth, n_rounds: 40, rate: 1.0, ..Params::default() };
    [
        votes(params(Learner::Confidence, 1), &two, 2),
        votes(params(Learner::Confidence, 4), &two, 2),
        votes(params(Learner::Confidence, 2), &classes, 3),
        votes(params(Learner::Samme, 2), &classes, 3),
    ]
}
