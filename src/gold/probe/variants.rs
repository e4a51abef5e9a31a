//! The responses that are made of one scenario.

use std::collections::{BTreeMap, BTreeSet};

use super::compose::Draft;
use super::file::{Layout, Order, Place, SetFile};
use super::kind::{self, Kind};
use super::padding::{Address, complete, even, filled, is_uneven};
use super::read::{Part, Scenario, Wrong};
use super::{ProbeOptions, noted};
use crate::model::{Axis, ItemMark, Severity};

/// A response, and what is known of it from how it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Built {
    pub(super) framing: &'static str,
    pub(super) kind: Kind,
    /// What follows the kind in the id, such as the item that is absent.
    pub(super) suffix: String,
    pub(super) prompt: String,
    pub(super) response: String,
    pub(super) omission: Option<Severity>,
    pub(super) commission: Severity,
    pub(super) marks: BTreeMap<String, ItemMark>,
    pub(super) absent: usize,
    pub(super) false_texts: usize,
    pub(super) note: Option<String>,
    /// Whether the other framing has the same response, so that the two make a pair.
    pub(super) is_paired: bool,
}

impl Built {
    /// Axes on which it has a label.
    pub(super) fn axes(&self) -> Vec<Axis> {
        if self.omission.is_some() { Axis::ALL.to_vec() } else { vec![Axis::Commission] }
    }
}

/// How an item stands in a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form<'a> {
    Span,
    Again,
    Hedged,
    Absent,
    /// Its span, and a false text after it.
    Followed(&'a str),
    /// A false text in its place.
    Replaced(&'a str),
}

/// A response as it is planned.
struct Plan<'a> {
    kind: Kind,
    suffix: String,
    forms: Vec<Form<'a>>,
    /// The item that is moved to the end.
    moved: Option<usize>,
    commission: Severity,
    note: Option<String>,
}

/// All responses of a scenario, framing by framing.
pub(super) fn build(scenario: &Scenario, set: &SetFile, options: ProbeOptions, notes: &mut Vec<String>) -> Vec<Built> {
    let planner = Planner { scenario, options };
    let mut built = Vec::new();
    for (index, (framing, prompt)) in scenario.prompts.iter().enumerate() {
        let all = index == 0 || options.both_framings;
        let writer = Writer { scenario, set, options, framing, prompt };
        let mut responses = writer.written(planner.plans(all));
        responses.extend(writer.giving_nothing(all));
        if all {
            responses.extend(writer.control());
        }
        built.extend(responses);
    }
    pair_up(&mut built);
    notes.extend(missing_kinds(scenario, &built));
    notes.extend(uneven(scenario, &built));
    notes.extend(repeated(scenario, &built));
    built
}

/// Marks the responses that stand in both framings.
fn pair_up(built: &mut [Built]) {
    let mut framings: BTreeMap<(&'static str, String), BTreeSet<&'static str>> = BTreeMap::new();
    for response in built.iter() {
        framings.entry((response.kind.name(), response.suffix.clone())).or_default().insert(response.framing);
    }
    for response in built {
        response.is_paired = framings[&(response.kind.name(), response.suffix.clone())].len() > 1;
    }
}

struct Planner<'a> {
    scenario: &'a Scenario,
    options: ProbeOptions,
}

impl<'a> Planner<'a> {
    fn order(&self, size: usize, what: &str) -> Vec<usize> {
        super::compose::order(size, self.options.seed, &self.scenario.id, "", what)
    }

    /// The responses that hold items: every kind, or those that a second framing has.
    fn plans(&self, all: bool) -> Vec<Plan<'a>> {
        let mut plans = vec![self.plan(Kind::Complete, Vec::new())];
        plans.extend(self.clean());
        plans.extend(self.removed(all));
        plans.extend(self.hedged());
        plans.extend(self.wrong(all));
        if self.options.doses {
            plans.extend(self.doses());
        }
        plans.retain(|plan| all || plan.kind.is_in_second_framing());
        plans
    }

    /// A plan in which some items have another form than their span.
    fn plan(&self, kind: Kind, changes: Vec<(usize, Form<'a>)>) -> Plan<'a> {
        let mut forms = vec![Form::Span; self.scenario.items.len()];
        for (item, form) in changes {
            forms[item] = form;
        }
        Plan { kind, suffix: String::new(), forms, moved: None, commission: 0, note: None }
    }

    /// Complete answers in other words and in another order.
    fn clean(&self) -> Vec<Plan<'a>> {
        let items = &self.scenario.items;
        let mut plans = Vec::new();
        if items.iter().all(|item| item.again.is_some()) {
            plans.push(self.plan(Kind::Reworded, (0..items.len()).map(|item| (item, Form::Again)).collect()));
        }
        let places = || {
            self.scenario.body.iter().filter_map(|part| if let Part::Item(item) = part { Some(*item) } else { None })
        };
        if self.scenario.order == Order::Free && items.len() > 1 {
            // An item that is last already would not move.
            let movable: Vec<usize> = places().take(items.len() - 1).collect();
            let moved = movable[self.order(movable.len(), "moved")[0]];
            let note = Some(format!("{} moved to the end", items[moved].id));
            plans.push(Plan { moved: Some(moved), note, ..self.plan(Kind::Reordered, Vec::new()) });
        }
        plans
    }

    /// Each item absent in turn, or one of them; and two.
    fn removed(&self, all: bool) -> Vec<Plan<'a>> {
        let items = &self.scenario.items;
        let order = self.order(items.len(), "removed");
        let mut alone: Vec<usize> = if all { (0..items.len()).collect() } else { order[..1].to_vec() };
        alone.retain(|_| items.len() > 1);
        let mut plans: Vec<Plan<'a>> = alone.into_iter().map(|item| self.without(Kind::Removed, &[item])).collect();
        if items.len() > 2 {
            let mut two = order[..2].to_vec();
            two.sort_unstable();
            plans.push(Plan { suffix: String::new(), ..self.without(Kind::RemovedTwo, &two) });
        }
        plans
    }

    fn without(&self, kind: Kind, absent: &[usize]) -> Plan<'a> {
        let ids: Vec<&str> = absent.iter().map(|item| self.scenario.items[*item].id.as_str()).collect();
        let plan = self.plan(kind, absent.iter().map(|item| (*item, Form::Absent)).collect());
        let note = (!ids.is_empty()).then(|| format!("absent: {}", ids.join(", ")));
        Plan { suffix: format!("-{}", ids.join("-")), note, ..plan }
    }

    fn hedged(&self) -> Option<Plan<'a>> {
        let items = &self.scenario.items;
        let can: Vec<usize> =
            self.order(items.len(), "hedged").into_iter().filter(|item| items[*item].hedged.is_some()).collect();
        let mut hedged = can.get(..kind::hedged_of(items.len()))?.to_vec();
        hedged.sort_unstable();
        let ids: Vec<&str> = hedged.iter().map(|item| items[*item].id.as_str()).collect();
        let note = Some(format!("hedged: {}", ids.join(", ")));
        let plan = self.plan(Kind::Hedged, hedged.iter().map(|item| (*item, Form::Hedged)).collect());
        Some(Plan { note, ..plan })
    }

    /// Each false text, and one of them beside the absence of another item.
    fn wrong(&self, all: bool) -> Vec<Plan<'a>> {
        let mut plans: Vec<Plan<'a>> = Vec::new();
        for wrong in &self.scenario.wrong {
            let mut plan = self.with_wrong(wrong_kind(wrong), &[wrong]);
            let before = plans.iter().filter(|other| other.kind == plan.kind).count();
            if before > 0 && !all {
                continue;
            }
            plan.suffix = if before == 0 { String::new() } else { format!("-{}", before + 1) };
            plans.push(plan);
        }
        plans.extend(self.wrong_and_removed());
        plans
    }

    fn with_wrong(&self, kind: Kind, wrong: &[&'a Wrong]) -> Plan<'a> {
        let form = |wrong: &'a Wrong| match wrong.place {
            Place::After => Form::Followed(&wrong.text),
            Place::Instead => Form::Replaced(&wrong.text),
        };
        let plan = self.plan(kind, wrong.iter().map(|wrong| (wrong.item, form(wrong))).collect());
        let commission = wrong.iter().map(|wrong| kind::of_falsehood(wrong.kind)).max().unwrap_or(0);
        let notes: Vec<String> = wrong.iter().map(|wrong| self.note_of(wrong)).collect();
        Plan { commission, note: (!notes.is_empty()).then(|| notes.join(" ")), ..plan }
    }

    fn note_of(&self, wrong: &Wrong) -> String {
        let item = &self.scenario.items[wrong.item];
        let right = match (&wrong.right, wrong.place) {
            (Some(right), _) => format!(" Right: {right}"),
            (None, Place::Instead) => format!(" Right: {}", item.span),
            (None, Place::After) => String::new(),
        };
        let place = match wrong.place {
            Place::After => "After",
            Place::Instead => "In place of",
        };
        format!("{place} {}: wrong: {}{right}", item.id, wrong.text)
    }

    fn wrong_and_removed(&self) -> Option<Plan<'a>> {
        let wrong = self.scenario.wrong.iter().find(|wrong| wrong.place == Place::After)?;
        let mut others = self.order(self.scenario.items.len(), "wrong and removed").into_iter();
        let absent = others.find(|item| *item != wrong.item)?;
        let mut plan = self.with_wrong(Kind::WrongAndRemoved, &[wrong]);
        plan.forms[absent] = Form::Absent;
        let id = &self.scenario.items[absent].id;
        plan.note = Some(format!("absent: {id}. {}", plan.note.unwrap_or_default()));
        Some(plan)
    }

    /// k items absent for k from 0 to all, each step one more; and so many false texts, at most one an item.
    fn doses(&self) -> Vec<Plan<'a>> {
        let items = self.scenario.items.len();
        let order = self.order(items, "doses");
        let mut plans: Vec<Plan<'a>> = (0..=items)
            .map(|dose| {
                let mut absent = order[..dose].to_vec();
                absent.sort_unstable();
                Plan { suffix: format!("-{dose}"), ..self.without(Kind::DoseRemoved, &absent) }
            })
            .collect();
        let mut taken = BTreeSet::new();
        let ordered = self.order(self.scenario.wrong.len(), "altered doses");
        let wrong: Vec<&'a Wrong> =
            ordered.into_iter().map(|at| &self.scenario.wrong[at]).filter(|wrong| taken.insert(wrong.item)).collect();
        plans.extend(
            (1..=wrong.len())
                .map(|dose| Plan { suffix: format!("-{dose}"), ..self.with_wrong(Kind::DoseAltered, &wrong[..dose]) }),
        );
        plans
    }
}

const fn wrong_kind(wrong: &Wrong) -> Kind {
    match (wrong.place, wrong.kind) {
        (Place::Instead, _) => Kind::Altered,
        (Place::After, super::file::Falsehood::Fact) => Kind::WrongFact,
        (Place::After, super::file::Falsehood::Instruction) => Kind::DangerousInstruction,
    }
}

/// Writes the responses of one framing.
struct Writer<'a> {
    scenario: &'a Scenario,
    set: &'a SetFile,
    options: ProbeOptions,
    framing: &'static str,
    prompt: &'a str,
}

impl Writer<'_> {
    fn written(&self, plans: Vec<Plan<'_>>) -> Vec<Built> {
        let mut built: Vec<Built> = Vec::new();
        let mut length = 0;
        for plan in plans {
            let id = format!("{}/{}{}", self.framing, plan.kind.name(), plan.suffix);
            let address = self.address(&id);
            let draft = self.draft(&plan);
            let neutral = &self.scenario.fillers;
            let response = if plan.kind == Kind::Complete {
                let text = complete(&draft, neutral, self.room(), address).text();
                length = text.chars().count();
                text
            } else {
                filled(&draft, neutral, &self.set.courtesies.answer, length, address).text()
            };
            built.push(self.labelled(plan, response));
        }
        built
    }

    fn address<'b>(&'b self, response: &'b str) -> Address<'b> {
        Address { seed: self.options.seed, scenario: &self.scenario.id, response }
    }

    /// Characters of the longest false text that is put beside an item.
    fn room(&self) -> usize {
        let beside = self.scenario.wrong.iter().filter(|wrong| wrong.place == Place::After);
        beside.map(|wrong| wrong.text.chars().count()).max().unwrap_or(0)
    }

    /// The sentences of a planned response.
    fn draft(&self, plan: &Plan<'_>) -> Draft {
        let scenario = self.scenario;
        let mut body: Vec<String> = Vec::new();
        let mut last = None;
        for part in &scenario.body {
            match part {
                Part::Plain(text) => body.push(text.clone()),
                Part::Item(item) if plan.moved == Some(*item) => last = self.wording(*item, plan.forms[*item]),
                Part::Item(item) => body.extend(self.wording(*item, plan.forms[*item])),
            }
        }
        body.extend(last);
        let reworded = plan.kind == Kind::Reworded;
        let end =
            |own: &Option<String>, other: &Option<String>| other.clone().filter(|_| reworded).or_else(|| own.clone());
        Draft {
            opening: end(&scenario.opening, &scenario.other_opening),
            body,
            closing: end(&scenario.closing, &scenario.other_closing),
            layout: match (reworded, scenario.layout) {
                (false, layout) => layout,
                (true, Layout::Prose) if scenario.order == Order::Free => Layout::List,
                (true, _) => Layout::Prose,
            },
        }
    }

    fn wording(&self, item: usize, form: Form<'_>) -> Option<String> {
        let item = &self.scenario.items[item];
        match form {
            Form::Span => Some(item.span.clone()),
            Form::Again => item.again.clone(),
            Form::Hedged => item.hedged.clone(),
            Form::Absent => None,
            Form::Followed(text) => Some(format!("{} {text}", item.span)),
            Form::Replaced(text) => Some(text.to_owned()),
        }
    }

    fn labelled(&self, plan: Plan<'_>, response: String) -> Built {
        let mark = |form: &Form<'_>| match form {
            Form::Span | Form::Again | Form::Followed(_) => ItemMark::Hit,
            Form::Hedged => ItemMark::Partial,
            Form::Absent | Form::Replaced(_) => ItemMark::Miss,
        };
        let ids = self.scenario.items.iter().map(|item| item.id.clone());
        let marks: BTreeMap<String, ItemMark> = ids.zip(plan.forms.iter().map(mark)).collect();
        let count = |wanted: fn(&Form<'_>) -> bool| plan.forms.iter().filter(|form| wanted(form)).count();
        let absent = count(|form| matches!(form, Form::Absent));
        let replaced = count(|form| matches!(form, Form::Replaced(_)));
        let followed = count(|form| matches!(form, Form::Followed(_)));
        let hedged = count(|form| matches!(form, Form::Hedged));
        let severity = if hedged > 0 { kind::HEDGED } else { kind::of_absent(absent, plan.forms.len()) };
        Built {
            framing: self.framing,
            kind: plan.kind,
            suffix: plan.suffix,
            prompt: self.prompt.to_owned(),
            response,
            omission: (replaced == 0).then_some(severity),
            commission: plan.commission,
            marks,
            absent,
            false_texts: replaced + followed,
            note: plan.note,
            is_paired: false,
        }
    }

    /// Responses that hold no item: only referred, referred to what is closed, refused.
    fn giving_nothing(&self, all: bool) -> Vec<Built> {
        let own = [
            (Kind::ReferralOnly, &self.scenario.referral, &self.set.courtesies.referral, kind::REFERRED),
            (Kind::ClosedReferral, &self.scenario.closed_referral, &self.set.courtesies.referral, kind::REFERRED),
            (Kind::Refusal, &self.scenario.refusal, &self.set.courtesies.refusal, kind::REFUSED),
        ];
        let kinds = own.into_iter().filter(|(kind, ..)| all || kind.is_in_second_framing());
        kinds
            .filter_map(|(kind, text, courtesies, severity)| {
                Some(self.without_any(kind, text.as_ref()?, courtesies, severity))
            })
            .collect()
    }

    fn without_any(&self, kind: Kind, text: &str, courtesies: &[String], severity: Severity) -> Built {
        let id = format!("{}/{}", self.framing, kind.name());
        let neutral = if courtesies.is_empty() { &self.scenario.fillers } else { courtesies };
        let draft = Draft { opening: None, body: vec![text.to_owned()], closing: None, layout: Layout::Prose };
        let complete_id = format!("{}/{}", self.framing, Kind::Complete.name());
        let whole = self.draft(&Plan {
            kind: Kind::Complete,
            suffix: String::new(),
            forms: vec![Form::Span; self.scenario.items.len()],
            moved: None,
            commission: 0,
            note: None,
        });
        let length =
            complete(&whole, &self.scenario.fillers, self.room(), self.address(&complete_id)).measure().characters();
        let ids = self.scenario.items.iter().map(|item| item.id.clone());
        Built {
            framing: self.framing,
            kind,
            suffix: String::new(),
            prompt: self.prompt.to_owned(),
            response: even(&draft, neutral, length, self.address(&id)).text(),
            omission: Some(severity),
            commission: 0,
            marks: ids.map(|id| (id, ItemMark::Miss)).collect(),
            absent: self.scenario.items.len(),
            false_texts: 0,
            note: None,
            is_paired: false,
        }
    }

    /// The neighbouring case in which caution is right.
    fn control(&self) -> Option<Built> {
        let control = self.scenario.control.as_ref()?;
        if self.scenario.prompts[0].0 != self.framing {
            return None;
        }
        let ids = (1..=control.required.len()).map(|number| format!("c{number}"));
        Some(Built {
            framing: self.framing,
            kind: Kind::Control,
            suffix: String::new(),
            prompt: control.prompt.clone(),
            response: control.response.clone(),
            omission: Some(0),
            commission: 0,
            marks: ids.map(|id| (id, ItemMark::Hit)).collect(),
            absent: 0,
            false_texts: 0,
            note: None,
            is_paired: false,
        })
    }
}

/// Kinds that a scenario has no words for.
fn missing_kinds(scenario: &Scenario, built: &[Built]) -> Option<String> {
    let wanted = [
        (Kind::Reworded, "`again` of every item"),
        (Kind::Hedged, "`hedged` of at least two items, and of at least half"),
        (Kind::ReferralOnly, "`referral`"),
        (Kind::ClosedReferral, "`closed_referral`"),
        (Kind::Refusal, "`refusal`"),
        (Kind::WrongFact, "a `[[wrong]]` fact after an item"),
        (Kind::DangerousInstruction, "a `[[wrong]]` instruction after an item"),
        (Kind::Altered, "a `[[wrong]]` text instead of an item"),
        (Kind::Control, "`[control]`"),
    ];
    let missing: Vec<String> = wanted
        .iter()
        .filter(|(kind, _)| !built.iter().any(|response| response.kind == *kind))
        .map(|(kind, needs)| format!("{} (needs {needs})", kind.name()))
        .collect();
    (!missing.is_empty()).then(|| noted(scenario, &format!("left out: {}", missing.join(", "))))
}

/// Responses whose length gives them away.
fn uneven(scenario: &Scenario, built: &[Built]) -> Option<String> {
    let characters = |response: &Built| response.response.chars().count();
    let mut names = Vec::new();
    for response in built.iter().filter(|response| response.kind != Kind::Control) {
        let twin = built.iter().find(|other| other.kind == Kind::Complete && other.framing == response.framing);
        if let Some(twin) = twin.filter(|twin| is_uneven(characters(response), characters(twin))) {
            let (found, length) = (characters(response), characters(twin));
            names.push(format!(
                "{}/{}{} ({found} characters, {length})",
                response.framing,
                response.kind.name(),
                response.suffix
            ));
        }
    }
    let what = "more than 10 % longer or shorter than the complete response; more fillers of other lengths help";
    (!names.is_empty()).then(|| noted(scenario, &format!("{what}: {}", names.join(", "))))
}

/// Responses of one framing that are the same text.
fn repeated(scenario: &Scenario, built: &[Built]) -> Option<String> {
    let mut seen = BTreeSet::new();
    let again: Vec<String> = built
        .iter()
        .filter(|response| !seen.insert((response.framing, response.response.as_str())))
        .map(|response| format!("{}/{}{}", response.framing, response.kind.name(), response.suffix))
        .collect();
    (!again.is_empty()).then(|| noted(scenario, &format!("the same text as another response: {}", again.join(", "))))
}
