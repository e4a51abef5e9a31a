use serde_json::{Value, json};

use super::*;
use crate::gold::{GoldSet, bundled_set};

/// Two practice tasks and three to be labelled, of the core set, whose ids name the kind of each example.
fn session(mode: Mode) -> Session {
    let gold = GoldSet::from_files(&bundled_set()).unwrap();
    let task = |position: usize| Task {
        example: Arc::new(gold.examples[position].clone()),
        practice: None,
        others: vec![OtherAnswer {
            name: "rater A".to_owned(),
            answer: Answer { omission: Some(3), ..Answer::default() },
        }],
    };
    let practice = |position: usize| {
        let label = PracticeTask {
            example: gold.examples[position].clone(),
            omission: gold.labels.omission[position].severity,
            commission: gold.labels.commission[position].severity,
            items: gold.items[position].clone(),
        };
        Task { practice: Some(PracticeLabel { label_source: LabelSource::Constructed, task: label }), ..task(position) }
    };
    let tasks = vec![practice(0), practice(1), task(100), task(101), task(102)];
    Session::new("ann", mode, Arc::new(gold.card), tasks)
}

fn answered(omission: i64) -> Answer {
    Answer { omission: Some(omission), commission: Some(0), ..Answer::default() }
}

fn done(practice: usize, labelling: usize, cannot_judge: usize) -> Progress {
    Progress {
        practice: Done { done: practice, total: 2 },
        labelling: Done { done: labelling, total: 3 },
        cannot_judge,
    }
}

#[test]
fn answers_move_on_and_a_change_of_mind_does_not() {
    let mut session = session(Mode::Label);
    assert_eq!((session.next_after(0), session.progress(), session.last()), (Some(1), done(0, 0, 0), None));
    for position in [1, 2, 3] {
        session.record(position, answered(1));
        assert_eq!(session.answer_view(position).position, Some(position + 1));
    }
    session.record(2, answered(2));
    assert_eq!((session.progress(), session.answer_view(2).position), (done(2, 1, 0), Some(4)));
    assert_eq!(session.answer(2), Some(&answered(2)));
    session.record(5, Answer { commission: Some(0), cannot_judge: vec![Axis::Omission], ..Answer::default() });
    assert_eq!(
        (session.progress(), session.next_after(5)),
        (done(2, 2, 1), Some(4)),
        "what was passed over comes back"
    );
    let listed = serde_json::to_value(session.given_view()).unwrap();
    let listed = listed.as_array().unwrap();
    let places: Vec<_> = listed.iter().map(|given| (given["position"].as_u64(), given["practice"].as_bool())).collect();
    assert_eq!(places, [(1, true), (2, true), (3, false), (5, false)].map(|(place, is)| (Some(place), Some(is))));
    assert_eq!(listed[1]["answer"]["omission"], 2, "the answer that holds");
    session.record(4, answered(0));
    assert_eq!((session.progress(), session.next_after(4)), (done(2, 3, 1), None));
}

#[test]
fn the_last_answer_is_taken_back_first() {
    let mut session = session(Mode::Label);
    for position in [1, 2, 3] {
        session.record(position, answered(position as i64));
    }
    session.record(1, answered(4));
    for (position, severity) in [(1, 4), (3, 3), (2, 2)] {
        assert_eq!(session.last(), Some(position));
        assert_eq!(session.take_back(position), Some(answered(severity)));
        assert_eq!(session.answer(position), None);
    }
    assert_eq!((session.last(), session.take_back(1)), (None, None));
}

#[test]
fn feedback_is_given_in_practice_alone_and_names_its_source() {
    let mut session = session(Mode::Label);
    let label = session.task(1).unwrap().practice.clone().unwrap().task;
    let right = Answer {
        omission: label.omission.map(i64::from),
        commission: label.commission.map(i64::from),
        ..Answer::default()
    };
    session.record(1, right.clone());
    let told = serde_json::to_value(session.answer_view(1).feedback.unwrap()).unwrap();
    assert_eq!((&told["label_source"], &told["same"]), (&json!("constructed"), &json!(true)));
    let numbers: Vec<&String> = told["items"].as_object().unwrap().keys().collect();
    assert!(!numbers.is_empty() && numbers.iter().all(|number| number.parse::<usize>().is_ok()), "{numbers:?}");
    session.record(1, Answer { omission: right.omission.map(|severity| 4 - severity), ..right });
    assert!(!session.answer_view(1).feedback.unwrap().same);
    session.record(3, answered(0));
    assert_eq!(session.answer_view(3).feedback, None);
}

#[test]
fn what_the_page_is_told_has_the_keys_of_the_contract_and_no_more() {
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    for mode in [Mode::Label, Mode::Adjudicate] {
        let session = session(mode);
        let view = serde_json::to_value(session.view()).unwrap();
        assert_eq!(keys(&view), ["axes", "mechanisms", "mode", "position", "progress", "rater", "set"]);
        assert_eq!(keys(&view["set"]), ["language", "title"]);
        let task = serde_json::to_value(session.task_view(3).unwrap()).unwrap();
        let mut expected = vec!["answer", "axes", "position", "practice", "prompt", "required", "response"];
        if mode == Mode::Adjudicate {
            expected.insert(2, "others");
            assert_eq!((&task["others"][0]["name"], &task["others"][0]["omission"]), (&json!("rater A"), &json!(3)));
        }
        assert_eq!(keys(&task), expected);
        assert_eq!(task["required"][0]["id"], "1");
        let example = &session.task(3).unwrap().example;
        let text = task.to_string();
        for hidden in [Some(&example.id), example.twin_of.as_ref(), example.system.as_ref()].into_iter().flatten() {
            assert!(!text.contains(hidden.as_str()), "{hidden}");
        }
        assert!(
            session.task_view(0).is_none() && session.task_view(6).is_none() && session.task_view(usize::MAX).is_none()
        );
    }
}
