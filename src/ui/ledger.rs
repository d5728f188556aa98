//! Which requests are under way, and which answers are still wanted.

use super::session::Work;
use crate::protocol::JobId;

/// Questions of which only one is asked at a time, so that a fling through a million rows does not
/// queue a thousand of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// The texts of rows.
    Rows,
    /// Their reasons.
    Reasons,
    /// Which rows are shown; a newer question overtakes an older one.
    View,
    /// Which rows are odd for the same reasons.
    Cases,
    /// How steady their ranks are.
    Bands,
    /// Who takes part.
    Entities,
    /// The votes of the model, counted otherwise.
    Recount,
}

/// How many topics there are.
const N_TOPICS: usize = Topic::Recount as usize + 1;

/// Which requests are under way.
#[derive(Debug, Default)]
pub struct Ledger {
    running: Option<(JobId, Work)>,
    /// The newest request.
    last: JobId,
    /// What was asked up to here was about an older table.
    table_since: JobId,
    /// What was asked up to here was about older scores.
    scores_since: JobId,
    asking: [Option<JobId>; N_TOPICS],
}

impl Ledger {
    /// Notes a request.
    pub fn sent(&mut self, job: JobId) {
        self.last = job;
    }

    /// Notes a job; it overtakes the one that runs.
    pub fn begin(&mut self, job: JobId, work: Work) {
        self.sent(job);
        self.running = Some((job, work));
    }

    /// Notes that no job runs any more.
    pub fn rest(&mut self) {
        self.running = None;
    }

    /// What runs.
    pub fn work(&self) -> Option<Work> {
        self.running.map(|(_, work)| work)
    }

    /// What this job is, if it is the one that runs.
    pub fn work_of(&self, job: JobId) -> Option<Work> {
        self.running.filter(|&(running, _)| running == job).map(|(_, work)| work)
    }

    /// Notes a question.
    pub fn asked(&mut self, topic: Topic, job: JobId) {
        self.sent(job);
        self.asking[topic as usize] = Some(job);
    }

    /// Whether nothing is asked on a topic.
    pub fn may_ask(&self, topic: Topic) -> bool {
        self.asking[topic as usize].is_none()
    }

    /// Whether this is the latest question on a topic.
    pub fn is_asking(&self, topic: Topic, job: JobId) -> bool {
        self.asking[topic as usize] == Some(job)
    }

    /// Notes that a question has its answer, or that it will have none.
    pub fn answered(&mut self, job: JobId) {
        for asked in &mut self.asking {
            *asked = asked.filter(|&asked| asked != job);
        }
    }

    /// Notes that nobody is left who would answer.
    pub fn died(&mut self) {
        self.rest();
        self.asking = [None; N_TOPICS];
    }

    /// A new table stands: what was asked about the old one is not wanted any more.
    pub fn table_changed(&mut self) {
        self.table_since = self.last;
        self.asking[Topic::Rows as usize] = None;
        self.asking[Topic::View as usize] = None;
        self.asking[Topic::Recount as usize] = None;
    }

    /// New scores stand, or none.
    pub fn scores_changed(&mut self) {
        self.scores_since = self.last;
        self.asking[Topic::Reasons as usize] = None;
        self.asking[Topic::Cases as usize] = None;
        self.asking[Topic::Bands as usize] = None;
        self.asking[Topic::Entities as usize] = None;
    }

    /// Whether a question was about the table that stands.
    pub fn is_about_table(&self, job: JobId) -> bool {
        job > self.table_since
    }

    /// Whether a question was about the scores that stand.
    pub fn is_about_scores(&self, job: JobId) -> bool {
        job > self.scores_since
    }
}
