// The drill-down. Everything that comes from the data goes into the page as text, never as markup. Every state is in the
// address, so that it can be linked to.
(function () {
  "use strict";
  const source = document.getElementById("drill-data");
  if (!source) return;
  const data = JSON.parse(source.textContent);
  const PAGE = 25;
  const PREFIX = "#d?";
  const form = document.getElementById("drill-form");
  const list = document.getElementById("drill-list");
  const status = document.getElementById("drill-status");
  const pages = document.getElementById("drill-pages");
  const detail = document.getElementById("drill-detail");
  const fields = ["judge", "axis", "kind", "slice", "text"];

  const element = (name, text, attributes) => {
    const made = document.createElement(name);
    if (text !== undefined && text !== null) made.textContent = String(text);
    for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
    return made;
  };

  // State and address.
  const read = () => {
    const state = { judge: "", axis: "", kind: "disagreements", slice: "", text: "", page: 1, oj: "", oa: "", oe: "" };
    if (location.hash.startsWith(PREFIX)) {
      for (const [key, value] of new URLSearchParams(location.hash.slice(PREFIX.length))) {
        if (key === "page") state.page = Math.max(1, Number.parseInt(value, 10) || 1);
        else if (key in state) state[key] = value;
      }
    }
    return state;
  };
  const address = (state) => {
    const parts = new URLSearchParams();
    for (const [key, value] of Object.entries(state)) {
      const plain = key === "page" ? 1 : (key === "kind" ? "disagreements" : "");
      if (value !== plain) parts.set(key, String(value));
    }
    return PREFIX + parts.toString();
  };

  // Search.
  const found = new Map();
  const words = (index) => {
    if (!found.has(index)) {
      const example = data.examples[index];
      const texts = [example.id, example.cluster];
      const parts = [...(example.prompt || []), ...(example.response || [])];
      if (example.reference !== undefined) parts.push(example.reference);
      for (const part of parts) texts.push(data.texts[part].text);
      for (const item of [...data.items[example.required], ...data.items[example.prohibited]]) texts.push(item.text || item.id);
      found.set(index, texts.join("\n").toLowerCase());
    }
    return found.get(index);
  };
  const said = (answers, text) => answers.some((answer) =>
    [answer.rationale, answer.raw].some((part) => part && part.text.toLowerCase().includes(text)));
  // Whether judge, axis and kind of a case are asked for.
  const fits = (state) => {
    const judge = data.judges.indexOf(state.judge);
    const axis = data.axes.findIndex((entry) => entry.name === state.axis);
    const kind = data.kinds.findIndex((entry) => entry.name === state.kind);
    return (ofJudge, onAxis, ofKind) => {
      if (state.judge && ofJudge !== judge) return false;
      if (state.axis && onAxis !== axis) return false;
      if (state.kind === "disagreements" && !data.kinds[ofKind].disagreement) return false;
      if (state.kind === "agreements" && data.kinds[ofKind].disagreement) return false;
      return kind < 0 || ofKind === kind;
    };
  };
  // How many cases of the judge, axis and kind asked for are not on the page.
  const absent = (state) => {
    const asked = fits(state);
    return data.left_out.reduce((sum, entry) => sum + (asked(entry[0], entry[1], entry[2]) ? entry[3] : 0), 0);
  };
  const select = (state) => {
    const text = state.text.trim().toLowerCase();
    const cut = state.slice.indexOf("=");
    const slice = cut < 0 ? null : [state.slice.slice(0, cut), state.slice.slice(cut + 1)];
    const asked = fits(state);
    return data.cases.filter((entry) => {
      if (!asked(entry[1], entry[2], entry[3])) return false;
      if (slice && data.examples[entry[0]].slices[slice[0]] !== slice[1]) return false;
      return !text || words(entry[0]).includes(text) || said(data.answers[entry[4]], text);
    });
  };

  // The form.
  const option = (value, text) => element("option", text, { value });
  const fill = () => {
    form.elements.judge.append(...data.judges.map((name) => option(name, name)));
    form.elements.axis.append(...data.axes.map((axis) => option(axis.name, axis.name)));
    form.elements.kind.append(...data.kinds.map((kind) => option(kind.name, kind.words)));
    for (const [name, values] of Object.entries(data.slices)) {
      const group = element("optgroup", null, { label: name });
      group.append(...values.map((value) => option(name + "=" + value, value)));
      form.elements.slice.append(group);
    }
  };

  // Words for a case.
  const level = (axis, severity) => {
    if (severity === null || severity === undefined) return "no label";
    const name = data.axes[axis].levels[severity];
    return name ? severity + " (" + name + ")" : String(severity);
  };
  const applies = (axis, example) => !example.applies || example.applies[axis];
  const gold = (axis, example) => applies(axis, example) ? level(axis, example.gold[axis]) : "does not apply";
  const answer = (axis, verdict, example, judge) => {
    if (!data.answers_on[judge][axis]) return "not answered by this judge";
    if (verdict.unscored) return applies(axis, example) ? "no verdict: " + verdict.unscored : "does not apply";
    const parts = [];
    if (verdict.severities[axis] !== null) parts.push(level(axis, verdict.severities[axis]));
    if (verdict.score !== undefined) parts.push("score " + verdict.score);
    const probability = verdict.probabilities ? verdict.probabilities[axis] : null;
    if (probability !== null && probability !== undefined) parts.push("p " + probability);
    if (applies(axis, example)) return parts.join(", ") || "no verdict";
    return parts.length ? parts.join(", ") + ", though it does not apply" : "does not apply";
  };
  // Repeats that say the same are counted.
  const counted = (answers) => {
    const times = new Map();
    for (const text of answers) times.set(text, (times.get(text) || 0) + 1);
    return Array.from(times, ([text, count]) => count === 1 ? text : text + ", " + count + " times").join("; ");
  };
  const summary = (entry) => {
    const [example, judge, axis, kind, answers] = entry;
    const shown = data.examples[example];
    return data.judges[judge] + ", " + data.axes[axis].name + ": " + data.kinds[kind].words + "; gold "
      + gold(axis, shown) + ", judge "
      + counted(data.answers[answers].map((verdict) => answer(axis, verdict, shown, judge)));
  };
  const opened = (state, entry) => Object.assign({}, state, {
    oj: data.judges[entry[1]], oa: data.axes[entry[2]].name, oe: data.examples[entry[0]].id,
  });
  const isOpen = (state, entry) => state.oe !== "" && data.examples[entry[0]].id === state.oe
    && data.judges[entry[1]] === state.oj && data.axes[entry[2]].name === state.oa;

  // The opened case.
  const block = (heading, ...content) => {
    const part = element("section");
    part.append(element("h4", heading), ...content);
    return part;
  };
  const passage = (shown) => {
    const box = element("div", null, { class: "passage" });
    if (shown.role) box.append(element("strong", shown.role, { class: "role" }));
    box.append(element("pre", shown.text, { dir: "auto" }));
    if (shown.characters) {
      box.append(element("p", "Cut here. The whole text has " + shown.characters.toLocaleString("en")
        + " characters; it stands in examples.jsonl of the set or in verdicts.parquet.", { class: "help" }));
    }
    return box;
  };
  const passages = (heading, texts) => texts && texts.length
    ? block(heading, ...texts.map((text) => passage(data.texts[text]))) : null;
  const items = (heading, entries, gold, answers) => {
    if (!entries.length) return null;
    const rows = element("ul", null, { class: "items" });
    for (const entry of entries) {
      const row = element("li");
      row.append(element("bdi", entry.text || entry.id));
      const marks = answers.map((verdict) => verdict.items && verdict.items[entry.id]).filter(Boolean);
      row.append(element("span", " gold: " + (gold[entry.id] || "not marked") + (marks.length ? "; judge: " + marks.join(" | ") : ""),
        { class: "help" }));
      rows.append(row);
    }
    return block(heading, rows);
  };
  const grid = (headings, rows) => {
    const table = element("table");
    const head = table.createTHead().insertRow();
    for (const heading of headings) head.append(element("th", heading, { scope: "col" }));
    const body = table.createTBody();
    for (const row of rows) {
      const line = body.insertRow();
      row.forEach((cell, index) => {
        if (index) line.insertCell().textContent = cell;
        else line.append(element("th", cell, { scope: "row" }));
      });
    }
    const box = element("div", null, { class: "wide", tabindex: "0", role: "region", "aria-label": headings.join(", ") });
    box.append(table);
    return box;
  };
  const labels = (example) => {
    const rated = (severity, axis) => {
      if (severity !== null) return level(axis, severity);
      return applies(axis, example) ? "not rated" : "does not apply";
    };
    const rows = [["gold", ...data.axes.map((axis, index) => gold(index, example)), ""]];
    for (const rating of example.raters) {
      const more = [rating.mechanism, ...Object.entries(rating.items || {}).map(([id, mark]) => id + " " + mark)];
      rows.push([rating.rater + " (" + rating.kind + ")",
        ...rating.severities.map((severity, axis) => rated(severity, axis)), more.filter(Boolean).join("; ")]);
    }
    const part = block("Labels", grid(["who", ...data.axes.map((axis) => axis.name), "more"], rows));
    for (const rating of example.raters) {
      if (rating.note) part.append(element("p", rating.rater + " notes:"), passage(rating.note));
    }
    return part;
  };
  const verdicts = (answers, example, judge) => {
    const rows = answers.map((verdict) => [String(verdict.repeat),
      ...data.axes.map((axis, index) => answer(index, verdict, example, judge)), verdict.model || ""]);
    const part = block("The judge's verdict", grid(["repeat", ...data.axes.map((axis) => axis.name), "answered by"], rows));
    for (const verdict of answers) {
      const which = answers.length > 1 ? ", repeat " + verdict.repeat : "";
      if (verdict.rationale) part.append(element("h4", "Its reasons" + which), passage(verdict.rationale));
      if (verdict.raw) part.append(element("h4", "Its reply as it came" + which), passage(verdict.raw));
    }
    if (!data.withheld && answers.every((verdict) => !verdict.rationale && !verdict.raw)) {
      part.append(element("p", "No reasons and no reply were recorded.", { class: "help" }));
    }
    return part;
  };
  const show = (state, chosen) => {
    const place = chosen.findIndex((entry) => isOpen(state, entry));
    // Without a choice the first of the list.
    const entry = place >= 0 ? chosen[place] : (state.oe ? data.cases.find((other) => isOpen(state, other)) : chosen[0]);
    detail.replaceChildren();
    if (!entry) {
      detail.append(element("p", state.oe ? "This case is not on the page: " + state.oe : "No case to show.", { class: "help" }));
      return;
    }
    const [example, judge, axis, kind, answers] = entry;
    const shown = data.examples[example];
    const heading = element("h3");
    heading.append(element("bdi", shown.id));
    detail.append(heading, element("p", summary(entry), { class: "summary" }));
    const steps = element("p", null, { class: "steps" });
    for (const [text, other] of [["Previous", chosen[place - 1]], ["Next", chosen[place + 1]]]) {
      if (place >= 0 && other) {
        const page = Math.floor(chosen.indexOf(other) / PAGE) + 1;
        steps.append(element("a", text, { href: address(Object.assign(opened(state, other), { page })) }), " ");
      }
    }
    const slices = Object.entries(shown.slices).map(([name, value]) => name + " = " + value);
    detail.append(steps, element("p", ["cluster " + shown.cluster, ...slices].join("; "), { class: "help" }));
    const sides = element("div", null, { class: "sides" });
    const left = element("div");
    const right = element("div");
    const parts = data.withheld
      ? [element("p", "Texts are withheld: ids and marks only.", { class: "help" })]
      : [passages("Prompt", shown.prompt), passages("Response", shown.response)
        || block("Response", element("p", "Withheld by the publisher.", { class: "help" })),
        shown.reference === undefined ? null : block("A good response", passage(data.texts[shown.reference]))];
    for (const [heading, list] of [["Required", shown.required], ["Prohibited", shown.prohibited]]) {
      parts.push(items(heading, data.items[list], shown.marks || {}, data.answers[answers]));
    }
    left.append(...parts.filter(Boolean));
    right.append(verdicts(data.answers[answers], shown, judge), labels(shown));
    sides.append(left, right);
    detail.append(sides);
  };

  // The list.
  const paint = (focus) => {
    const state = read();
    for (const field of fields) if (form.elements[field].value !== state[field]) form.elements[field].value = state[field];
    const chosen = select(state);
    const last = Math.max(1, Math.ceil(chosen.length / PAGE));
    const page = Math.min(state.page, last);
    const first = (page - 1) * PAGE;
    const missing = absent(state);
    const narrowed = state.slice || state.text.trim() ? ", before slice and words are looked at" : "";
    status.textContent = (chosen.length === 0 ? "No case fits."
      : "Cases " + (first + 1) + " to " + Math.min(first + PAGE, chosen.length) + " of " + chosen.length.toLocaleString("en") + ".")
      + (missing ? " " + missing.toLocaleString("en") + " more are not on this page" + narrowed + "." : "");
    list.replaceChildren(...chosen.slice(first, first + PAGE).map((entry) => {
      const row = element("li");
      const link = element("a", null, { href: address(opened(state, entry)) });
      if (isOpen(state, entry)) link.setAttribute("aria-current", "true");
      link.append(element("bdi", data.examples[entry[0]].id), element("span", summary(entry)));
      row.append(link);
      return row;
    }));
    pages.replaceChildren();
    for (const [text, number] of [["Earlier", page - 1], ["Later", page + 1]]) {
      if (number >= 1 && number <= last) {
        pages.append(element("a", text, { href: address(Object.assign({}, state, { page: number })) }), " ");
      }
    }
    show(state, chosen);
    if (focus && state.oe) detail.focus({ preventScroll: false });
  };
  const change = () => {
    const state = read();
    for (const field of fields) state[field] = form.elements[field].value;
    Object.assign(state, { page: 1, oj: "", oa: "", oe: "" });
    history.replaceState(null, "", address(state));
    paint(false);
  };

  fill();
  let waiting = 0;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", change);
  form.elements.text.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(change, 150);
  });
  window.addEventListener("hashchange", () => {
    if (!location.hash.startsWith(PREFIX)) return;
    paint(true);
    if (!read().oe) form.scrollIntoView();
  });
  document.getElementById("drill").hidden = false;
  paint(false);
  if (location.hash.startsWith(PREFIX)) (read().oe ? detail : form).scrollIntoView();
})();
