//! The stages of the rail.

/// A stage of the work, in the order in which one goes through them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// Give a file, see how it was read.
    #[default]
    Load,
    /// See the columns, choose which take part.
    Inspect,
    /// Find the odd rows and why they are odd.
    Detect,
    /// Learn the classes of a column, and see how well that goes.
    Classify,
    /// Take the result along.
    Export,
}

impl Stage {
    /// All stages, in the rail's order.
    pub const ALL: [Self; 5] =
        [Self::Load, Self::Inspect, Self::Detect, Self::Classify, Self::Export];

    /// Its key in the address and in the names for checks.
    pub fn key(self) -> &'static str {
        match self {
            Self::Load => "load",
            Self::Inspect => "inspect",
            Self::Detect => "detect",
            Self::Classify => "classify",
            Self::Export => "export",
        }
    }

    /// Its name on the rail.
    pub fn title(self) -> &'static str {
        match self {
            Self::Load => "Load",
            Self::Inspect => "Inspect",
            Self::Detect => "Detect",
            Self::Classify => "Classify",
            Self::Export => "Export",
        }
    }

    /// The stage of a [`key`](Self::key).
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.key() == key)
    }
}
