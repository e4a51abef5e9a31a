// The flow: one task after the other, saved before the next is shown.
(function () {
  "use strict";
  const by = (id) => document.getElementById(id);
  // Positions are counted from here; those of the practice round come first.
  const FIRST = 1;
  // Feedback stays this long: the second press of a hurried Enter does not take it away unread.
  const READING_MS = 500;
  const state = { session: null, task: null, next: null, mode: "loading", retry: null, allowed: null, shownAt: 0 };

  // Words for the rater.
  const say = (words, kind) => {
    by("status").textContent = words || "";
    by("status").className = kind || "";
  };
  const problem = (words, retry) => {
    state.retry = retry;
    by("problem").hidden = !words;
    by("problem").firstElementChild.textContent = words || "";
    by("problem").lastElementChild.hidden = !retry;
    // Enter saves wherever an answer is on the screen.
    by("problem").querySelector("kbd").hidden = state.mode === "asking" && retry !== save;
  };
  const name = (task) => {
    const { practice } = state.session.progress;
    const place = task.position - FIRST + 1;
    return task.practice ? "Practice " + place : "Example " + (place - practice.total);
  };
  const progress = (given) => {
    state.session.progress = given;
    const { practice, labelling } = given;
    const practising = practice.done < practice.total;
    const part = practising ? practice : labelling;
    by("progress-words").textContent = (practising ? "Practice: " : "") + part.done.toLocaleString("en") + " of "
      + part.total.toLocaleString("en") + (practising ? "" : state.session.mode === "adjudicate" ? " decided" : " labelled");
    by("progress").max = Math.max(1, part.total);
    by("progress").value = part.done;
  };
  const last = () => FIRST + state.session.progress.practice.total + state.session.progress.labelling.total - 1;
  // The furthest position that the rater steps to: the next one to do, so that nothing is skipped unseen.
  const furthest = () => {
    const { practice, labelling } = state.session.progress;
    return Math.min(last(), Math.max(state.next || 0, FIRST + practice.done + labelling.done));
  };

  // One task.
  const heading = (words) => {
    by("heading").textContent = words;
    document.title = words + " \u00b7 " + texts.visible(state.session.set.title);
  };
  const stateWords = (task, draft) => {
    if (draft && task.answer) return "You changed this answer and did not save it. The change is here.";
    if (draft) return "Your unsaved answer is here again.";
    if (task.answer) return "You answered this one. A change counts when you save it.";
    return task.practice ? "Practice: after your answer you see how the set labels this one." : "";
  };
  const passages = (node, text) => node.replaceChildren(...(text === null
    ? [texts.element("p", "The publisher of the set withholds this text.", { class: "help" })] : texts.passages(text)));
  const written = (others) => {
    const parts = (others || []).filter((other) => other.mechanism || other.note);
    by("written").hidden = parts.length === 0;
    by("written").lastElementChild.replaceChildren(...parts.map((other) =>
      texts.passage([other.mechanism, other.note].filter(Boolean).join("\n"), other.name)));
  };
  const buttons = () => {
    const at = state.task ? state.task.position : last() + 1;
    by("earlier").disabled = at <= FIRST;
    by("later").disabled = state.task === null || at >= furthest();
    const { practice, labelling } = state.session.progress;
    by("undo").disabled = practice.done + labelling.done === 0;
  };
  const display = (task, words, given) => {
    state.task = task;
    state.mode = "asking";
    state.allowed = null;
    task.print = drafts.print(task);
    const draft = given || drafts.read(task);
    problem("");
    views.noFeedback();
    by("end").hidden = true;
    by("task").hidden = false;
    const total = task.practice ? state.session.progress.practice.total : state.session.progress.labelling.total;
    heading(name(task) + " of " + total.toLocaleString("en"));
    by("state").textContent = stateWords(task, draft && !given);
    by("state").hidden = by("state").textContent === "";
    passages(by("prompt"), task.prompt);
    passages(by("response"), task.response);
    written(task.others);
    by("save").firstChild.textContent = "Save and go on ";
    form.show(state.session, task, draft || task.answer, false);
    form.lock(false);
    if (given) drafts.keep(task, form.answer());
    buttons();
    scrollTo(0, 0);
    document.querySelector(".rows").scrollTop = 0;
    by("heading").focus({ preventScroll: true });
    say(words);
  };
  const finish = (words) => {
    Object.assign(state, { task: null, mode: "end" });
    problem("");
    by("task").hidden = true;
    by("state").hidden = true;
    heading("All done");
    views.end(state.session, list);
    buttons();
    scrollTo(0, 0);
    by("heading").focus({ preventScroll: true });
    say(words);
  };

  // Runs one request at a time. Where it fails, what is on the screen stays, and the rater may try again.
  const busy = async (work, retry, lead) => {
    if (state.mode === "waiting") return;
    const before = state.mode;
    state.mode = "waiting";
    form.lock(true);
    problem("");
    try {
      await work();
    } catch (error) {
      state.mode = before;
      form.lock(before !== "asking");
      problem((lead ? lead + " " : "") + error.message, retry);
      say("");
    }
  };
  // After a save the next task; a failure here must not look like a failed save.
  const go = (position, words) => {
    if (position === null) { finish(words); return Promise.resolve(); }
    const load = async () => display(await server.ask("GET", "task/" + position), words);
    return load().catch((error) => {
      state.mode = "stopped";
      const lead = words ? words + " But the next one could not be read. " : "";
      problem(lead + error.message, () => busy(load, state.retry));
    });
  };
  const visit = (position) => {
    const load = async () => display(await server.ask("GET", "task/" + position));
    busy(load, () => visit(position), "That one could not be read; you are where you were.");
  };

  // Saving.
  const missing = () => {
    const gaps = form.gaps();
    if (gaps.length) {
      form.point(gaps);
      say("Not saved: " + gaps.map((row) => row.name).join(" and ") + " " + (gaps.length > 1 ? "have" : "has")
        + " no severity. Press a digit, or c where you cannot judge.", "warning");
      return true;
    }
    const unmarked = form.unmarked();
    const which = unmarked.map((row) => row.name).join();
    if (unmarked.length && state.allowed !== which) {
      state.allowed = which;
      for (const row of unmarked) row.group.classList.add("missing");
      form.reveal(unmarked[0].group, true);
      say("Not saved yet: " + views.several(unmarked.length, "item is", "items are")
        + " not marked. Mark them, or save again to leave them so.", "warning");
      return true;
    }
    return false;
  };
  const saved = async (task, answer, reply) => {
    drafts.drop(task.position);
    state.next = reply.position;
    progress(reply.progress);
    if (!reply.feedback) {
      await go(reply.position, "Saved.");
      return;
    }
    state.mode = "feedback";
    form.show(state.session, task, answer, true);
    views.feedback(state.session, task, answer, reply.feedback);
    by("save").firstChild.textContent = "Go on ";
    buttons();
    state.shownAt = performance.now();
    say("Saved as practice. Enter goes on.");
  };
  const save = () => {
    if (state.mode === "feedback") {
      if (performance.now() - state.shownAt > READING_MS) busy(() => go(state.next), null);
      return;
    }
    if (state.mode !== "asking" || missing()) return;
    const { task } = state;
    const answer = form.answer();
    say("Saving.");
    busy(async () => saved(task, answer, await server.ask("POST", "answer/" + task.position, answer)), save,
      "Not saved; your answer is kept here.");
  };
  const undo = () => {
    if (by("undo").disabled || state.mode === "stopped") return;
    busy(async () => {
      const reply = await server.ask("POST", "undo");
      progress(reply.progress);
      state.next = reply.position;
      const task = await server.ask("GET", "task/" + reply.position);
      display(task, "Taken back. It counts again when you save it.", reply.answer);
    }, undo, "Nothing was taken back.");
  };
  const step = (change) => {
    if (state.mode === "stopped" || state.mode === "waiting") return;
    const at = state.task ? state.task.position : last() + 1;
    const position = at + change;
    if (position >= FIRST && position <= furthest()) visit(position);
    else say(change < 0 ? "This is the first one." : "This is the next one to do.");
  };
  const list = () => {
    if (state.mode === "stopped") return;
    const before = state.mode;
    busy(async () => {
      const answers = await server.ask("GET", "answers");
      state.mode = before;
      form.lock(before !== "asking");
      views.list(state.session, answers, (entry) => name(entry), visit);
    }, list, "The list could not be read.");
  };

  // Keys.
  const retry = () => { if (state.retry) state.retry(); };
  const enter = () => (["asking", "feedback"].includes(state.mode) ? save() : retry());
  const focusField = (field) => () => { if (state.mode === "asking") by(field).focus(); };
  const COMMANDS = {
    "?": () => by("keys-dialog").showModal(), "u": undo, "l": list, "[": () => step(-1), "]": () => step(1),
    "m": focusField("mechanism"), "n": focusField("note"), "Enter": enter,
  };
  // The key by what it writes; where the layout is not Latin, by its place.
  const pressed = (event) => {
    if (event.key.length > 1) return event.key;
    if (event.key.charCodeAt(0) < 128) return event.key.toLowerCase();
    const letter = /^Key([A-Z])$/.exec(event.code);
    return letter ? letter[1].toLowerCase() : event.key;
  };
  const answerKey = (key, event) => {
    if (/^[0-9cx]$/.test(key)) return form.severity(key);
    if (/^[a-z]$/.test(key)) return form.item(key, event.shiftKey);
    if (key === "Backspace" || key === "Delete") return form.clear();
    if (key === " " && form.inItem() && event.target.closest(".row")) return form.cycleActive();
    return null;
  };
  const scrolled = (key, event) => {
    const pages = { " ": event.shiftKey ? -1 : 1, PageDown: 1, PageUp: -1 }[key];
    if (!pages || !event.target.closest("#answer")) return false;
    scrollBy({ top: pages * 0.85 * innerHeight });
    return true;
  };
  const act = (event) => {
    const key = pressed(event);
    if (event.repeat && !/^(Arrow|Page| )/.test(key)) return key.length === 1 || key === "Enter";
    if (COMMANDS[key]) { COMMANDS[key](); return true; }
    const direction = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[key];
    if (direction && event.target.closest(".row")) { form.move(direction); return true; }
    const words = state.mode === "asking" ? answerKey(key, event) : null;
    if (words !== null) { say(words); return true; }
    return scrolled(key, event);
  };
  const typing = (event) => {
    if (event.key === "Escape") form.leave();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
    else return;
    event.preventDefault();
  };
  const onKey = (event) => {
    if (event.defaultPrevented || event.isComposing || state.session === null && event.key !== "Enter") return;
    if (document.querySelector("dialog[open]")) return;
    if (event.target.closest("textarea, input[type=text], select")) { typing(event); return; }
    const special = event.getModifierState("AltGraph");
    if (!special && (event.ctrlKey || event.metaKey || event.altKey)) return;
    if (event.target.closest("button, a") && (event.key === "Enter" || event.key === " ")) return;
    if (act(event)) event.preventDefault();
  };

  // The beginning.
  const wire = () => {
    const clicks = { earlier: () => step(-1), later: () => step(1), undo, answers: list, keys: COMMANDS["?"], save };
    for (const [id, work] of Object.entries(clicks)) {
      by(id).addEventListener("click", work);
      by(id).hidden = false;
    }
    for (const button of document.querySelectorAll("dialog .close")) {
      button.addEventListener("click", () => button.closest("dialog").close());
    }
    // What a rater finished and the program did not take is not thrown away with the tab.
    addEventListener("beforeunload", (event) => { if (state.retry === save) event.preventDefault(); });
  };
  const begin = async () => {
    const session = await server.ask("GET", "session");
    Object.assign(state, { session, next: session.position });
    by("set").textContent = texts.visible(session.set.title);
    by("set").title = by("set").textContent;
    by("rater").textContent = session.rater;
    for (const id of ["prompt", "response"]) by(id).lang = session.set.language;
    drafts.open(session);
    form.start(session, (answer) => {
      state.allowed = null;
      if (form.same(answer, state.task.answer)) drafts.drop(state.task.position);
      else drafts.keep(state.task, answer);
    });
    wire();
    progress(session.progress);
    await go(session.position);
    const { practice, labelling } = session.progress;
    if (practice.done + labelling.done === 0 && drafts.once("welcome") !== false) views.welcome(session);
  };
  const load = () => begin().catch((error) => {
    by("heading").textContent = "The session could not be read";
    problem(error.message, load);
  });
  by("problem").lastElementChild.addEventListener("click", retry);
  document.addEventListener("keydown", onKey);
  views.keys();
  load();
})();
