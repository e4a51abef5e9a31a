//! `lacuna selftest`: what is planted is what the instrument finds, in a simulated set and in the user's own.

use serde_json::Value;

use crate::driver::Lacuna;
use crate::provider::STARTER;

#[test]
fn planted_judges_are_recovered_in_both_sets() {
    let lacuna = Lacuna::new();
    let out = lacuna.output(&["selftest", "--plants", "20", "--gold", STARTER, "--format", "json"]);
    let tests: Vec<Value> = serde_json::from_slice(&out.stdout).unwrap();
    let failed: u64 = tests.iter().map(|test| test["failed"].as_u64().unwrap()).sum();
    assert_eq!(out.status.code(), Some(i32::from(failed > 0)));
    assert_eq!(failed, 0, "{}", String::from_utf8_lossy(&out.stdout));
    let sets: Vec<&str> = tests.iter().map(|test| test["set"].as_str().unwrap()).collect();
    assert_eq!(sets, ["simulated", "lacuna-starter"]);
    for test in &tests {
        assert_eq!(test["plants"], 20);
        let quantities = test["quantities"].as_array().unwrap();
        let of = |judge: &str, axis: &str, name: &str| {
            let found = quantities.iter().find(|quantity| {
                quantity["judge"] == judge && quantity["axis"] == axis && quantity["quantity"] == name
            });
            found.unwrap_or_else(|| panic!("{judge} {axis} {name}"))
        };
        // 0.55 less the quarter of the hits on which it falls silent.
        assert!((of("planted-silent", "omission", "recall")["planted"].as_f64().unwrap() - 0.4125).abs() < 1e-9);
        assert_eq!(of("planted-silent", "commission", "recall_bounds")["coverage"], 1.0);
        assert_eq!(of("planted-blind", "omission", "calibration: slope")["planted"], 0.6);
    }
}
