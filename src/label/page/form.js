// The questions and the answer to them. A row is an axis or a required item; digits act on the axis that is active,
// letters on their item, and nothing else gives an answer.
const form = (function () {
  "use strict";
  const { element, visible, put } = texts;
  const AXES = ["omission", "commission"];
  // A scale has at most eleven levels; `x` is ten.
  const LEVEL_KEYS = "0123456789x";
  // Letters without another meaning on this page.
  const ITEM_KEYS = "abdefghijkopqrstvwyz";
  // Names of levels beyond this stand one below the other.
  const LONG_NAME = 24;
  const MARKS = ["hit", "partial", "miss"];
  const by = (id) => document.getElementById(id);
  const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);

  let rows = [];
  let active = null;
  let answer = null;
  let locked = true;
  let changed = () => {};

  const empty = () => ({ omission: null, commission: null, cannot_judge: [], items: {}, mechanism: null, note: null });
  const copy = (given) => Object.assign(empty(), JSON.parse(JSON.stringify(given || {})));
  const words = (text) => (text === null || text === undefined || text.trim() === "" ? null : text.trim());
  // The answer as it is sent: the same answer is always the same bytes.
  const settled = (given) => ({
    omission: given.omission,
    commission: given.commission,
    cannot_judge: AXES.filter((axis) => given.cannot_judge.includes(axis)),
    items: Object.fromEntries(Object.entries(given.items).sort(([one], [other]) => Number(one) - Number(other))),
    mechanism: words(given.mechanism),
    note: words(given.note),
  });
  const same = (one, other) => JSON.stringify(settled(copy(one))) === JSON.stringify(settled(copy(other)));

  // Values of a row in the answer.
  const value = (row) => {
    if (row.kind === "item") return answer.items[row.name] || null;
    return answer.cannot_judge.includes(row.name) ? "cannot" : answer[row.name];
  };
  const set = (row, chosen) => {
    if (locked) return;
    if (row.kind === "item") {
      if (chosen === null) delete answer.items[row.name];
      else answer.items[row.name] = chosen;
    } else {
      answer.cannot_judge = answer.cannot_judge.filter((axis) => axis !== row.name);
      if (chosen === "cannot") answer.cannot_judge.push(row.name);
      answer[row.name] = typeof chosen === "number" ? chosen : null;
    }
    row.group.classList.remove("missing");
    paint();
    changed(answer);
  };
  const paint = () => {
    for (const row of rows) {
      const chosen = value(row);
      row.group.removeAttribute("aria-activedescendant");
      for (const choice of row.choices) {
        choice.input.checked = choice.value === chosen;
        if (choice.input.checked) row.group.setAttribute("aria-activedescendant", choice.input.id);
      }
      row.group.classList.toggle("active", row === active);
    }
  };
  const activate = (row) => {
    if (active === row) return;
    active = row;
    paint();
  };

  // Beside the texts the row comes into view; below them the page stays where it is read.
  const beside = () => matchMedia("(min-width: 960px)").matches;
  const reveal = (node, anyway) => {
    if (!beside()) {
      if (anyway) node.scrollIntoView({ block: "nearest" });
      return;
    }
    const box = document.querySelector(".rows");
    const [inner, outer] = [node.getBoundingClientRect(), box.getBoundingClientRect()];
    if (inner.top < outer.top) box.scrollTop -= outer.top - inner.top + 8;
    else if (inner.bottom > outer.bottom) {
      box.scrollTop += Math.min(inner.bottom - outer.bottom + 8, inner.top - outer.top);
    }
  };
  const focus = (row) => {
    row.group.focus({ preventScroll: true });
    reveal(row.group);
  };
  // To a row because the rater asked for it, or because it is missing: it comes into view wherever it is.
  const visit = (row) => {
    row.group.focus({ preventScroll: beside() });
    reveal(row.group);
  };

  // Building.
  const choice = (row, chosen, key, name, lang) => {
    const label = element("label", null, { class: "choice" });
    const id = row.group.id + "-" + chosen;
    const input = element("input", null, { type: "radio", name: row.group.id, id, value: chosen, tabindex: "-1" });
    input.addEventListener("change", () => {
      set(row, chosen);
      focus(row);
    });
    label.append(input);
    if (key) label.append(element("kbd", key), " ");
    label.append(put(element("span", null, lang ? { dir: "auto", lang } : {}), name));
    row.choices.push({ value: chosen, input });
    return label;
  };
  const group = (id, labelled, described) => {
    const made = element("div", null, { class: "row", id, role: "radiogroup", tabindex: "0" });
    made.setAttribute("aria-labelledby", labelled);
    if (described) made.setAttribute("aria-describedby", described);
    return made;
  };
  const row = (kind, name, node) => {
    const made = { kind, name, group: node, choices: [] };
    node.addEventListener("focus", () => activate(made));
    rows.push(made);
    return made;
  };
  // What the raters said, in adjudication: under the question that they answered.
  const said = (others, read) => {
    if (!others.length) return [];
    const line = element("p", null, { class: "others" });
    others.forEach((other, index) => {
      if (index) line.append("; ");
      line.append(element("strong", visible(other.name)), ": " + visible(read(other)));
    });
    return [line];
  };
  const level = (session, axis, severity) => severity + " " + (session.axes[axis].levels[severity] || "");
  const rating = (session, axis) => (other) => {
    if ((other.cannot_judge || []).includes(axis)) return "could not judge";
    return other[axis] === null || other[axis] === undefined ? "not rated" : level(session, axis, other[axis]);
  };

  const axisRow = (session, task, axis) => {
    const id = "axis-" + axis;
    const made = row("axis", axis, group(id, id + "-name", id + "-harm"));
    made.group.classList.add(axis);
    const choices = element("div", null, { class: "choices" });
    choices.classList.toggle("long", session.axes[axis].levels.some((name) => name.length > LONG_NAME));
    const lang = session.set.language;
    made.names = session.axes[axis].levels.map((_, severity) => level(session, axis, severity));
    session.axes[axis].levels.forEach((name, severity) => {
      choices.append(choice(made, severity, LEVEL_KEYS[severity], name, lang));
    });
    choices.append(choice(made, "cannot", "c", "cannot judge"));
    made.group.append(element("h3", capital(axis), { id: id + "-name" }),
      put(element("p", null, { id: id + "-harm", class: "help", dir: "auto", lang }), capital(session.axes[axis].harm)),
      choices, ...said(task.others || [], rating(session, axis)));
    return made.group;
  };
  const itemRow = (task, item, index, lang) => {
    const id = "item-" + item.id;
    const made = row("item", item.id, group(id, id + "-text"));
    made.key = ITEM_KEYS[index] || null;
    made.words = item.text;
    const text = element("p", null, { id: id + "-text", class: "item", dir: "auto", lang });
    if (made.key) made.group.append(element("kbd", made.key));
    const marks = element("div", null, { class: "marks" });
    MARKS.forEach((mark) => marks.append(choice(made, mark, null, mark)));
    const marked = (other) => (other.items || {})[item.id];
    const others = (task.others || []).some(marked) ? task.others : [];
    made.group.append(put(text, item.text), marks, ...said(others, (other) => marked(other) || "not marked"));
    return made.group;
  };

  const show = (session, task, given, lock) => {
    rows = [];
    active = null;
    answer = copy(given);
    locked = lock;
    by("items").hidden = task.required.length === 0;
    const items = task.required.map((item, index) => itemRow(task, item, index, session.set.language));
    by("items").lastElementChild.replaceChildren(...items);
    const axes = AXES.filter((axis) => task.axes.includes(axis));
    by("axes").replaceChildren(...axes.map((axis) => axisRow(session, task, axis)));
    by("mechanism").value = answer.mechanism || "";
    by("note").value = answer.note || "";
    active = rows.find((entry) => entry.kind === "axis") || null;
    by("questions").inert = lock;
    paint();
  };
  const lock = (on) => {
    locked = on;
    by("mechanism").readOnly = on;
    by("note").readOnly = on;
  };

  // What is missing before an answer can be saved.
  const gaps = () => rows.filter((entry) => entry.kind === "axis" && value(entry) === null);
  const unmarked = () => {
    const items = rows.filter((entry) => entry.kind === "item");
    const open = items.filter((entry) => value(entry) === null);
    return open.length < items.length ? open : [];
  };
  const point = (missing) => {
    for (const entry of missing) entry.group.classList.add("missing");
    if (missing.length) visit(missing[0]);
  };

  // Keys. Each returns what to say, or null.
  const severity = (key) => {
    const chosen = key === "c" ? "cannot" : LEVEL_KEYS.indexOf(key);
    if (!active || active.kind !== "axis") return "No axis is active. Go to one with Tab or an arrow key first.";
    if (!active.choices.some((entry) => entry.value === chosen)) {
      return capital(active.name) + " goes from 0 to " + (active.choices.length - 2) + ".";
    }
    const chosenRow = active;
    set(chosenRow, chosen);
    focus(chosenRow);
    const told = chosen === "cannot" ? "cannot judge" : visible(chosenRow.names[chosen]);
    return capital(chosenRow.name) + ": " + told + ".";
  };
  const cycle = (entry, back) => {
    const order = [null, ...MARKS];
    const place = order.indexOf(value(entry)) + (back ? order.length - 1 : 1);
    const mark = order[place % order.length];
    set(entry, mark);
    reveal(entry.group);
    return (entry.key ? entry.key + ": " : "") + (mark || "not marked");
  };
  const item = (key, back) => {
    const entry = rows.find((other) => other.key === key);
    return entry ? cycle(entry, back) : null;
  };
  const cycleActive = () => (active && active.kind === "item" ? cycle(active, false) : null);
  const clear = () => {
    if (active) set(active, null);
    return active ? "Cleared." : null;
  };
  const move = (step) => {
    const place = rows.indexOf(active);
    const next = rows[place + step];
    if (next) visit(next);
  };
  const leave = () => {
    if (active) active.group.focus({ preventScroll: true });
    else by("heading").focus({ preventScroll: true });
  };

  const write = (name) => () => {
    if (locked) return;
    answer[name] = by(name).value;
    changed(answer);
  };
  const start = (session, onChange) => {
    changed = onChange;
    by("note").addEventListener("input", write("note"));
    by("mechanism").addEventListener("input", write("mechanism"));
    combobox(session.mechanisms, leave, write("mechanism"));
  };

  return { start, show, lock, answer: () => settled(answer), same, gaps, unmarked, point, severity, item, cycleActive,
    clear, move, leave, beside, reveal, level, AXES, capital, inItem: () => Boolean(active && active.kind === "item") };
})();
