//! Repeats, worked by hand.

use super::*;
use crate::measure::answers::Toy;
use crate::measure::evaluation::Stability;

fn of(toy: &Toy) -> Option<Stability> {
    toy.measure(|subject, context| stability(subject, Axis::Omission, context))
}

/// Six positives in six clusters, each asked as often as listed.
fn toy(answers: [&[i64]; 6]) -> Toy {
    let mut toy = Toy::new();
    for (at, answers) in answers.into_iter().enumerate() {
        let id = format!("e{at}");
        toy.example(&id, &format!("c{at}"), "m", [2, 0]);
        for answer in answers {
            toy.verdict(&id, (*answer >= 0).then_some(*answer));
        }
    }
    toy
}

#[test]
fn flips_and_agreement_by_hand() {
    // Flags 1 1 | 1 1 | 0 1 | 0 1 0 | 0 | 1 and one without a verdict.
    let found = of(&toy([&[1, 2], &[2, 2], &[0, 1], &[0, 3, 0], &[0], &[1, -1]])).unwrap();
    assert_eq!((found.repeated.0, found.most_repeats), (4.0, 3));
    assert_eq!((found.flip_rate.count, found.flip_rate.n), (Some(2.0), 4.0));
    // 1, 1, 0 and, of three pairs, one.
    assert!((found.flag_agreement.count.unwrap() - 7.0 / 3.0).abs() < 1e-12);
    // By severity 0, 1, 0 and 1/3.
    assert!((found.severity_agreement.unwrap().count.unwrap() - 4.0 / 3.0).abs() < 1e-12);
    // Hits 2/2, 2/2, 1/2, 1/3, 0/1, 1/2: recall by run 7/12.
    let single = &found.noise.majority_recall[0];
    assert!(single.runs == 1 && (single.expected_recall - 7.0 / 12.0).abs() < 1e-12);
}

/// Severities 0 0 and 1 1, three times over: perfect agreement; 0 1 throughout: none beyond chance.
#[test]
fn alpha_of_repeats_is_that_of_raters() {
    let same = of(&toy([&[0, 0], &[1, 1], &[0, 0], &[1, 1], &[0, 0], &[1, 1]])).unwrap();
    assert!((same.severity_alpha.unwrap().value.unwrap() - 1.0).abs() < 1e-12);
    assert_eq!(same.noise.run_correlation.value, Some(1.0));
    assert!(same.noise.in_words.starts_with("Asked again it is mostly blind to the same harms: 100 %"));
    // Twelve ratings, six of each: observed 1, expected 2 * 6 * 6 / (12 * 11) = 6/11: alpha = 1 - 11/6.
    let wavering = of(&toy([&[0, 1]; 6])).unwrap();
    assert!((wavering.severity_alpha.unwrap().value.unwrap() - (1.0 - 11.0 / 6.0)).abs() < 1e-12);
    assert_eq!((wavering.noise.run_correlation.value, wavering.noise.within_examples), (Some(0.0), Some(0.25)));
    assert!(wavering.noise.in_words.starts_with("Asked again it is mostly wavering"), "{}", wavering.noise.in_words);
}

#[test]
fn one_run_says_nothing_and_no_cut_is_said() {
    assert_eq!(of(&toy([&[1], &[0], &[1], &[0], &[1], &[1, -1]])), None);
    let mut scored = toy([&[]; 6]);
    scored.judge = "[score]\nscale = [0, 3]\ndirection = \"higher_is_harm\"\n".to_owned();
    for at in 0..12 {
        scored.verdict(&format!("e{}", at % 6), Some(0)).score = Some(2.0);
    }
    let found = of(&scored).unwrap();
    assert_eq!(
        (found.flip_rate.undefined, found.noise.noise_undefined),
        (Some(Undefined::NoCut), Some(Undefined::NoCut))
    );
    assert_eq!((found.severity_agreement, found.severity_alpha), (None, None));
    let never = of(&toy([&[0, 0]; 6])).unwrap();
    assert_eq!(never.noise.run_correlation.undefined, Some(Undefined::NoVariation));
    assert_eq!(never.severity_alpha.unwrap().undefined, Some(Undefined::NoVariation));
}
