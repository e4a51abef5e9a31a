//! From the results of a batch to the ledger. Every line is looked at before any is filed.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::gold::GoldSet;
use crate::judge::live::{Asked, BatchForm, BatchLine, BatchResult, Disposition, LiveSpec, StoredReply, batch_line};
use crate::model::Outcome;
use crate::run::RunError;
use crate::run::ask::Trial;
use crate::run::ledger::{Entry, Ledger, digest};
use crate::run::trials::{Failure, Failures, LiveJudge};

/// Ids that are named where they are foreign.
const NAMED: usize = 3;
/// Characters of an id that is named.
const ID_CHARACTERS: usize = 80;
/// How long a batch took says nothing about a request: there is no latency. A negative one is read as none.
const NO_LATENCY_MS: f64 = -1.0;
/// A body that calls itself older than this (2020) has no clock.
const FIRST_SECOND: i64 = 1_577_836_800;

/// What became of the lines of a batch's results.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BatchFiled {
    /// Replies that are in the ledger now and were not before.
    pub filed: usize,
    /// Requests whose reply the ledger had.
    pub already_there: usize,
    /// Lines of an id that was dealt with before.
    pub repeated: usize,
    /// Lines of an id that no judge here asks with.
    pub foreign: usize,
    /// The first of those ids.
    pub first_foreign: Vec<String>,
    /// Requests without a reply, by reason.
    pub failed: BTreeMap<String, usize>,
    /// The trials that they were for.
    pub failures: Failures,
}

/// Files the results of batches of known judges.
pub struct BatchReader<'a> {
    gold: &'a GoldSet,
    judges: &'a [LiveJudge],
    ledger: &'a Ledger,
    oldest: Option<&'a str>,
    /// The time, RFC 3339 in UTC, to the second.
    now: String,
    /// Trials by the digest of their call. Only looked up.
    trials: HashMap<[u8; 32], Vec<Trial>>,
    /// Calls whose reply was filed by this reader, or was there. Only looked up.
    done: HashSet<[u8; 32]>,
    /// Calls without a reply so far, and why.
    failed: BTreeMap<[u8; 32], String>,
    counts: BatchFiled,
}

impl<'a> BatchReader<'a> {
    /// Works out the ids of all requests of these judges. A reply from before `oldest` is replaced.
    pub fn new(
        gold: &'a GoldSet,
        judges: &'a [LiveJudge],
        ledger: &'a Ledger,
        oldest: Option<&'a str>,
        now: String,
    ) -> Result<Self, RunError> {
        let mut trials: HashMap<[u8; 32], Vec<Trial>> = HashMap::new();
        for (index, judge) in judges.iter().enumerate() {
            let asker = judge.live.asker();
            for &example in &judge.asks {
                for repeat in 0..judge.live.samples {
                    let asked = Asked { card: &gold.card, example: &gold.examples[example], repeat };
                    let call = asker.call(&asked).map_err(|error| RunError::Runner(error.to_string()))?;
                    if let Some(key) = digest(&call.sha256) {
                        trials.entry(key).or_default().push(Trial { judge: index, example, repeat });
                    }
                }
            }
        }
        let counts = BatchFiled::default();
        Ok(Self { gold, judges, ledger, oldest, now, trials, done: HashSet::new(), failed: BTreeMap::new(), counts })
    }

    /// Whether a line can be filed, or says that it is of no judge here. The error is a message about the line.
    pub fn check(&self, text: &str) -> Result<(), String> {
        let line = batch_line(text)?;
        let Some((_, trials)) = self.known(&line.id) else { return Ok(()) };
        let judge = &self.judges[trials[0].judge];
        let form = BatchForm::of(judge.live.provider);
        if form == Some(line.form) {
            return Ok(());
        }
        let (found, kind) = (line.form.kind(), judge.live.provider.name());
        Err(format!("has the form of {found}, and its id is of {}; allowed: the form of {kind}", judge.judge.name))
    }

    /// Files a line that was checked.
    pub fn file(&mut self, text: &str) -> Result<(), RunError> {
        let Ok(BatchLine { id, result, .. }) = batch_line(text) else {
            return Err(RunError::Runner("a file of results changed while it was read".to_owned()));
        };
        let Some((key, trials)) = self.known(&id) else {
            self.counts.foreign += 1;
            if self.counts.first_foreign.len() < NAMED {
                self.counts.first_foreign.push(id.chars().take(ID_CHARACTERS).collect());
            }
            return Ok(());
        };
        if self.done.contains(&key) {
            self.counts.repeated += 1;
            return Ok(());
        }
        let Trial { judge, example, repeat } = trials[0];
        if self.ledger.has(&id.to_ascii_lowercase(), self.oldest)? {
            self.counts.already_there += 1;
            self.end(key);
            return Ok(());
        }
        match stored(&self.judges[judge].live, result, &self.now) {
            Ok(reply) => {
                let sha256 = hex::encode(key);
                let judge = self.judges[judge].judge.name.clone();
                let example = self.gold.examples[example].id.clone();
                self.ledger.record(Entry { sha256, judge, example, repeat, reply })?;
                self.counts.filed += 1;
                self.end(key);
            }
            // A later line of the same id may hold a reply: a batch that was sent again after it had expired.
            Err(reason) => {
                let before = self.failed.insert(key, reason);
                self.counts.repeated += usize::from(before.is_some());
            }
        }
        Ok(())
    }

    /// What became of all lines; everything filed is in the file then.
    pub fn finish(self) -> Result<BatchFiled, RunError> {
        self.ledger.flush()?;
        let Self { trials, failed, mut counts, .. } = self;
        for (key, reason) in failed {
            for Trial { judge, example, repeat } in trials.get(&key).into_iter().flatten() {
                let failure = Failure { outcome: Outcome::RequestFailed, reason: reason.clone(), attempts: 1 };
                counts.failures.insert((*judge, *example, *repeat), failure);
            }
            *counts.failed.entry(reason).or_default() += 1;
        }
        Ok(counts)
    }

    fn known(&self, id: &str) -> Option<([u8; 32], &[Trial])> {
        let key = digest(id)?;
        self.trials.get(&key).map(|trials| (key, trials.as_slice()))
    }

    /// A call that has its reply.
    fn end(&mut self, key: [u8; 32]) {
        self.done.insert(key);
        self.failed.remove(&key);
    }
}

/// The reply as it would have been kept had it been asked for alone; the error says why there is none.
fn stored(live: &LiveSpec, result: BatchResult, now: &str) -> Result<StoredReply, String> {
    let (status, mut body, made_unix_s) = match result {
        BatchResult::Body { status, body, made_unix_s } => (status, body, made_unix_s),
        BatchResult::Nothing(reason) => return Err(reason),
    };
    match live.disposition(status, &body) {
        Disposition::Keep => {}
        Disposition::Retry => return Err(format!("HTTP {status}")),
        Disposition::Fail(reason) | Disposition::StopJudge(reason) => return Err(reason),
    }
    // A live reply is cut there as well.
    body.truncate(body.floor_char_boundary(live.limits.most_reply_bytes));
    let at = made_unix_s.filter(|second| *second >= FIRST_SECOND).and_then(rfc3339);
    let at = at.filter(|at| at.as_str() <= now).unwrap_or_else(|| now.to_owned());
    Ok(StoredReply { status, body, latency_ms: NO_LATENCY_MS, attempts: 1, at })
}

fn rfc3339(unix_s: i64) -> Option<String> {
    let time = chrono::DateTime::from_timestamp(unix_s, 0)?;
    Some(time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
}
