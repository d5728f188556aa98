//! scikit-learn's principal components of standardised columns.
//!
//! The figures are those of scikit-learn 1.9.1 for each set, all rows and all columns but the label:
//!
//! ```python
//! p = PCA(svd_solver='full').fit(StandardScaler().fit_transform(x))
//! for v, share in zip(p.components_[:2], p.explained_variance_ratio_):
//!     v = v * np.sign(v[np.argmax(abs(v))])
//!     print(share, [(j, v[j]) for j in np.argsort(-abs(v), kind='stable')[:3]])
//! ```

mod forest_support;

use forest_support::anomaly_set;
use isoscope::engine::components::Components;
use ndarray::Array2;

/// Of a component its share and its three strongest loadings.
type Figures = (f64, [(usize, f64); 3]);

fn agrees(set: &str, n_columns: usize, expected: [Figures; 2]) {
    let (table, _) = anomaly_set(set);
    let shape = (table.n_rows(), table.codes.len());
    let codes = Array2::from_shape_fn(shape, |(row, feature)| table.codes[feature][row]);
    assert_eq!(codes.ncols(), n_columns);
    let components = Components::of(&table.features, codes.view());
    for (found, (share, loadings)) in components.each().iter().zip(expected) {
        println!("{set}: share {}, scikit-learn {share}", found.share);
        assert!((found.share - share).abs() < 1e-12, "{set}: {} is not {share}", found.share);
        for (feature, loading) in loadings {
            let there = found.loadings[feature];
            println!("{set}: column {feature} {there}, {:e} apart", there - loading);
            assert!((there - loading).abs() < 1e-10, "{set}: {feature}: {there} is not {loading}");
        }
    }
}

#[test]
fn components_are_those_of_scikit_learn() {
    agrees(
        "glass",
        7,
        [
            (
                0.330_026_414_049_812_26,
                [
                    (4, 0.634_644_210_283_298_5),
                    (6, -0.533_879_752_231_47),
                    (2, 0.390_566_752_834_357_7),
                ],
            ),
            (
                0.238_539_063_388_520_13,
                [
                    (3, 0.684_230_877_661_183_8),
                    (2, -0.506_388_759_015_714_5),
                    (1, 0.314_980_484_762_433),
                ],
            ),
        ],
    );
    agrees(
        "cardio",
        21,
        [
            (
                0.269_831_338_320_857_2,
                [
                    (12, 0.338_265_053_421_621_8),
                    (17, 0.323_167_815_356_676_16),
                    (11, -0.314_930_022_696_492_23),
                ],
            ),
            (
                0.175_787_254_891_562_52,
                [
                    (13, 0.373_596_629_442_016_94),
                    (18, 0.364_734_354_129_232_3),
                    (16, 0.352_785_947_932_964_6),
                ],
            ),
        ],
    );
    agrees(
        "musk",
        166,
        [
            (
                0.360_594_059_306_93,
                [
                    (113, 0.124_275_074_587_237_42),
                    (112, 0.123_411_694_671_343_91),
                    (98, -0.122_787_932_805_598_92),
                ],
            ),
            (
                0.088_307_301_972_266_44,
                [
                    (101, 0.211_417_674_640_203_92),
                    (154, 0.197_734_051_822_587_6),
                    (95, -0.183_561_761_336_466_5),
                ],
            ),
        ],
    );
}
