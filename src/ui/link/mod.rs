//! The page's end of the work: what it asks of the conductor, and what follows from the answers.

mod below;
mod questions;

use leptos::prelude::*;
use leptos::reactive::graph::untrack;
use web_sys::{Blob, File};

use super::outside;
use super::session::{Phase, Session, Work};
use super::stage::Stage;
use crate::protocol::{
    Choice, Counting, Envelope, Event, Eye, JobError, JoinBy, Overrides, Profile, Request,
    RowShare, Sample, Timing, TuneSpec, Verdict,
};
use crate::worker::client::Conductor;

/// Where a table comes from.
#[derive(Debug, Clone)]
pub enum Source {
    /// Files of the person's own.
    Files(Files),
    /// A built-in sample.
    Sample(Sample),
}

/// Files that make one table, and what was chosen about them.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// The table, or its parts.
    pub files: Vec<File>,
    /// Labels for its rows.
    pub labels: Option<File>,
    /// Rows below it, to judge a model by or to apply it to.
    pub applied: Vec<File>,
    /// Which member of an archive is meant, and how labels find their rows.
    pub choice: Choice,
}

impl From<Vec<File>> for Source {
    fn from(files: Vec<File>) -> Self {
        Self::Files(Files { files, ..Files::default() })
    }
}

/// What is saved.
#[derive(Debug, Clone, Copy, Default)]
enum SavedAs {
    #[default]
    Scored,
    Model,
}

/// The page's end of the work. A bundle of handles: copy it.
#[derive(Clone, Copy)]
pub struct Link {
    session: Session,
    conductor: StoredValue<Option<Conductor>, LocalStorage>,
    sources: StoredValue<Sources, LocalStorage>,
}

/// Which files stand, so that they can be read again.
#[derive(Default)]
struct Sources {
    standing: Option<Source>,
    pending: Option<Source>,
    /// The file of the pending ones that is what is usual.
    baseline: Option<String>,
    /// The file of the pending ones whose rows are to be judged by, and whether a model stood that is to
    /// be trained again with it.
    test: Option<(String, bool)>,
    /// Whether rows were scored before a file came below them, and are to be once more.
    scores_again: bool,
    /// When the pending one was given.
    given: f64,
    /// When a verdict was given whose scores are not there yet.
    judged: Option<f64>,
    /// When cases were asked for.
    cases: f64,
    /// The count of votes that was asked for last, and when.
    counting: Option<(Counting, f64)>,
    /// What the export that runs is called behind its file's name.
    saved_as: SavedAs,
}

impl Link {
    /// Starts the conductor; `workers` forces its number of shards.
    pub fn start(session: Session, workers: Option<u32>) -> Self {
        let link = Self {
            session,
            conductor: StoredValue::new_local(None),
            sources: StoredValue::new_local(Sources::default()),
        };
        let conductor = Conductor::start(workers, move |event, blob| link.on_event(event, blob));
        link.conductor.set_value(Some(conductor));
        link
    }

    /// Reads a table. What a person said about an earlier one does not hold for it.
    pub fn load(self, source: Source) {
        if self.session.table.with_untracked(Option::is_some) {
            self.session.overrides.set(Overrides::default());
            self.session.draft.is_open.set(false);
            self.session.stage.set(Stage::Load);
        }
        self.read(source, Work::Load);
    }

    /// Reads the standing table again, with what a person now says about it.
    pub fn reload(self) {
        if let Some(source) = self.sources.with_value(|sources| sources.standing.clone()) {
            self.read(source, Work::Load);
        }
    }

    /// Reads the standing table again as the draft says.
    pub fn read_as_drafted(self) {
        self.session.overrides.set(self.session.draft.said.get_untracked());
        self.reload();
    }

    /// Reads one member of the archive that was given last.
    pub fn choose_member(self, name: &str) {
        if let Some(Source::Files(mut files)) = self.sources.with_value(|it| it.pending.clone()) {
            files.choice.member = Some(name.to_owned());
            self.load(Source::Files(files));
        }
    }

    /// Joins labels to the rows of the standing table: it is read again with them.
    pub fn join_labels(self, labels: File, by: Option<JoinBy>) {
        if let Some(Source::Files(mut files)) = self.sources.with_value(|it| it.standing.clone()) {
            (files.labels, files.choice.join_by) = (Some(labels), by);
            self.read(Source::Files(files), Work::Load);
        }
    }

    /// Whether labels were joined to the standing table, and what was said about how.
    pub fn joined(self) -> Option<Option<JoinBy>> {
        self.sources.with_value(|sources| match &sources.standing {
            Some(Source::Files(files)) => {
                files.labels.as_ref().map(|_| files.choice.join_by.clone())
            }
            _ => None,
        })
    }

    /// Joins the labels of the standing table otherwise.
    pub fn join_by(self, by: Option<JoinBy>) {
        if let Some(Source::Files(mut files)) = self.sources.with_value(|it| it.standing.clone()) {
            files.choice.join_by = by;
            self.read(Source::Files(files), Work::Load);
        }
    }

    /// Whether the standing table is a file, and no sample.
    pub fn is_file(self) -> bool {
        self.sources.with_value(|sources| matches!(sources.standing, Some(Source::Files(_))))
    }

    /// Finds the odd rows with the settings that stand.
    pub fn detect(self) {
        let features = self.session.features.get_untracked().to_vec();
        let params = self.session.params.get_untracked();
        self.session.stage.set(Stage::Detect);
        let grow_on = untrack(|| self.session.wanted_rows());
        let verdicts = self.session.judgements.verdicts();
        let request = Request::Detect { features, params, grow_on, verdicts };
        self.job(&request, &[], Work::Detect);
    }

    /// Has the eye that is wanted look at the rows, if what stands is not what it sees.
    pub fn look(self) {
        let eye = self.session.eye.get();
        let is_idle = self.session.phase.get() == Phase::Idle;
        let shown = self.session.found.with(|found| found.as_ref().map(|found| found.eye));
        if is_idle && shown.is_some_and(|shown| shown != eye) {
            // All together come last, so that each is known by itself, too.
            let has_looked = |own: &Eye| {
                self.session.sights.with_untracked(|sights| sights.iter().any(|s| s.eye == *own))
            };
            let missing = Eye::OWN.into_iter().find(|own| !has_looked(own));
            let eye = missing.filter(|_| eye == Eye::Consensus).unwrap_or(eye);
            self.job(&Request::Look { eye }, &[], Work::Look);
        }
    }

    /// Says something about a row, or takes it back; all rows are scored anew.
    pub fn judge(self, row: u32, verdict: Option<Verdict>) {
        self.session.judgements.say(row, verdict);
        self.learn();
    }

    /// Says the same about several rows.
    pub fn judge_all(self, rows: &[u32], verdict: Verdict) {
        self.session.judgements.say_all(rows, verdict);
        self.learn();
    }

    /// Takes back all that was said about rows.
    pub fn forget_verdicts(self) {
        self.session.judgements.clear();
        self.learn();
    }

    fn learn(self) {
        self.sources.update_value(|sources| sources.judged = Some(outside::now()));
        let verdicts = self.session.judgements.verdicts();
        self.job(&Request::Judge { verdicts }, &[], Work::Judge);
    }

    /// Writes the scored CSV.
    pub fn export(self) {
        let threshold = self.session.threshold.get_untracked();
        let judgements = self.session.judgements.all();
        self.sources.update_value(|sources| sources.saved_as = SavedAs::Scored);
        self.job(&Request::Export { threshold, judgements }, &[], Work::Export);
    }

    /// Writes the model that stands as JSON.
    pub fn export_model(self) {
        let file = self.with_profile(|name, _| name.to_owned()).unwrap_or_default();
        self.sources.update_value(|sources| sources.saved_as = SavedAs::Model);
        self.job(&Request::ExportModel { file }, &[], Work::Export);
    }

    /// Trains a model as the lesson says.
    pub fn train(self) {
        let Some(spec) = self
            .with_profile(|_, profile| {
                untrack(|| self.session.lesson.get().spec(self.session, profile))
            })
            .flatten()
        else {
            return;
        };
        self.session.learn_afresh();
        self.session.stage.set(Stage::Classify);
        self.job(&Request::Train(Box::new(spec)), &[], Work::Train);
    }

    /// Looks for the settings that do best on folds, for so many seconds at most.
    pub fn tune(self, seconds: f64) {
        let spec = self.with_profile(|_, profile| {
            untrack(|| self.session.lesson.get().spec(self.session, profile))
        });
        if let Some(train) = spec.flatten() {
            self.session.tune_afresh();
            self.job(&Request::Tune(Box::new(TuneSpec { train, seconds })), &[], Work::Tune);
        }
    }

    /// Trains again on parts of the rows.
    pub fn by_rows(self) {
        self.job(&Request::ByRows, &[], Work::ByRows);
    }

    /// Has baselines learn what the model has learnt.
    pub fn compare(self) {
        self.session.compare_afresh();
        self.job(&Request::Compare, &[], Work::Compare);
    }

    /// Asks what decided about a row.
    pub fn want_votes(self, row: u32) {
        self.question(&Request::Votes { row });
    }

    /// Drops the running job; of a training the rounds so far stay.
    pub fn cancel(self) {
        let is_enough = untrack(|| self.session.may_stop());
        self.send(if is_enough { &Request::Enough } else { &Request::Cancel }, &[]);
    }

    /// Reads a share of the rows of the table that would not fit.
    pub fn load_share(self, per_mille: u16) {
        let seed = self.session.params.with_untracked(|params| params.seed);
        self.session.say(|said| said.share = Some(RowShare { per_mille, seed }));
        if let Some(source) = self.sources.with_value(|sources| sources.pending.clone()) {
            self.read(source, Work::Load);
        }
    }

    /// Reads all rows of a table of which a share stands, if they will fit.
    pub fn load_all(self) {
        self.session.say(|said| said.share = None);
        self.reload();
    }

    fn read(self, source: Source, work: Work) {
        self.sources.update_value(|sources| {
            sources.pending = Some(source.clone());
            (sources.baseline, sources.test, sources.scores_again) = (None, None, false);
            sources.given = outside::now();
        });
        match source {
            Source::Files(Files { files, labels, applied, choice }) => {
                let choice = Choice { n_applied: applied.len() as u32, ..choice };
                let files = [files, applied].concat();
                let request = Request::Load {
                    names: files.iter().map(File::name).collect(),
                    labels: labels.as_ref().map(File::name),
                    choice,
                    overrides: self.session.overrides.get_untracked(),
                };
                let files: Vec<File> = files.into_iter().chain(labels).collect();
                self.job(&request, &files, work);
            }
            Source::Sample(sample) => {
                // How it is written is known; what its columns are is anybody's to say.
                let Overrides { share, types, .. } = self.session.overrides.get_untracked();
                let overrides = Overrides { share, types, ..Overrides::default() };
                self.job(&Request::LoadSample { sample, overrides }, &[], work);
            }
        }
    }

    fn job(self, request: &Request, files: &[File], work: Work) {
        if let Some(job) = self.send(request, files) {
            self.session.begin(job, work);
        }
    }

    fn question(self, request: &Request) {
        if let Some(job) = self.send(request, &[]) {
            self.session.sent(job);
        }
    }

    fn send(self, request: &Request, files: &[File]) -> Option<crate::protocol::JobId> {
        self.conductor.with_value(|conductor| {
            conductor.as_ref().map(|conductor| conductor.send(request, files))
        })
    }

    fn on_event(self, envelope: Envelope<Event>, blob: Option<Blob>) {
        enum After {
            Nothing,
            Loaded(Vec<Timing>),
            Detected(Vec<Timing>),
            Cases,
            Counted,
            Trained(Vec<Timing>),
            Exported(Vec<Timing>),
            Failed,
        }
        let after = match &envelope.body {
            Event::Loaded(loaded) => After::Loaded(loaded.timings.clone()),
            Event::Detected(_, timings) => After::Detected(timings.clone()),
            Event::Exported(timings) => After::Exported(timings.clone()),
            Event::Cases(_) => After::Cases,
            Event::Recounted(_) => After::Counted,
            Event::Trained(_, timings) => After::Trained(timings.clone()),
            Event::Failed(_) => After::Failed,
            _ => After::Nothing,
        };
        if !self.session.apply(envelope) {
            return;
        }
        match after {
            After::Nothing => {}
            After::Loaded(timings) => self.on_loaded(timings),
            After::Detected(timings) => {
                let detail = self.detail();
                outside::measure_all(&timings, &detail);
                let judged = self.sources.try_update_value(|sources| sources.judged.take());
                if let Some(given) = judged.flatten() {
                    let measure = move || {
                        outside::measure("verdict.update", given, outside::now(), &detail);
                    };
                    outside::after_paint(measure);
                }
            }
            After::Cases => {
                let asked = self.sources.with_value(|sources| sources.cases);
                outside::measure("forest.cases", asked, outside::now(), &self.detail());
            }
            After::Counted => self.on_counted(),
            After::Trained(timings) => {
                self.sources.update_value(|sources| sources.counting = None);
                outside::measure_all(&timings, &self.detail());
                let again = |sources: &mut Sources| std::mem::take(&mut sources.scores_again);
                if self.sources.try_update_value(again) == Some(true) {
                    self.detect();
                    self.session.stage.set(Stage::Classify);
                }
            }
            After::Exported(timings) => {
                outside::measure_all(&timings, &self.detail());
                self.save(blob.as_ref());
            }
            After::Failed => self.recover(),
        }
    }

    fn on_loaded(self, timings: Vec<Timing>) {
        let mut given = 0.0;
        self.sources.update_value(|sources| {
            sources.standing = sources.pending.take();
            given = sources.given;
        });
        self.session.table.with_untracked(|table| {
            if let Some(table) = table {
                self.session.judgements.open(table);
            }
        });
        if let Some(name) = self.sources.try_update_value(|it| it.baseline.take()).flatten() {
            self.session.judge_against(&name);
        }
        let test = self.sources.try_update_value(|it| it.test.take()).flatten();
        let is_to_train = test.as_ref().is_some_and(|(_, has_model)| *has_model);
        if let Some((name, _)) = test {
            self.session.lesson.update(|lesson| lesson.test_on(name));
            self.session.stage.set(Stage::Classify);
        }
        let detail = self.detail();
        outside::measure_all(&timings, &detail);
        outside::after_paint(move || outside::measure("load", given, outside::now(), &detail));
        if is_to_train {
            self.train();
        }
        // An address that shows results is opened to see them again. Not so after a worker died:
        // what killed it may kill the next one too.
        let stage = self.session.stage.get_untracked();
        let is_fresh = self.session.problem.with_untracked(Option::is_none);
        if is_fresh && matches!(stage, Stage::Detect | Stage::Export) {
            self.detect();
            self.session.stage.set(stage);
        }
    }

    fn save(self, blob: Option<&Blob>) {
        let named = match self.sources.with_value(|sources| sources.saved_as) {
            SavedAs::Scored => scored_name,
            SavedAs::Model => model_name,
        };
        let name = self.with_profile(|name, _| named(name)).unwrap_or_default();
        let is_sample = self.with_profile(|_, profile| profile.sample.is_some());
        let name = if is_sample == Some(true) {
            name.replacen("-scored", "-sample-scored", 1).replacen("-model", "-sample-model", 1)
        } else {
            name
        };
        let saved = blob.is_some_and(|blob| outside::download(blob, &name).is_ok());
        self.session.remark.set(Some(if saved {
            format!("{name} is on its way to your downloads.")
        } else {
            "The browser would not save the file; please try once more.".to_owned()
        }));
    }

    /// After a worker died its tables are gone; the file is still at hand, so it is read again.
    /// Once: a file that brings the workers down twice is given up.
    fn recover(self) {
        let Some(problem) = self.session.problem.get_untracked() else { return };
        let has_died = matches!(problem.error, JobError::WorkerDied { .. });
        let standing = self.sources.with_value(|sources| sources.standing.clone());
        match (problem.work, standing) {
            (Some(Work::Restore), _) => {
                self.sources.set_value(Sources::default());
                self.session.forget_table();
            }
            (_, Some(source)) if has_died => self.read(source, Work::Restore),
            _ => {}
        }
    }

    fn detail(self) -> wasm_bindgen::JsValue {
        let workers = self.session.n_shards.get_untracked();
        self.with_profile(|_, profile| {
            outside::detail(profile.n_rows, profile.columns.len(), profile.n_bytes, workers)
        })
        .unwrap_or_default()
    }

    fn with_profile<T>(self, with: impl FnOnce(&str, &Profile) -> T) -> Option<T> {
        self.session
            .table
            .with_untracked(|table| table.as_ref().map(|table| with(&table.name, &table.profile)))
    }
}

/// `flows.csv` becomes `flows-scored.csv`.
fn scored_name(name: &str) -> String {
    let (stem, ending) = parted(name);
    format!("{stem}-scored.{ending}")
}

/// `flows.csv` becomes `flows-model.json`.
fn model_name(name: &str) -> String {
    format!("{}-model.json", parted(name).0)
}

/// A file's name without its ending, and that; `csv` where it has none.
fn parted(name: &str) -> (&str, &str) {
    let name = name.strip_suffix(".gz").or(name.strip_suffix(".zip")).unwrap_or(name);
    match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.len() <= 4 => (stem, ending),
        _ => (name, "csv"),
    }
}

#[cfg(test)]
mod tests {
    use super::{model_name, scored_name};

    #[test]
    fn the_export_is_named_after_its_file() {
        assert_eq!(scored_name("flows.csv"), "flows-scored.csv");
        assert_eq!(scored_name("KDDTest+.txt"), "KDDTest+-scored.txt");
        assert_eq!(scored_name("day.2.csv.gz"), "day.2-scored.csv");
        assert_eq!(scored_name("table"), "table-scored.csv");
        assert_eq!(model_name("day.2.csv.gz"), "day.2-model.json");
    }
}
