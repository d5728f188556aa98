//! What eyes see, in words.

use super::words::percent;
use crate::chart::format;
use crate::protocol::{Band, Component, Eye, Profile};

/// Where a row stands in ten half-forests.
pub fn band(band: Band, is_steady: bool) -> String {
    let range = match (band.best, band.worst) {
        (best, worst) if best == worst => format!("Rank {} in all", format::count(best.into())),
        (best, worst) => {
            format!("Rank {} to {} in", format::count(best.into()), format::count(worst.into()))
        }
    };
    let steady =
        if is_steady { "; ★ steady: flagged whichever half of the trees is asked" } else { "" };
    format!("{range} ten half-forests{steady}.")
}

/// What the axes of a map mean.
pub fn components(components: &[Component], profile: &Profile) -> String {
    let named = |component: &Component| {
        let loading = |&(column, weight): &(u32, f64)| {
            let name = &profile.columns.get(column as usize)?.name;
            Some(format!("{}{name}", if weight < 0.0 { "−" } else { "" }))
        };
        let names: Vec<String> = component.loadings.iter().take(4).filter_map(loading).collect();
        format!("{} of what rows differ in, mostly {}", percent(component.share), names.join(", "))
    };
    let ways = ["Across: ", " Up: "];
    let told =
        components.iter().zip(ways).map(|(component, way)| format!("{way}{}.", named(component)));
    told.collect()
}

/// An eye's name.
pub fn name(eye: Eye) -> &'static str {
    match eye {
        Eye::Forest => "Isolation forest",
        Eye::Extended => "Extended forest",
        Eye::Neighbours => "Local outlier factor",
        Eye::Consensus => "All together",
    }
}

/// An eye's name where there is little room.
pub fn short(eye: Eye) -> &'static str {
    match eye {
        Eye::Forest => "forest",
        Eye::Extended => "extended",
        Eye::Neighbours => "LOF",
        Eye::Consensus => "all",
    }
}

/// What an eye looks for.
pub fn hint(eye: Eye) -> &'static str {
    match eye {
        Eye::Forest => {
            "Finds values far out in single columns. Cuts one column at a time (Liu et al. 2008)."
        }
        Eye::Extended => {
            "Finds values that are odd only together: its cuts run across two columns at once (Hariri et \
             al. 2019)."
        }
        Eye::Neighbours => {
            "Finds rows with more room around them than their neighbours have: thin spots near dense ones. \
             Compares each with 5,000 reference rows (Breunig et al. 2000)."
        }
        Eye::Consensus => {
            "Ranks rows by the ranks that all three give them, by their logarithms: what one ranks first \
             stays high, what all rank high stands highest."
        }
    }
}
