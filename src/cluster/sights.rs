//! What each eye makes of a shard's rows.

use super::{bulk::Bulk, halving::Halves, message::Answer, shard::Shard};
use crate::engine::{
    eyes::{Eye, Model, Sight},
    forest::{Explanation, Scorer, TopReasons, Trails},
    matrix::Codes,
};

/// The eyes that have looked at a shard's rows, and the one whose scores all questions are about.
#[derive(Debug, Default)]
pub(super) struct Sights {
    /// The columns they look at, by feature.
    pub(super) columns: Vec<u32>,
    standing: Vec<Standing>,
    shown: Eye,
    /// Where rows stand along the principal components of these columns, as far as that was asked for.
    pub(super) places: Vec<[f32; 2]>,
}

/// One eye's scores, and what it explains them by.
#[derive(Debug)]
pub(super) struct Standing {
    pub(super) eye: Eye,
    pub(super) by: By,
    /// s per row of the shard.
    pub(super) scores: Vec<f64>,
    /// No other scoring of this shard has it: so what takes several steps sees that it is another.
    pub(super) number: u64,
    /// What half-forests make of the rows, as far as that was asked for.
    pub(super) halves: Halves,
    /// Where the rows end in a forest's trees, as far as that was written down.
    pub(super) trails: Option<Trails>,
}

/// A forest that has looked.
pub(super) struct Grown<'a> {
    /// The number of its scoring.
    pub(super) number: u64,
    pub(super) scorer: &'a mut Scorer,
    pub(super) halves: &'a mut Halves,
    pub(super) trails: &'a mut Option<Trails>,
}

/// What scores are explained by.
#[derive(Debug)]
pub(super) enum By {
    /// The eye's own model.
    Own(Box<Model>, Sight),
    /// Of each row another eye.
    Others(Vec<Eye>),
}

impl Shard {
    /// Everything about some rows.
    pub(super) fn explain(&self, rows: &[u32]) -> Answer {
        let (mut codes, mut steps, mut scores) = (Vec::new(), Vec::new(), Vec::new());
        let mut eyes = Vec::with_capacity(rows.len());
        let views = self.views(&self.sights.columns);
        for row in rows {
            let row = row - self.first_row;
            let at = codes.len();
            codes.extend(views.iter().map(|column| column.get(row as usize)));
            let (explanation, eye) = self.sights.explain(row, &codes[at..]);
            steps.extend(explanation.steps);
            scores.extend([explanation.score, explanation.path_length]);
            eyes.push(eye);
        }
        Answer::Explained { codes: Bulk(codes), steps: Bulk(steps), scores: Bulk(scores), eyes }
    }
}

impl Sights {
    /// Takes scores of columns in; whatever other columns were looked at before is forgotten, and so
    /// is what all eyes saw together.
    pub(super) fn adopt(&mut self, columns: Vec<u32>, standing: Standing, is_afresh: bool) {
        if is_afresh {
            self.standing.clear();
            self.places.clear();
        }
        self.columns = columns;
        let eye = standing.eye;
        self.standing.retain(|there| there.eye != eye && there.eye != Eye::Consensus);
        self.standing.push(standing);
        self.shown = eye;
    }

    /// What all eyes see together is shown: scores, and the eye that explains each row.
    pub(super) fn blend(&mut self, scores: Vec<f64>, leaders: Vec<Eye>) {
        self.standing.retain(|there| there.eye != Eye::Consensus);
        let (eye, by, halves) = (Eye::Consensus, By::Others(leaders), Halves::default());
        self.standing.push(Standing { eye, by, scores, number: 0, halves, trails: None });
        self.shown = Eye::Consensus;
    }

    /// Shows an eye that has looked.
    pub(super) fn show(&mut self, eye: Eye) {
        self.shown = eye;
    }

    /// The scores that are shown; none before anything was looked at.
    pub(super) fn scores(&self) -> Option<&[f64]> {
        self.of(self.shown).map(|standing| standing.scores.as_slice())
    }

    /// The seed of the forest that stands.
    pub(super) fn seed(&self) -> Option<u64> {
        match &self.of(Eye::Forest)?.by {
            By::Own(model, _) => match &**model {
                Model::Forest(forest) => Some(forest.params.seed),
                _ => None,
            },
            By::Others(_) => None,
        }
    }

    /// What an eye made of the rows.
    pub(super) fn of(&self, eye: Eye) -> Option<&Standing> {
        self.standing.iter().find(|standing| standing.eye == eye)
    }

    /// The forest, whichever eye is shown.
    pub(super) fn forest(&mut self) -> Option<Grown<'_>> {
        let forest = self.standing.iter_mut().find(|standing| standing.eye == Eye::Forest)?;
        match &mut forest.by {
            By::Own(_, Sight::Forest(scorer)) => Some(Grown {
                number: forest.number,
                scorer,
                halves: &mut forest.halves,
                trails: &mut forest.trails,
            }),
            _ => None,
        }
    }

    /// The features that made rows odd to the eye that is shown; where it is all of them, to the one
    /// that ranks the row highest.
    ///
    /// `rows` are within the shard, and `codes[feature]` are theirs.
    pub(super) fn reasons(
        &mut self,
        rows: &[u32],
        codes: &[Codes<'_>],
        reasons: &mut [TopReasons],
    ) {
        let leaders = match self.of(self.shown).map(|standing| &standing.by) {
            Some(By::Others(leaders)) => {
                Some(rows.iter().map(|&row| leaders[row as usize]).collect::<Vec<_>>())
            }
            _ => None,
        };
        let Some(leaders) = leaders else {
            self.sight(self.shown).reasons(codes, reasons);
            return;
        };
        for eye in Eye::OWN {
            let places: Vec<usize> =
                (0..rows.len()).filter(|&place| leaders[place] == eye).collect();
            if places.is_empty() {
                continue;
            }
            let of_eye = |codes: &Codes<'_>| -> Vec<u16> {
                places.iter().map(|&place| codes.get(place)).collect()
            };
            let codes: Vec<Vec<u16>> = codes.iter().map(of_eye).collect();
            let codes: Vec<_> = codes.iter().map(|codes| Codes::U16(codes)).collect();
            let mut told = vec![[None; 3]; places.len()];
            self.sight(eye).reasons(&codes, &mut told);
            for (&place, told) in places.iter().zip(told) {
                reasons[place] = told;
            }
        }
    }

    /// Everything about a row of the shard, and the eye that tells it.
    pub(super) fn explain(&self, row: u32, codes: &[u16]) -> (Explanation, Eye) {
        let shown = self.of(self.shown).expect("rows are scored before they are explained");
        let eye = match &shown.by {
            By::Own(..) => self.shown,
            By::Others(leaders) => leaders[row as usize],
        };
        let Some(Standing { by: By::Own(_, sight), .. }) = self.of(eye) else {
            unreachable!("an eye that leads has looked")
        };
        let explanation = sight.explain(codes);
        (Explanation { score: shown.scores[row as usize], ..explanation }, eye)
    }

    /// Frees the memory of rows met before.
    pub(super) fn forget(&mut self) {
        for standing in &mut self.standing {
            if let By::Own(_, sight) = &mut standing.by {
                sight.forget();
            }
        }
    }

    fn sight(&mut self, eye: Eye) -> &mut Sight {
        let mut standing = self.standing.iter_mut();
        match standing.find(|standing| standing.eye == eye).map(|standing| &mut standing.by) {
            Some(By::Own(_, sight)) => sight,
            _ => unreachable!("an eye looks before it is asked"),
        }
    }
}
