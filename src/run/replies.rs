//! From the ledger to verdicts: what was bought is read, what failed is kept as such, what was not asked is not there.

use super::RunError;
use super::ledger::Ledger;
use super::trials::{Failure, Failures, LiveJudge};
use crate::gold::GoldSet;
use crate::judge::live::{Asked, ConfidenceSource, share_of_samples};
use crate::model::{Outcome, Verdict};

/// The verdicts of one judge, example by example and repeat by repeat. `position` is the judge's place in the run whose
/// failures are given. A reply from before `oldest` counts as none, and a trial that failed in this run has failed, whatever
/// an older reply says.
pub(super) fn read_replies<E: From<RunError>>(
    judge: &LiveJudge,
    position: usize,
    gold: &GoldSet,
    ledger: &Ledger,
    failures: &Failures,
    oldest: Option<&str>,
    take: &mut impl FnMut(Verdict) -> Result<(), E>,
) -> Result<(), E> {
    let asker = judge.live.asker();
    for &example in &judge.asks {
        let mut verdicts = Vec::new();
        for repeat in 0..judge.live.samples {
            let asked = Asked { card: &gold.card, example: &gold.examples[example], repeat };
            let call = asker.call(&asked).map_err(|error| RunError::Runner(error.to_string()))?;
            let reply = ledger.find_recent(&call.sha256, oldest).map_err(RunError::from)?;
            let failure = failures.get(&(position, example, repeat));
            let verdict = match (failure, reply) {
                (Some(failure), _) => Some(unscored(judge, &asked, failure)),
                (None, Some(reply)) => Some(judge.live.verdict(&judge.judge, &asked, &reply, &call.prompt_sha256)),
                (None, None) => None,
            };
            verdicts.extend(verdict);
        }
        if judge.live.confidence == ConfidenceSource::Samples {
            share_of_samples(&judge.judge, &gold.card, &mut verdicts);
        }
        verdicts.into_iter().try_for_each(&mut *take)?;
    }
    Ok(())
}

fn unscored(judge: &LiveJudge, asked: &Asked<'_>, failure: &Failure) -> Verdict {
    let mut verdict = Verdict::new(&judge.judge.name, &asked.example.id, failure.outcome);
    debug_assert!(failure.outcome != Outcome::Scored, "a failure is no verdict");
    verdict.repeat = asked.repeat;
    verdict.attempts = Some(failure.attempts);
    verdict.raw = Some(failure.reason.clone());
    verdict
}
