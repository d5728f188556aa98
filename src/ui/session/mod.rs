//! What the page knows, and the one place where it learns it.

mod address;
mod columns;
mod hear;
mod rows;
mod scores;
mod table;
#[cfg(test)]
pub(crate) mod tests;
mod told;
mod training;
mod work;

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use leptos::prelude::*;

use address::Wishes;
pub use told::Told;
pub use work::{Phase, Problem, Remark, Work};

use crate::protocol::{
    Band, ByRows, Cases, Compared, Counterfactual, Direction, Drift, Entities, Eye, ForestParams,
    Found, Inspection, Loaded, Member, Overrides, Positions, Role, RowReasons, RowText, RowVotes,
    Similar, Timing, Trained, Tuned, View, Wrong,
};
use crate::ui::cache::{Grids, RowCache};
use crate::ui::draft::Draft;
use crate::ui::judgements::Judgements;
use crate::ui::ledger::Ledger;
use crate::ui::lens::{GrowOn, Lens};
use crate::ui::lesson::Lesson;
use crate::ui::plots::hue::Hue;
use crate::ui::recipe::{AxisChoice, Recipe};
use crate::ui::stage::Stage;
use crate::ui::triage;

/// How many rows' texts and reasons the page remembers.
const REMEMBERED: usize = 2_000;

/// What the page knows. A handle to its signals: copy it, don't wrap it.
///
/// Everything may read it. [`apply`](Self::apply) alone writes what workers tell; a control
/// writes its own setting and nothing else.
#[derive(Debug, Clone, Copy)]
pub struct Session(&'static Signals);

impl Deref for Session {
    type Target = Signals;

    fn deref(&self) -> &Signals {
        self.0
    }
}

/// The signals of a [`Session`].
#[derive(Debug)]
pub struct Signals {
    /// Whether the conductor works.
    pub phase: Told<Phase>,
    /// What went wrong last.
    pub problem: RwSignal<Option<Problem>>,
    /// What an archive holds, while it is open which of it is meant.
    pub members: RwSignal<Option<Vec<Member>>>,
    /// Something to tell that is no error.
    pub remark: RwSignal<Option<Remark>>,
    /// How many shards the conductor has.
    pub n_shards: Told<u32>,
    /// The table.
    pub table: Told<Option<Arc<Loaded>>>,
    /// The scores.
    pub found: Told<Option<Arc<Found>>>,
    /// What each eye that has looked makes of the rows, the scores that are shown among them.
    pub sights: Told<Vec<Arc<Found>>>,
    /// Where the time of the scores went.
    pub timings: Told<Vec<Timing>>,
    /// Rows the page has been told.
    pub rows: Told<RowCache<RowText>>,
    /// Reasons the page has been told.
    pub reasons: Told<RowCache<RowReasons>>,
    /// The rows that are shown, in their order.
    pub view: Told<Arc<View>>,
    /// How far the making of another view is, from 0 to 1.
    pub viewing: Told<Option<f64>>,
    /// The odd rows by what makes them odd, as of the threshold that was asked about.
    pub cases: Told<Option<Arc<Cases>>>,
    /// Where rows stand in ten half-forests.
    pub bands: Told<RowCache<Band>>,
    /// The rows most like the one in the inspector, once they were asked for.
    pub similar: Told<Option<Arc<Similar>>>,
    /// How the rows that the forest grew on differ from the others.
    pub drift: Told<Option<Arc<Drift>>>,
    /// The model that stands, as its votes are counted now.
    pub trained: Told<Option<Arc<Trained>>>,
    /// The same as training left it: it changes with the next training only.
    pub model: Told<Option<Arc<Trained>>>,
    /// How often votes were counted: grids that tell of them are of one count.
    pub n_counts: Told<u32>,
    /// How long its training took, in seconds.
    pub trained_in: Told<f64>,
    /// What baselines make of the same rows, as far as they are done.
    pub compared: Told<Vec<Compared>>,
    /// How wrong the model in training was after each round so far.
    pub learning: Told<Vec<Wrong>>,
    /// What Tune knows.
    pub tuned: Told<Option<Arc<Tuned>>>,
    /// How the error of the model that stands falls with the rows it learns from.
    pub by_rows: Told<Option<Arc<ByRows>>>,
    /// What decided about the row in the inspector.
    pub votes: Told<Option<Arc<RowVotes>>>,
    /// Where rows stand in several columns at once.
    pub positions: Told<Option<Arc<Positions>>>,
    /// Who takes part, as of the column and the threshold that were asked about.
    pub entities: Told<Option<Arc<Entities>>>,
    /// The row in the inspector.
    pub inspection: Told<Option<Arc<Inspection>>>,
    /// What would make the row in the inspector ordinary.
    pub counterfactual: Told<Option<Arc<Counterfactual>>>,
    /// The grids behind the scatter and the timeline.
    pub grids: Told<Grids>,

    /// The stage that is open.
    pub stage: RwSignal<Stage>,
    /// Trees, sample size, seed.
    pub params: RwSignal<ForestParams>,
    /// The eye whose scores are wanted; those that stand may still be another's.
    pub eye: RwSignal<Eye>,
    /// What is to be learnt, and how.
    pub lesson: RwSignal<Lesson>,
    /// Roles that a person gave, by column name.
    pub roles: RwSignal<BTreeMap<String, Role>>,
    /// What a person said about the file.
    pub overrides: RwSignal<Overrides>,
    /// What a person is about to say about it.
    pub draft: Draft,
    /// Which rows a person looks at.
    pub lens: RwSignal<Lens>,
    /// The rows that a forest grows on.
    pub grow_on: RwSignal<GrowOn>,
    /// Whether the ranked list holds only the rows that pass the filters.
    pub lists_selected: RwSignal<bool>,
    /// Whether the ranked list holds only flagged rows that the model takes for ordinary.
    pub disagrees: RwSignal<bool>,
    /// Whether the ranked list goes by margins, and not by scores.
    pub by_margin: RwSignal<bool>,
    /// Whether the ranked list is yet to go to its first row, once it holds the rows that were asked for.
    pub starts_over: RwSignal<bool>,
    /// The score at or above which a row is flagged.
    pub threshold: RwSignal<f64>,
    /// The reasons that all listed rows must share; none: whatever their reasons.
    pub because: RwSignal<Vec<(u32, Direction)>>,
    /// The column that tells who, where a person chose it.
    pub who: RwSignal<Option<String>>,
    /// What a person said about rows.
    pub judgements: Judgements,
    /// The row that is looked at, everywhere.
    pub selected_row: RwSignal<Option<u32>>,
    /// What the scatter's marks are coloured by.
    pub hue: RwSignal<Hue>,
    /// The scatter's axes, as far as a person chose them.
    pub axes: (RwSignal<AxisChoice>, RwSignal<AxisChoice>),

    /// How many rows are flagged.
    pub flagged: Memo<u32>,
    /// How many of them share the lowest flagged score.
    pub tied: Memo<u32>,
    /// Whether a person is about to say something about the file that does not hold yet.
    pub is_drafting: Memo<bool>,
    /// Which rows may be listed, by row; `None`: all.
    pub passes: Memo<Option<Arc<Vec<bool>>>>,
    /// How many of the first rows of the ranking may be listed, for each number of them, from 0; `None`:
    /// all.
    pub kept: Memo<Option<Arc<Vec<u32>>>>,
    /// How many of the flagged rows may be listed.
    pub listed: Memo<u32>,
    /// The columns that take part, ascending.
    pub features: Memo<Arc<Vec<u32>>>,

    ledger: StoredValue<Ledger>,
    wishes: StoredValue<Wishes>,
}

impl Session {
    /// An empty page with the settings of an address.
    pub fn new(recipe: &Recipe) -> Self {
        let table = Told::new(None::<Arc<Loaded>>);
        let found = Told::new(None::<Arc<Found>>);
        let view = Told::new(Arc::new(View::whole()));
        let threshold = RwSignal::new(1.0);
        let roles = RwSignal::new(BTreeMap::new());
        let overrides = RwSignal::new(Overrides::default());
        let draft = Draft::new();
        let (lens, lists_selected) = (RwSignal::new(Lens::default()), RwSignal::new(false));
        let count = move |count: fn(&Found, f64) -> u32| {
            let threshold = threshold.get();
            found.with(|found| found.as_ref().map_or(0, |found| count(found, threshold)))
        };
        let flagged = Memo::new(move |_| count(triage::flagged));
        let passes = Memo::new(move |_| {
            let is_narrowed = lists_selected.get() || lens.with(|lens| !lens.rules.is_empty());
            let n_rows = found.with(|found| found.as_ref().map_or(0, |found| found.scores.len()));
            is_narrowed
                .then(|| view.with(|view| rows::passes(view, n_rows)).map(Arc::new))
                .flatten()
        });
        let kept = Memo::new(move |_| {
            let passes = passes.get()?;
            found.with(|found| Some(Arc::new(triage::kept(found.as_ref()?, &passes))))
        });
        let signals = Signals {
            phase: Told::new(Phase::Starting),
            problem: RwSignal::new(None),
            members: RwSignal::new(None),
            remark: RwSignal::new(None),
            n_shards: Told::new(0),
            table,
            found,
            sights: Told::new(Vec::new()),
            timings: Told::new(Vec::new()),
            rows: Told::new(RowCache::new(REMEMBERED)),
            reasons: Told::new(RowCache::new(REMEMBERED)),
            view,
            viewing: Told::new(None),
            cases: Told::new(None),
            bands: Told::new(RowCache::new(REMEMBERED)),
            similar: Told::new(None),
            drift: Told::new(None),
            positions: Told::new(None),
            trained: Told::new(None),
            model: Told::new(None),
            n_counts: Told::new(0),
            trained_in: Told::new(0.0),
            compared: Told::new(Vec::new()),
            learning: Told::new(Vec::new()),
            tuned: Told::new(None),
            by_rows: Told::new(None),
            votes: Told::new(None),
            lesson: RwSignal::new(Lesson::default()),
            entities: Told::new(None),
            inspection: Told::new(None),
            counterfactual: Told::new(None),
            grids: Told::new(Grids::default()),
            stage: RwSignal::new(Stage::Load),
            params: RwSignal::new(ForestParams::default()),
            eye: RwSignal::new(Eye::default()),
            roles,
            overrides,
            draft,
            lens,
            grow_on: RwSignal::new(GrowOn::default()),
            lists_selected,
            disagrees: RwSignal::new(false),
            by_margin: RwSignal::new(false),
            starts_over: RwSignal::new(false),
            passes,
            kept,
            listed: Memo::new(move |_| match kept.get() {
                Some(kept) => kept.get(flagged.get() as usize).copied().unwrap_or(0),
                None => flagged.get(),
            }),
            threshold,
            because: RwSignal::new(Vec::new()),
            who: RwSignal::new(None),
            judgements: Judgements::default(),
            selected_row: RwSignal::new(None),
            hue: RwSignal::new(Hue::default()),
            axes: (RwSignal::new(AxisChoice::default()), RwSignal::new(AxisChoice::default())),
            flagged,
            tied: Memo::new(move |_| count(triage::tied)),
            is_drafting: Memo::new(move |_| {
                draft.said.with(|said| overrides.with(|holds| said != holds))
            }),
            features: Memo::new(move |_| Arc::new(columns::features(table, roles))),
            ledger: StoredValue::new(Ledger::default()),
            wishes: StoredValue::new(Wishes::default()),
        };
        // The page has one, for as long as it lives; what captures it captures an address.
        let session = Self(Box::leak(Box::new(signals)));
        session.restore(recipe);
        session
    }

    /// The stage that can be shown: without a table only the first.
    pub fn open_stage(self) -> Stage {
        if self.table.with(Option::is_none) { Stage::Load } else { self.stage.get() }
    }
}
