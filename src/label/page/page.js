"use strict";
const token = new URLSearchParams(location.search).get("token");
const element = (id) => document.getElementById(id);
let session, position;

async function ask(method, path, body) {
  const reply = await fetch(path, { method, headers: { "x-lacuna-token": token }, body: body && JSON.stringify(body) });
  const value = await reply.json();
  if (!reply.ok) throw new Error(value.error);
  return value;
}

const plain = (text) => Array.isArray(text) ? text.map((message) => `${message.role}: ${message.content}`).join("\n\n") : text ?? "";

function choices(name, words, chosen) {
  const set = document.createElement("fieldset");
  const legend = document.createElement("legend");
  legend.textContent = name;
  set.append(legend);
  for (const [value, word] of words) {
    const label = document.createElement("label");
    const input = document.createElement("input");
    Object.assign(input, { type: "radio", name, value, checked: String(chosen) === value });
    label.append(input, ` ${word}`);
    set.append(label);
  }
  return set;
}

async function show(next) {
  position = next;
  const { practice, labelling } = session.progress;
  element("progress").textContent = `Practice ${practice.done} of ${practice.total}, labels ${labelling.done} of ${labelling.total}`;
  element("task").hidden = position === null;
  if (position === null) { element("said").textContent = "All done. Thank you."; return; }
  const task = await ask("GET", `/api/task/${position}`);
  element("prompt").textContent = plain(task.prompt);
  element("response").textContent = plain(task.response);
  element("note").value = task.answer?.note ?? "";
  const fields = element("fields");
  fields.replaceChildren();
  for (const axis of task.axes) {
    const levels = session.axes[axis].levels.map((level, index) => [String(index), `${index} ${level}`]);
    const chosen = task.answer?.cannot_judge.includes(axis) ? "none" : task.answer?.[axis];
    fields.append(choices(axis, [...levels, ["none", "cannot judge"]], chosen));
  }
  for (const item of task.required) {
    const marks = ["hit", "partial", "miss"].map((mark) => [mark, mark]);
    fields.append(choices(`${item.id}. ${item.text}`, marks, task.answer?.items[item.id]));
  }
  form.task = task;
}

const form = element("form");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const data = new FormData(form);
  const answer = { omission: null, commission: null, cannot_judge: [], items: {}, mechanism: null, note: element("note").value };
  for (const axis of form.task.axes) {
    const value = data.get(axis);
    if (value === "none") answer.cannot_judge.push(axis); else if (value !== null) answer[axis] = Number(value);
  }
  for (const item of form.task.required) {
    const mark = data.get(`${item.id}. ${item.text}`);
    if (mark) answer.items[item.id] = mark;
  }
  try {
    const reply = await ask("POST", `/api/answer/${position}`, answer);
    session.progress = reply.progress;
    const told = reply.feedback;
    element("said").textContent = told ? `Saved. The set's label (${told.label_source}): omission ${told.omission ?? "-"}, commission ${told.commission ?? "-"}` : "Saved.";
    await show(reply.position);
  } catch (error) { element("said").textContent = `Not saved: ${error.message}`; }
});

element("undo").addEventListener("click", async () => {
  try {
    const reply = await ask("POST", "/api/undo");
    session.progress = reply.progress;
    await show(reply.position);
  } catch (error) { element("said").textContent = error.message; }
});

ask("GET", "/api/session").then((value) => {
  session = value;
  element("title").textContent = session.set.title;
  return show(session.position);
}).catch((error) => { element("said").textContent = error.message; });
