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
        1_330_046_997,
        -2_160_343_766,
        -7_132_424_004,
        10_782_608_483,
        17_026_749_742,
        -3_939_475_558,
        -788_047_575,
        7_513_322_528,
        -23_886_266_480,
        10_530_303_442,
    ],
    [
        24_939_267_864,
        -21_008_474_543,
        -28_622_173_104,
        45_419_211_181,
        94_974_771_373,
        -24_647_493_180,
        57_490_220,
        50_546_878_651,
        -121_019_600_585,
        44_260_043_437,
    ],
    [
        -4_548_327_518,
        2_357_881_633,
        10_717_032_839,
        -10_470_014_663,
        -47_922_215_967,
        6_061_444_108,
        -2_864_046_404,
        -14_466_474_971,
        62_622_026_751,
        -8_653_689_488,
    ],
    [
        53_287_954_161,
        76_539_294_531,
        80_848_490_167,
        51_084_843_135,
        24_553_088_560,
        75_089_413_787,
        60_536_414_671,
        46_519_989_166,
        116_978_988_970,
        46_888_128_131,
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
