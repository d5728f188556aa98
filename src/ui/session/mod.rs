//! What the page knows, and the one place where it learns it.

pub(crate) mod hear;

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use leptos::prelude::*;

use crate::protocol::{
    Band, ByRows, CaseSpec, Cases, ColumnProfile, Compared, Counterfactual, Direction, Drift,
    Entities, Eye, ForestParams, Found, Inspection, JobError, JobId, Loaded, Member, Overrides,
    Positions, Role, RowReasons, RowText, RowVotes, Selection, Similar, Step, Test, Timing,
    Trained, Tuned, View, Wrong,
};
use crate::ui::cache::{Grids, RowCache};
use crate::ui::draft::Draft;
use crate::ui::judgements::Judgements;
use crate::ui::ledger::{Ledger, Topic};
use crate::ui::lens::{Chip, GrowOn, Lens, file_column};
use crate::ui::lesson::Lesson;
use crate::ui::plots::hue::Hue;
use crate::ui::recipe::{AxisChoice, Recipe};
use crate::ui::stage::Stage;
use crate::ui::triage;

/// A job the page has asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Reading a file or a sample.
    Load,
    /// Reading the standing file once more, after a worker died.
    Restore,
    /// Growing a forest and scoring all rows.
    Detect,
    /// Having another eye look at the rows.
    Look,
    /// Scoring all rows again with what a person said of some.
    Judge,
    /// Training a model.
    Train,
    /// Looking for the settings that do best on folds.
    Tune,
    /// Training again on parts of the rows.
    ByRows,
    /// Having baselines learn the same.
    Compare,
    /// Writing the scored CSV.
    Export,
}

/// Whether the conductor works.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Phase {
    /// The conductor does not listen yet.
    Starting,
    /// Nothing runs.
    Idle,
    /// A job runs: what it is, its step, and how far it is, from 0 to 1.
    Working(Work, Option<Step>, f64),
}

/// What went wrong, until it is dismissed or something else succeeds.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// The reason.
    pub error: JobError,
    /// The job that failed; `None` for a question.
    pub work: Option<Work>,
}

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
    pub phase: ReadSignal<Phase>,
    /// What went wrong last.
    pub problem: RwSignal<Option<Problem>>,
    /// What an archive holds, while it is open which of it is meant.
    pub members: RwSignal<Option<Vec<Member>>>,
    /// Something to tell that is no error.
    pub remark: RwSignal<Option<String>>,
    /// How many shards the conductor has.
    pub n_shards: ReadSignal<u32>,
    /// The table.
    pub table: ReadSignal<Option<Arc<Loaded>>>,
    /// The scores.
    pub found: ReadSignal<Option<Arc<Found>>>,
    /// What each eye that has looked makes of the rows, the scores that are shown among them.
    pub sights: ReadSignal<Vec<Arc<Found>>>,
    /// Where the time of the scores went.
    pub timings: ReadSignal<Vec<Timing>>,
    /// Rows the page has been told.
    pub rows: ReadSignal<RowCache<RowText>>,
    /// Reasons the page has been told.
    pub reasons: ReadSignal<RowCache<RowReasons>>,
    /// The rows that are shown, in their order.
    pub view: ReadSignal<Arc<View>>,
    /// How far the making of another view is, from 0 to 1.
    pub viewing: ReadSignal<Option<f64>>,
    /// The odd rows by what makes them odd, as of the threshold that was asked about.
    pub cases: ReadSignal<Option<Arc<Cases>>>,
    /// Where rows stand in ten half-forests.
    pub bands: ReadSignal<RowCache<Band>>,
    /// The rows most like the one in the inspector, once they were asked for.
    pub similar: ReadSignal<Option<Arc<Similar>>>,
    /// How the rows that the forest grew on differ from the others.
    pub drift: ReadSignal<Option<Arc<Drift>>>,
    /// The model that stands, as its votes are counted now.
    pub trained: ReadSignal<Option<Arc<Trained>>>,
    /// The same as training left it: it changes with the next training only.
    pub model: ReadSignal<Option<Arc<Trained>>>,
    /// How often votes were counted: grids that tell of them are of one count.
    pub n_counts: ReadSignal<u32>,
    /// How long its training took, in seconds.
    pub trained_in: ReadSignal<f64>,
    /// What baselines make of the same rows, as far as they are done.
    pub compared: ReadSignal<Vec<Compared>>,
    /// How wrong the model in training was after each round so far.
    pub learning: ReadSignal<Vec<Wrong>>,
    /// What Tune knows.
    pub tuned: ReadSignal<Option<Arc<Tuned>>>,
    /// How the error of the model that stands falls with the rows it learns from.
    pub by_rows: ReadSignal<Option<Arc<ByRows>>>,
    /// What decided about the row in the inspector.
    pub votes: ReadSignal<Option<Arc<RowVotes>>>,
    /// Where rows stand in several columns at once.
    pub positions: ReadSignal<Option<Arc<Positions>>>,
    /// Who takes part, as of the column and the threshold that were asked about.
    pub entities: ReadSignal<Option<Arc<Entities>>>,
    /// The row in the inspector.
    pub inspection: ReadSignal<Option<Arc<Inspection>>>,
    /// What would make the row in the inspector ordinary.
    pub counterfactual: ReadSignal<Option<Arc<Counterfactual>>>,
    /// The grids behind the scatter and the timeline.
    pub grids: ReadSignal<Grids>,

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

    set_phase: WriteSignal<Phase>,
    set_n_shards: WriteSignal<u32>,
    set_table: WriteSignal<Option<Arc<Loaded>>>,
    set_found: WriteSignal<Option<Arc<Found>>>,
    set_sights: WriteSignal<Vec<Arc<Found>>>,
    set_timings: WriteSignal<Vec<Timing>>,
    set_rows: WriteSignal<RowCache<RowText>>,
    set_reasons: WriteSignal<RowCache<RowReasons>>,
    set_view: WriteSignal<Arc<View>>,
    set_viewing: WriteSignal<Option<f64>>,
    set_cases: WriteSignal<Option<Arc<Cases>>>,
    set_bands: WriteSignal<RowCache<Band>>,
    set_similar: WriteSignal<Option<Arc<Similar>>>,
    set_drift: WriteSignal<Option<Arc<Drift>>>,
    set_trained: WriteSignal<Option<Arc<Trained>>>,
    set_model: WriteSignal<Option<Arc<Trained>>>,
    set_n_counts: WriteSignal<u32>,
    set_trained_in: WriteSignal<f64>,
    set_compared: WriteSignal<Vec<Compared>>,
    set_learning: WriteSignal<Vec<Wrong>>,
    set_tuned: WriteSignal<Option<Arc<Tuned>>>,
    set_by_rows: WriteSignal<Option<Arc<ByRows>>>,
    set_votes: WriteSignal<Option<Arc<RowVotes>>>,
    set_positions: WriteSignal<Option<Arc<Positions>>>,
    set_entities: WriteSignal<Option<Arc<Entities>>>,
    set_inspection: WriteSignal<Option<Arc<Inspection>>>,
    set_counterfactual: WriteSignal<Option<Arc<Counterfactual>>>,
    set_grids: WriteSignal<Grids>,
    ledger: StoredValue<Ledger>,
    wishes: StoredValue<Wishes>,
}

/// What an address wishes for that only a table and its scores can fulfil.
#[derive(Debug, Clone, Default)]
struct Wishes {
    threshold: Option<f64>,
    row: Option<u32>,
    workers: Option<u32>,
}

impl Session {
    /// An empty page with the settings of an address.
    #[expect(clippy::too_many_lines, reason = "a line for each signal")]
    pub fn new(recipe: &Recipe) -> Self {
        let (phase, set_phase) = signal(Phase::Starting);
        let (n_shards, set_n_shards) = signal(0);
        let (table, set_table) = signal(None::<Arc<Loaded>>);
        let (found, set_found) = signal(None::<Arc<Found>>);
        let (sights, set_sights) = signal(Vec::new());
        let (timings, set_timings) = signal(Vec::new());
        let (rows, set_rows) = signal(RowCache::new(REMEMBERED));
        let (reasons, set_reasons) = signal(RowCache::new(REMEMBERED));
        let (view, set_view) = signal(Arc::new(View::whole()));
        let (viewing, set_viewing) = signal(None);
        let (cases, set_cases) = signal(None);
        let (bands, set_bands) = signal(RowCache::new(REMEMBERED));
        let (similar, set_similar) = signal(None);
        let (drift, set_drift) = signal(None);
        let (positions, set_positions) = signal(None);
        let (entities, set_entities) = signal(None);
        let (inspection, set_inspection) = signal(None);
        let (counterfactual, set_counterfactual) = signal(None);
        let (trained, set_trained) = signal(None);
        let (model, set_model) = signal(None);
        let (n_counts, set_n_counts) = signal(0);
        let (learning, set_learning) = signal(Vec::new());
        let (trained_in, set_trained_in) = signal(0.0);
        let (tuned, set_tuned) = signal(None);
        let (by_rows, set_by_rows) = signal(None);
        let (votes, set_votes) = signal(None);
        let (compared, set_compared) = signal(Vec::new());
        let (grids, set_grids) = signal(Grids::default());
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
            is_narrowed.then(|| view.with(|view| passes(view, n_rows)).map(Arc::new)).flatten()
        });
        let kept = Memo::new(move |_| {
            let passes = passes.get()?;
            found.with(|found| Some(Arc::new(triage::kept(found.as_ref()?, &passes))))
        });
        let listed = Memo::new(move |_| match kept.get() {
            Some(kept) => kept.get(flagged.get() as usize).copied().unwrap_or(0),
            None => flagged.get(),
        });
        let signals = Signals {
            phase,
            problem: RwSignal::new(None),
            members: RwSignal::new(None),
            remark: RwSignal::new(None),
            n_shards,
            table,
            found,
            sights,
            timings,
            rows,
            reasons,
            view,
            viewing,
            cases,
            bands,
            similar,
            drift,
            positions,
            trained,
            model,
            n_counts,
            trained_in,
            compared,
            learning,
            tuned,
            by_rows,
            votes,
            lesson: RwSignal::new(Lesson::default()),
            entities,
            inspection,
            counterfactual,
            grids,
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
            passes,
            kept,
            listed,
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
            features: Memo::new(move |_| Arc::new(features(table, roles))),
            set_phase,
            set_n_shards,
            set_table,
            set_found,
            set_sights,
            set_timings,
            set_rows,
            set_reasons,
            set_view,
            set_viewing,
            set_cases,
            set_bands,
            set_similar,
            set_drift,
            set_positions,
            set_trained,
            set_model,
            set_n_counts,
            set_trained_in,
            set_compared,
            set_learning,
            set_tuned,
            set_by_rows,
            set_votes,
            set_entities,
            set_inspection,
            set_counterfactual,
            set_grids,
            ledger: StoredValue::new(Ledger::default()),
            wishes: StoredValue::new(Wishes::default()),
        };
        // The page has one, for as long as it lives; what captures it captures an address.
        let session = Self(Box::leak(Box::new(signals)));
        session.restore(recipe);
        session
    }

    /// Takes the settings of an address. The stage is opened once there is a table to show in it.
    pub fn restore(self, recipe: &Recipe) {
        self.params.set(recipe.params);
        self.eye.set(recipe.eye);
        self.roles.set(recipe.roles.clone());
        self.overrides.set(recipe.overrides.clone());
        self.draft.begin(&recipe.overrides);
        self.lens.set(recipe.lens.clone());
        self.grow_on.set(recipe.grow_on.clone());
        self.lists_selected.set(recipe.lists_selected);
        self.who.set(recipe.who.clone());
        self.hue.set(recipe.hue);
        self.lesson.set(recipe.lesson.clone());
        self.axes.0.set(recipe.x.clone());
        self.axes.1.set(recipe.y.clone());
        self.stage.set(recipe.stage);
        let Recipe { threshold, row, workers, .. } = *recipe;
        self.wishes.set_value(Wishes { threshold, row, workers });
    }

    /// The settings, as the address keeps them.
    pub fn recipe(self) -> Recipe {
        let moved = self.found.with(|found| {
            let threshold = self.threshold.get();
            let usual = found.as_ref().map(|found| triage::default_threshold(found));
            usual.filter(|&usual| usual != threshold).map(|_| threshold)
        });
        // Until a file shows what they mean, the wishes of the address stay in it.
        let wishes = self.wishes.get_value();
        let first = self.found.with(|found| found.as_ref()?.ranking.first().copied());
        let chosen = self.selected_row.get().filter(|&row| Some(row) != first);
        Recipe {
            stage: self.stage.get(),
            params: self.params.get(),
            eye: self.eye.get(),
            threshold: moved.or(wishes.threshold),
            row: chosen.or(wishes.row),
            roles: self.roles.get(),
            overrides: self.overrides.get(),
            lens: self.lens.get(),
            grow_on: self.grow_on.get(),
            lists_selected: self.lists_selected.get(),
            who: self.who.get(),
            hue: self.hue.get(),
            lesson: self.lesson.get(),
            x: self.axes.0.get(),
            y: self.axes.1.get(),
            workers: wishes.workers,
        }
    }

    /// The stage that can be shown: without a table only the first.
    pub fn open_stage(self) -> Stage {
        if self.table.with(Option::is_none) { Stage::Load } else { self.stage.get() }
    }

    /// The role of a column: what a person said, or else what was found.
    pub fn role_of(self, column: &ColumnProfile) -> Role {
        self.roles.with(|roles| role_of(roles, column))
    }

    /// Leaves a column out of what is looked for, or lets it in again.
    pub fn mute(self, name: &str, is_muted: bool) {
        self.roles.update(|roles| {
            if is_muted {
                roles.insert(name.to_owned(), Role::Ignore);
            } else {
                roles.remove(name);
            }
        });
    }

    /// The rows that no rule mutes.
    pub fn looked_at(self) -> Selection {
        // Filters come and go with a click on one of those who take part: they must not leave out the others.
        let except = self.view.with(|view| view.spec.selection.except.clone());
        Selection { except, ..Selection::default() }
    }

    /// Whether a row may be listed.
    pub fn may_list(self, row: u32) -> bool {
        self.passes.with(|passes| {
            passes.as_ref().is_none_or(|passes| passes.get(row as usize) == Some(&true))
        })
    }

    /// The columns that would take part, had a person not left them out.
    pub fn muted(self) -> Vec<String> {
        let roles = self.roles.read();
        self.table.with(|table| {
            let columns = table.as_ref().map_or(&[][..], |table| &table.profile.columns);
            let is_muted = |column: &&ColumnProfile| {
                column.role == Role::Feature && roles.get(&column.name) == Some(&Role::Ignore)
            };
            columns.iter().filter(is_muted).map(|column| column.name.clone()).collect()
        })
    }

    /// Says something about the file at once, and not as a draft.
    pub fn say(self, change: impl FnOnce(&mut Overrides)) {
        self.overrides.update(change);
        self.overrides.with_untracked(|holds| self.draft.begin(holds));
    }

    /// The column of a role, the first of several.
    pub fn column_of(self, role: Role) -> Option<u32> {
        self.table.with(|table| {
            let columns = &table.as_ref()?.profile.columns;
            (0..).zip(columns).find(|(_, c)| self.role_of(c) == role).map(|(index, _)| index)
        })
    }

    /// What is asked about the rows that are flagged now.
    pub fn case_spec(self) -> CaseSpec {
        let entities = self.table.with(|table| {
            let columns = table.as_ref().map_or(&[][..], |table| &table.profile.columns);
            let of_role = (0..).zip(columns).filter(|(_, c)| self.role_of(c) == Role::Entity);
            of_role.map(|(index, _)| index).collect()
        });
        let time = self.column_of(Role::Time);
        CaseSpec { threshold: self.threshold.get(), time, entities }
    }

    /// Grows forests on the rows of one of several files, and looks at those of the others.
    pub fn judge_against(self, baseline: &str) {
        if self.list_file(baseline, true) {
            self.grow_on.set(GrowOn::File(baseline.to_owned()));
        }
    }

    /// Lists the rows of one of several files, or all others; `false` where there is but one file.
    pub fn list_file(self, name: &str, is_negated: bool) -> bool {
        let column = self.table.with_untracked(|table| {
            let profile = &table.as_ref()?.profile;
            Some(profile.columns[file_column(profile)? as usize].name.clone())
        });
        let Some(column) = column else { return false };
        self.lens.update(|lens| {
            lens.chips.retain(|chip| chip.column != column);
            let test = Test::OneOf(vec![name.to_owned()]);
            lens.chips.push(Chip { column, test, is_negated });
        });
        self.because.set(Vec::new());
        self.lists_selected.set(true);
        true
    }

    /// Lists the rows that pass some filters in place of all those of these columns, whatever their
    /// reasons; where they stand already, takes them away.
    pub fn narrow(self, columns: &[String], chips: &[Chip]) {
        self.lens.update(|lens| lens.narrow(columns, chips));
        self.because.set(Vec::new());
        self.lists_selected.set(self.lens.with_untracked(Lens::selects));
    }

    /// The rows that a forest is to grow on.
    pub fn wanted_rows(self) -> Selection {
        let (label, time) = (self.column_of(Role::Label), self.column_of(Role::Time));
        self.table.with(|table| {
            table.as_ref().map_or_else(Selection::default, |table| {
                self.lens.with(|lens| {
                    self.grow_on.with(|rows| rows.selection(lens, &table.profile, label, time))
                })
            })
        })
    }

    /// What the contract calls `app-state`.
    pub fn state(self) -> &'static str {
        match self.phase.get() {
            Phase::Starting => "starting",
            Phase::Working(Work::Load | Work::Restore, ..) => "loading",
            Phase::Working(Work::Detect | Work::Look | Work::Judge, ..) => "detecting",
            Phase::Working(Work::Train | Work::Tune | Work::ByRows | Work::Compare, ..) => {
                "training"
            }
            _ if self.problem.with(Option::is_some) => "failed",
            // Of two results the one that is looked at.
            _ if self.trained.with(Option::is_some) && self.shows_model() => "trained",
            _ if self.found.with(Option::is_some) => "detected",
            _ if self.table.with(Option::is_some) => "loaded",
            _ => "empty",
        }
    }

    /// Whether the model is what a person looks at, or all there is.
    fn shows_model(self) -> bool {
        self.open_stage() == Stage::Classify || self.found.with(Option::is_none)
    }

    /// Tells what went wrong before anything could be asked for.
    pub fn fail(self, error: JobError) {
        self.problem.set(Some(Problem { error, work: None }));
    }

    /// Notes that a job was asked for under this number.
    pub fn begin(self, job: JobId, work: Work) {
        self.ledger.update_value(|ledger| ledger.begin(job, work));
        if work != Work::Restore {
            self.problem.set(None);
        }
        self.members.set(None);
        self.set_phase.set(Phase::Working(work, None, 0.0));
    }

    /// Whether the running training can be ended with what it has so far.
    pub fn may_stop(self) -> bool {
        match self.phase.get() {
            Phase::Working(Work::Train, Some(Step::Train), _) => {
                self.learning.with(|curve| !curve.is_empty())
            }
            Phase::Working(Work::Tune, ..) => self.tuned.with(Option::is_some),
            Phase::Working(Work::ByRows, step, _) => step == Some(Step::Train),
            _ => false,
        }
    }

    /// Forgets what baselines came to before.
    pub fn compare_afresh(self) {
        self.set_compared.set(Vec::new());
    }

    /// Forgets the rounds of the training before.
    pub fn learn_afresh(self) {
        self.set_learning.set(Vec::new());
    }

    /// Forgets what Tune found before.
    pub fn tune_afresh(self) {
        self.set_tuned.set(None);
    }

    /// Notes that a question was asked under this number.
    pub fn sent(self, job: JobId) {
        self.ledger.update_value(|ledger| ledger.sent(job));
    }

    /// Whether a question on a topic may be asked. An answer wakes the asker again.
    pub fn may_ask(self, topic: Topic) -> bool {
        self.ledger.with_value(|ledger| ledger.may_ask(topic))
    }

    /// Notes that a question on a topic was asked.
    pub fn asked(self, topic: Topic, job: JobId) {
        self.ledger.update_value(|ledger| ledger.asked(topic, job));
    }
}

/// Which rows a view shows; `None`: all of them.
fn passes(view: &View, n_rows: usize) -> Option<Vec<bool>> {
    let shown = view.rows.as_ref().filter(|_| !view.spec.selection.is_all())?;
    let mut passes = vec![false; n_rows];
    for &row in shown.iter() {
        if let Some(there) = passes.get_mut(row as usize) {
            *there = true;
        }
    }
    Some(passes)
}

fn role_of(roles: &BTreeMap<String, Role>, column: &ColumnProfile) -> Role {
    roles.get(&column.name).copied().unwrap_or(column.role)
}

fn features(
    table: ReadSignal<Option<Arc<Loaded>>>,
    roles: RwSignal<BTreeMap<String, Role>>,
) -> Vec<u32> {
    let roles = roles.read();
    table.with(|table| {
        let columns = table.as_ref().map_or(&[][..], |table| &table.profile.columns);
        (0..)
            .zip(columns)
            .filter(|(_, column)| role_of(&roles, column) == Role::Feature)
            .map(|(index, _)| index)
            .collect()
    })
}
