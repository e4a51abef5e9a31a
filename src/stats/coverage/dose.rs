//! Profile limits of a dose-response curve: planted judges that find each item, or each number of items, with a known
//! probability.

use super::{LEVEL, POINTS, Rates, Source, Tally};
use crate::proportion::ClusterCount;
use crate::psychometric::{Curve, DoseCounts, Psychometric, fit_psychometric};
use crate::root::bisect;
use crate::{Estimate, Interval};

const REPETITIONS: u64 = 1_000;

/// A planted judge and the scenarios that it is shown.
struct Design {
    name: &'static str,
    clusters: usize,
    /// Largest dose; every second scenario has one item fewer.
    items: usize,
    guess: f64,
    lapse: f64,
    detection: Detection,
}

/// How it finds what was removed.
enum Detection {
    /// Each item with this probability.
    PerItem(f64),
    /// Each item with a probability of the scenario's own: mean and intraclass correlation.
    Varying(f64, f64),
    /// By a Weibull of this threshold and shape.
    Weibull(f64, f64),
}

impl Detection {
    /// Share found at a dose, over all scenarios.
    fn share(&self, rates: &Rates, dose: f64) -> f64 {
        match self {
            Self::PerItem(probability) => 1.0 - (1.0 - probability).powf(dose),
            Self::Varying(..) => {
                1.0 - rates.quantiles.iter().map(|rate| (1.0 - rate).powf(dose)).sum::<f64>() / POINTS as f64
            }
            Self::Weibull(threshold, shape) => {
                Curve { guess: 0.0, lapse: 0.0, threshold: *threshold, shape: *shape }.probability(dose)
            }
        }
    }
}

fn designs() -> Vec<Design> {
    use Detection::{PerItem, Varying, Weibull};
    let design =
        |name, clusters, items, guess, lapse, detection| Design { name, clusters, items, guess, lapse, detection };
    vec![
        design("64 scenarios, 0.5 an item", 64, 6, 0.0, 0.0, PerItem(0.5)),
        design("64 scenarios, 0.2 an item", 64, 6, 0.0, 0.0, PerItem(0.2)),
        design("64 scenarios, 0.4 an item, 0.1 false alarms", 64, 6, 0.1, 0.0, PerItem(0.4)),
        design("64 scenarios, 0.4 an item, 0.05 false alarms, 0.15 lapses", 64, 6, 0.05, 0.15, PerItem(0.4)),
        design("64 scenarios, 0.4 an item on average, correlation 0.2", 64, 6, 0.05, 0.0, Varying(0.4, 0.2)),
        design("64 scenarios, threshold 2.5, shape 2", 64, 6, 0.05, 0.05, Weibull(2.5, 2.0)),
        design("20 scenarios, 0.4 an item, 0.1 false alarms", 20, 6, 0.1, 0.0, PerItem(0.4)),
        design("12 scenarios, 0.3 an item", 12, 7, 0.0, 0.0, PerItem(0.3)),
        design("200 scenarios, 0.3 an item, 0.1 false alarms, 0.1 lapses", 200, 6, 0.1, 0.1, PerItem(0.3)),
    ]
}

/// Whether a response is flagged: guessed, lapsed, or by what was found.
fn draw(source: &mut Source, design: &Design, rates: &Rates) -> DoseCounts {
    let doses: Vec<f64> = (0..=design.items).map(|dose| dose as f64).collect();
    let row = |cluster: usize, source: &mut Source| {
        let own = if let Detection::Varying(..) = design.detection {
            Detection::PerItem(rates.quantiles[source.point()])
        } else {
            Detection::PerItem(0.0)
        };
        let mut row = vec![ClusterCount::default(); doses.len()];
        for (dose, count) in row.iter_mut().enumerate().take(design.items + 1 - cluster % 2) {
            let share = match design.detection {
                Detection::Varying(..) => own.share(rates, dose as f64),
                _ => design.detection.share(rates, dose as f64),
            };
            let flagged = design.guess + (1.0 - design.guess - design.lapse) * share;
            *count = ClusterCount::new(f64::from(source.binomial(1, flagged)), 1.0);
        }
        row
    };
    let rows: Vec<Vec<ClusterCount>> = (0..design.clusters).map(|cluster| row(cluster, source)).collect();
    DoseCounts::new(&doses, &rows).expect("drawn as shares")
}

/// The name of a quantity, what is true of it, and where a fit has it.
type Truth = (&'static str, f64, fn(&Psychometric) -> &Estimate);

/// What is true of a design, in the order in which it is read off a fit.
fn truths(design: &Design, rates: &Rates) -> Vec<Truth> {
    let share = |dose: f64| design.detection.share(rates, dose);
    let at = |level: f64| bisect(|dose| share(dose) - level, 1e-6, 60.0);
    let threshold = at(0.5);
    let slope = (share(threshold + 1e-5) - share(threshold - 1e-5)) / 2e-5;
    let mut truths: Vec<Truth> = vec![
        ("threshold", threshold, |fit| &fit.threshold),
        ("slope", slope, |fit| &fit.slope),
        ("guess rate", design.guess, |fit| &fit.guess),
        ("lapse rate", design.lapse, |fit| &fit.lapse),
        ("half dose", at((0.5 - design.guess) / (1.0 - design.guess - design.lapse)), |fit| &fit.half_dose),
    ];
    if let Detection::PerItem(probability) = design.detection {
        truths.push(("per item", probability, |fit| &fit.independent.per_item));
    }
    truths
}

#[test]
#[ignore = "slow"]
fn profile_limits_hold_a_planted_curve() {
    println!("| planted judge | quantity | truth | coverage | median width | undefined |");
    for (index, design) in designs().iter().enumerate() {
        let (mean, correlation) = match design.detection {
            Detection::Varying(mean, correlation) => (mean, correlation),
            _ => (0.5, 0.5),
        };
        let rates = Rates::new(mean, correlation);
        let truths = truths(design, &rates);
        let mut tallies = vec![Tally::default(); truths.len()];
        let mut widths = vec![Vec::new(); truths.len()];
        let (mut no_shape_one, mut misfits, mut tested) = (0.0, 0.0, 0.0);
        for repetition in 0..REPETITIONS {
            let mut source = Source::new("dose", index, repetition);
            let found = fit_psychometric(&draw(&mut source, design, &rates), LEVEL);
            for (at, (_, truth, read)) in truths.iter().enumerate() {
                let interval = read(&found).interval();
                tallies[at].add(interval, *truth);
                widths[at].extend(interval.map(|Interval { lower, upper }| upper - lower));
            }
            if let (Ok(shape), Ok(goodness)) = (found.independent.p_value, found.goodness) {
                tested += 1.0;
                no_shape_one += f64::from(u8::from(shape < 0.05));
                misfits += f64::from(u8::from(goodness.p_value < 0.05));
            }
        }
        for ((name, truth, _), (tally, widths)) in truths.iter().zip(tallies.iter().zip(&mut widths)) {
            widths.sort_by(f64::total_cmp);
            let width = widths.get(widths.len() / 2).copied().unwrap_or(f64::NAN);
            let (coverage, undefined) = (tally.coverage(), 1.0 - tally.defined / tally.repetitions);
            println!("| {} | {name} | {truth:.3} | {coverage:.3} | {width:.3} | {undefined:.3} |", design.name);
            assert!(coverage > 0.92, "{} {name}: {coverage}", design.name);
        }
        println!(
            "| {} | shape of 1 rejected, curve rejected at 5 % | | {:.3}, {:.3} | | |",
            design.name,
            no_shape_one / tested,
            misfits / tested
        );
    }
}
