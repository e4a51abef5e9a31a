// What stands around the questions: keys, welcome, the list of answers, feedback of the practice, the end.
const views = (function () {
  "use strict";
  const { element, visible, put } = texts;
  const by = (id) => document.getElementById(id);
  const several = (count, one, more) => count.toLocaleString("en") + " " + (count === 1 ? one : more);

  // Keys.
  const KEYS = [
    ["0 1 2 \u2026", "severity on the active axis; x is 10"],
    ["c", "cannot judge the active axis: you looked and cannot tell"],
    ["Tab  \u2191 \u2193", "to the next axis or item, and back"],
    ["a b d \u2026", "the item with that letter: hit, partial, miss, not marked; with Shift the other way"],
    ["\u232b", "clear the active axis or item"],
    ["Space", "down the text; with Shift up"],
    ["m", "mechanism"],
    ["n", "note"],
    ["Esc", "leave a text field"],
    ["Enter", "save and go on; in a text field Ctrl+Enter"],
    ["u", "undo: take your last answer back"],
    ["[ ]", "an earlier answer; the next one"],
    ["l", "list of your answers"],
    ["?", "these keys"],
  ];
  const keys = () => {
    const list = element("dl", null, { class: "keys" });
    for (const [pressed, meaning] of KEYS) {
      const term = element("dt");
      pressed.split(/ +/).forEach((key) => term.append(element("kbd", key), " "));
      list.append(term, element("dd", meaning));
    }
    by("keys-dialog").querySelector("div").replaceChildren(list,
      element("p", "While you type in a field, keys only write.", { class: "help" }));
  };

  // Welcome.
  const welcome = (session) => {
    const { progress } = session;
    const adjudicate = session.mode === "adjudicate";
    by("welcome-title").textContent = adjudicate ? "Decide where raters differ" : "Label responses, one at a time";
    const parts = [
      adjudicate ? "You see a prompt, a response, and what each rater said of it. Your answer is the label."
        : "You see a prompt and a response. Say how much harm the response does by what it leaves out, and by what it "
          + "says wrongly. Judge the text as it stands: who wrote it is not shown, nor is any other opinion of it.",
      "Every answer is written to disk at once. You can stop at any time, come back with the same command, change an "
        + "answer or undo it.",
    ];
    if (progress.practice.total) {
      parts.splice(1, 0, "First comes a practice round of " + several(progress.practice.total, "example", "examples")
        + ": after each you see how the set labels it. Practice is never part of your labels.");
    }
    const list = by("welcome").querySelector("div");
    list.replaceChildren(...parts.map((text) => element("p", text)));
    const hint = element("p", null, { class: "help" });
    hint.append("Everything works from the keyboard. ", element("kbd", "?"), " shows the keys.");
    list.append(hint);
    by("welcome").showModal();
  };

  // Feedback.
  const SOURCES = {
    human: "The set's labels were given by people.",
    constructed: "The set's label follows from how this example was made: it was constructed, no person judged it.",
    model: "The set's label was given by a model.",
  };
  const feedbackRows = (session, task, answer, feedback) => {
    const rated = (axis, given) => {
      if (given.cannot_judge && given.cannot_judge.includes(axis)) return "cannot judge";
      return given[axis] === null || given[axis] === undefined ? "no label" : form.level(session, axis, given[axis]);
    };
    const rows = task.axes.map((axis) => [form.capital(axis), rated(axis, answer), rated(axis, feedback)]);
    for (const item of task.required) {
      const theirs = (feedback.items || {})[item.id];
      if (theirs) rows.push([item.text, answer.items[item.id] || "not marked", theirs]);
    }
    return rows;
  };
  const feedback = (session, task, answer, given) => {
    const table = element("table");
    const head = table.createTHead().insertRow();
    head.append(element("td"), element("th", "You", { scope: "col" }), element("th", "The set", { scope: "col" }));
    const body = table.createTBody();
    for (const cells of feedbackRows(session, task, answer, given)) {
      const line = body.insertRow();
      const parts = cells[1] !== cells[2] && cells[1] !== "not marked" && cells[2] !== "no label";
      line.classList.toggle("parts", parts);
      line.append(put(element("th", null, { scope: "row", dir: "auto" }), cells[0]));
      for (const cell of cells.slice(1)) put(line.insertCell(), cell);
      if (parts) line.lastElementChild.append(element("small", " differs"));
    }
    const title = by("feedback-title");
    title.textContent = given.same ? "Practice: you and the set agree" : "Practice: you and the set differ";
    by("feedback").lastElementChild.replaceChildren(table,
      element("p", (SOURCES[given.label_source] || "Source of the label: " + visible(given.label_source) + ".")
        + " It may be wrong; it shows how the levels are meant.", { class: "help" }));
    by("feedback").hidden = false;
    title.focus({ preventScroll: true });
    if (form.beside()) document.querySelector(".rows").scrollTop = 0;
    else by("feedback").scrollIntoView({ block: "start" });
  };
  const noFeedback = () => { by("feedback").hidden = true; };

  // The list of answers.
  const MOST_LISTED = 300;
  const summary = (session, answer) => {
    const parts = form.AXES.filter((axis) => answer.cannot_judge.includes(axis) || answer[axis] !== null)
      .map((axis) => axis + " " + (answer[axis] === null ? "cannot judge" : form.level(session, axis, answer[axis])));
    const marks = Object.values(answer.items);
    const counted = (mark) => marks.filter((given) => given === mark).length + " " + mark;
    if (marks.length) parts.push(["hit", "partial", "miss"].map(counted).join(", "));
    if (answer.mechanism) parts.push(answer.mechanism);
    return parts.join("; ");
  };
  const FILTERS = {
    all: () => true,
    cannot: (entry) => entry.answer.cannot_judge.length > 0,
    note: (entry) => Boolean(entry.answer.note),
    draft: (entry, unsaved) => unsaved.includes(entry.position),
  };
  const list = (session, answers, name, open) => {
    const unsaved = drafts.positions();
    const paint = () => {
      const chosen = answers.filter((entry) => FILTERS[by("filter").value](entry, unsaved)).reverse();
      by("answers-words").textContent = several(chosen.length, "answer", "answers")
        + (chosen.length > MOST_LISTED ? "; the latest " + MOST_LISTED + " are shown." : ".");
      by("answers-list").replaceChildren(...chosen.slice(0, MOST_LISTED).map((entry) => {
        const line = element("li");
        const button = element("button", null, { type: "button" });
        button.append(element("strong", name(entry)), " ");
        button.append(put(element("span", null, { dir: "auto" }), summary(session, entry.answer)));
        if (entry.answer.note) {
          button.append(put(element("span", null, { class: "note", dir: "auto" }), entry.answer.note.slice(0, 200)));
        }
        if (unsaved.includes(entry.position)) button.append(element("small", "changed and not saved"));
        button.addEventListener("click", () => { by("answers-dialog").close(); open(entry.position); });
        line.append(button);
        return line;
      }));
    };
    by("filter").onchange = paint;
    paint();
    if (!by("answers-dialog").open) by("answers-dialog").showModal();
  };

  // The end.
  const end = (session, look) => {
    const { labelling, cannot_judge: cannot } = session.progress;
    const adjudicate = session.mode === "adjudicate";
    const unsaved = drafts.positions();
    const box = by("end");
    const done = adjudicate ? "You decided on " + several(labelling.done, "example", "examples")
      : "You labelled " + several(labelling.done, "example", "examples");
    const unclear = cannot ? "; in " + cannot.toLocaleString("en") + " of them you could not judge at least one axis" : "";
    box.replaceChildren(
      element("p", done + unclear + ". Thank you.", { class: "lead" }),
      element("p", "Every answer is already on disk, so there is nothing to send, and you can close this page. Next, "
        + "whoever set this up stops the program, checks the labels and looks at where raters see things differently."));
    if (unsaved.length) {
      box.append(element("p", "In " + several(unsaved.length, "example", "examples")
        + " you changed an answer and did not save the change: see the list.", { class: "problem" }));
    }
    const button = element("button", null, { type: "button" });
    button.append("Look through your answers ", element("kbd", "l"));
    button.addEventListener("click", look);
    box.append(button);
    box.hidden = false;
  };

  return { keys, welcome, feedback, noFeedback, list, end, several };
})();
