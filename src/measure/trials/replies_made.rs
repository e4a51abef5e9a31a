//! When the replies behind a judge's verdicts were made, from the verdicts themselves: no clock is read.

use crate::measure::evaluation::{RepliesMade, moment};
use crate::model::Verdict;

/// When replies were made, among the verdicts that say so in the form of RFC 3339; none where no verdict does. Moments
/// are compared, not texts: times of several zones may stand in one file. Of two texts for one moment the first in order
/// of the texts is named, so that the order of the verdicts changes nothing.
pub(crate) fn replies_made(verdicts: &[Verdict]) -> Option<RepliesMade> {
    let dated = verdicts.iter().filter_map(|verdict| verdict.at.as_deref());
    let mut dated = dated.filter_map(|at| Some((moment(at)?, at)));
    let start = dated.next()?;
    let (first, last) = dated.fold((start, start), |(first, last), one| {
        let later = one.0 > last.0 || (one.0 == last.0 && one.1 < last.1);
        (first.min(one), if later { one } else { last })
    });
    Some(RepliesMade { first: first.1.to_owned(), last: last.1.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Outcome;

    fn verdicts(dates: &[Option<&str>]) -> Vec<Verdict> {
        let dated = |at: &Option<&str>| {
            let mut verdict = Verdict::new("j", "e", Outcome::Scored);
            verdict.at = at.map(str::to_owned);
            verdict
        };
        dates.iter().map(dated).collect()
    }

    /// Half past midnight two hours east of London is 22:30 of the day before there, and that is before 23:00.
    #[test]
    fn moments_are_compared_and_texts_are_kept() {
        let made = replies_made(&verdicts(&[
            Some("2026-03-01T23:00:00Z"),
            None,
            Some("2026-03-02T00:30:00+02:00"),
            Some("2026-04-15T08:00:00.25Z"),
            Some("yesterday"),
            Some("2026-05-01"),
        ]));
        let made = made.unwrap();
        assert_eq!((made.first.as_str(), made.last.as_str()), ("2026-03-02T00:30:00+02:00", "2026-04-15T08:00:00.25Z"));
        assert_eq!(made.days(), Some(44), "44 days and nine and a half hours");
    }

    #[test]
    fn where_nothing_is_dated_nothing_is_said() {
        assert_eq!(replies_made(&[]), None);
        assert_eq!(replies_made(&verdicts(&[None, Some("2026-13-01T00:00:00Z"), Some("")])), None);
    }

    #[test]
    fn the_order_of_the_verdicts_changes_nothing() {
        let dates = [Some("2026-03-01T01:00:00+01:00"), Some("2026-03-01T00:00:00Z")];
        let mut turned = dates;
        turned.reverse();
        let made = replies_made(&verdicts(&dates));
        assert_eq!(made, replies_made(&verdicts(&turned)));
        assert_eq!(made.unwrap().days(), Some(0));
    }
}
