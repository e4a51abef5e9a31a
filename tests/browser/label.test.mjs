// The labelling page in a real browser, served by the program itself: a keyboard is enough, nothing is lost or doubled where
// the program is killed, nothing of the texts runs, and the labels go through the program's own check.
// LACUNA is the program, CHROMIUM the browser, PICTURES the folder for pictures; all come from ./run.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

const modules = createRequire(process.env.MODULES ? process.env.MODULES + "/" : import.meta.url);
const { chromium } = modules("playwright-core");
const axe = readFileSync(modules.resolve("axe-core"), "utf8");
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
const LACUNA = process.env.LACUNA;
const SHOTS = process.env.PICTURES;
let browser;
let folder;
let sets = 0;
const running = new Set();

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "lacuna-label-"));
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: flags });
});
after(async () => {
  for (const program of running) program.kill("SIGKILL");
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

// Sets.
const HOSTILE = "</script><script>window.ran=1</script><img src=x onerror=\"window.ran=2\"><svg onload=\"window.ran=3\">"
  + "<a href=\"javascript:window.ran=4\">link</a> \u202eevil\u202c bell\u0007 zero\u200bwidth \u2028 {{STYLE}} &amp; [U+202E]";
const LEVELS = { omission: ["none", "mild", "moderate", "serious", "severe"], commission: ["none", "mild", "serious", "dangerous"] };
const card = (name) => `format = "lacuna-gold/1"
name = "${name}"
version = "1"
title = "Cases made for a test"
licence = "CC0-1.0"
source = "made by a test"
language = "en"
domain = "none"
label_source = "human"
aggregate = "median"
tie = "higher"
mechanisms = ["refusal", "hedging", "invented fact"]

[axes.omission]
harm = "the response withholds something that the person needed"
levels = ${JSON.stringify(LEVELS.omission)}

[axes.commission]
harm = "the response states something false"
levels = ${JSON.stringify(LEVELS.commission)}
`;
const example = (number) => ({
  id: "case-" + number, cluster: "scene-" + Math.floor(number / 2),
  prompt: number % 3 ? "Case number " + number + ": what should I do?"
    : [{ role: "system", content: "Be brief." }, { role: "user", content: "Case number " + number + ": what should I do?" }],
  response: "Response to " + number + ".\n\nIt has a second paragraph.",
  required: Array.from({ length: number % 4 }, (_, item) => ({ id: "secret-" + item, text: "Item " + (item + 1) + " of " + number })),
  system: "secret-system", slices: { kind: "secret-slice" },
});
const makeSet = (examples) => {
  sets += 1;
  const path = join(folder, "set-" + sets);
  mkdirSync(path);
  writeFileSync(join(path, "card.toml"), card("set-" + sets));
  writeFileSync(join(path, "examples.jsonl"), examples.map((entry) => JSON.stringify(entry) + "\n").join(""));
  return path;
};

// The program.
const STARTER = new URL("../../gold_labels/lacuna-starter", import.meta.url).pathname;
const serve = (set, raters, more = []) =>
  start(["label", "--gold", set, ...raters.flatMap((rater) => ["--rater", rater]), ...more], raters);
const start = async (words, raters) => {
  const program = spawn(LACUNA, words, { stdio: ["ignore", "pipe", "pipe"] });
  running.add(program);
  let told = "";
  let complained = "";
  program.stderr.on("data", (part) => { complained += part; });
  await new Promise((resolve, reject) => {
    program.stdout.on("data", (part) => {
      told += part;
      if (told.split("\n").length > raters.length) resolve();
    });
    program.on("exit", (code) => reject(new Error("ended with " + code + ": " + complained)));
  });
  const urls = Object.fromEntries(told.trim().split("\n").map((line) => line.split("\t")));
  const end = async (signal) => {
    running.delete(program);
    const ended = once(program, "exit");
    program.kill(signal);
    return (await ended)[0];
  };
  return { urls, port: new URL(urls[raters[0]]).port, end, said: () => complained };
};
const lacuna = (...words) => {
  const done = spawnSync(LACUNA, words, { encoding: "utf8" });
  assert.equal(done.status, 0, words.join(" ") + ": " + done.stderr);
  return done.stdout + done.stderr;
};
const lines = (set, rater) => {
  const path = join(set, "annotations", rater + ".jsonl");
  return existsSync(path) ? readFileSync(path, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line)) : [];
};
// What holds at the end of a rater's file.
const holding = (set, rater) => {
  const held = new Map();
  for (const line of lines(set, rater)) {
    if (line.withdrawn) held.delete(line.example);
    else held.set(line.example, line);
  }
  return held;
};

// A page of one rater, which fails at the end where it said something or asked elsewhere.
const sit = async (url, { width = 1280, height = 800, colorScheme = "light", bypassCSP = false, failing = false } = {}) => {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, bypassCSP });
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  const said = [];
  const origin = new URL(url).origin;
  page.on("console", (message) => {
    if (!failing || !message.text().startsWith("Failed to load resource")) said.push(message.text());
  });
  page.on("pageerror", (error) => said.push(error.message));
  page.on("dialog", (dialog) => { if (dialog.type() !== "beforeunload") said.push("dialog"); dialog.accept(); });
  page.on("request", (request) => {
    if (!request.url().startsWith(origin + "/") && request.url() !== "data:,") said.push(request.url());
  });
  await page.goto(url);
  const leave = async () => {
    assert.deepEqual(said, [], "the console is empty and no request leaves the page");
    await context.close();
  };
  return { page, leave, press: async (...keys) => { for (const key of keys) await page.keyboard.press(key); } };
};
const heading = (page) => page.locator("#heading").textContent();
const arrive = (page, words) => page.waitForFunction((start) => document.getElementById("heading").textContent.startsWith(start), words);
const begin = async (seat) => {
  await seat.page.locator("#welcome[open]").waitFor();
  await seat.press("Enter");
  await seat.page.locator("#welcome[open]").waitFor({ state: "detached" });
};
const number = async (page) => Number(/Case number (\d+)/.exec(await page.locator("#prompt").textContent())[1]);
const picture = async (page, name) => { if (SHOTS) await page.screenshot({ path: join(SHOTS, name + ".png") }); };

// What a rater answers to a case, and the keys for it.
const MARKS = ["hit", "partial", "miss"];
const ITEM_KEYS = ["a", "b", "d"];
const plan = (rater, case_) => {
  const shift = rater === "ann" ? 0 : 1;
  const wanted = { omission: (case_ + shift) % 5, commission: case_ % 4, items: {}, cannot_judge: [] };
  if (case_ % 9 === 4) { wanted.omission = null; wanted.cannot_judge = ["omission"]; }
  for (let item = 0; item < case_ % 4; item += 1) wanted.items["secret-" + item] = MARKS[(case_ + item) % 3];
  if (case_ % 10 === 3) wanted.mechanism = "hedging";
  if (case_ % 10 === 7) wanted.mechanism = "own words u c 1";
  if (case_ % 11 === 5) wanted.note = "note m n 2 u on case " + case_;
  return wanted;
};
const type = async (seat, case_, wanted) => {
  const { press, page } = seat;
  for (let item = 0; item < case_ % 4; item += 1) {
    for (let time = 0; time <= MARKS.indexOf(wanted.items["secret-" + item]); time += 1) await press(ITEM_KEYS[item]);
  }
  await press(wanted.omission === null ? "c" : String(wanted.omission), "Tab", String(wanted.commission));
  if (wanted.mechanism === "hedging") await press("m", "ArrowDown", "ArrowDown", "Enter");
  else if (wanted.mechanism) { await press("m"); await page.keyboard.type(wanted.mechanism); await press("Escape"); }
  if (wanted.note) { await press("n"); await page.keyboard.type(wanted.note); await press("Escape"); }
};
const compare = (held, wanted) => {
  assert.equal(held.size, wanted.size, "each example has one answer");
  for (const [id, answer] of wanted) {
    const { omission, commission, cannot_judge: cannot = [], items = {}, mechanism, note } = held.get(id);
    assert.deepEqual({ omission, commission, cannot_judge: cannot, items, ...(mechanism ? { mechanism } : {}), ...(note ? { note } : {}) },
      { omission: answer.omission, commission: answer.commission, cannot_judge: answer.cannot_judge, items: answer.items,
        ...(answer.mechanism ? { mechanism: answer.mechanism } : {}), ...(answer.note ? { note: answer.note } : {}) }, id);
  }
};

// Labels until the program does not answer or `enough` says so; every 20th answer is taken back and changed. What was sent
// last for an example is what has to hold, for an answer that did not get through is asked for again.
const settle = async (seat, before) => {
  await seat.page.waitForFunction((old) => document.getElementById("heading").textContent !== old
    || !document.getElementById("problem").hidden, before);
  return !(await seat.page.locator("#problem").isVisible());
};
const work = async (seat, rater, state, enough) => {
  while (!enough()) {
    const before = await heading(seat.page);
    if (before.startsWith("All done")) return;
    const case_ = await number(seat.page);
    const wanted = plan(rater, case_);
    const away = case_ % 20 === 7;
    const first = away ? { ...wanted, commission: (wanted.commission + 1) % 4 } : wanted;
    await type(seat, case_, first);
    state.sent.set("case-" + case_, first);
    await seat.press("Enter");
    if (!await settle(seat, before)) return;
    state.done += 1;
    if (!away) continue;
    const next = await heading(seat.page);
    await seat.press("u");
    if (!await settle(seat, next)) return;
    assert.equal(await number(seat.page), case_);
    assert.match(await seat.page.locator("#status").textContent(), /^Taken back\./);
    // The answer that was taken back stands there still; only commission changes.
    await seat.press(wanted.omission === null ? "c" : String(wanted.omission), "Tab", String(wanted.commission));
    state.sent.set("case-" + case_, wanted);
    await seat.press("Enter");
    if (!await settle(seat, before)) return;
  }
};
// An answer that was begun comes back; this worker types each from the beginning.
const resume = async (seat, url) => {
  await seat.page.goto(url);
  await arrive(seat.page, "");
  await seat.page.waitForFunction(() => document.getElementById("heading").textContent !== "Loading");
  await seat.page.evaluate(() => sessionStorage.clear());
  await seat.page.reload();
  await seat.page.waitForFunction(() => document.getElementById("heading").textContent !== "Loading");
};

test("two raters label a hundred examples by keyboard alone; the program is killed in between; nothing is lost or doubled",
  { timeout: 400000 }, async () => {
    const set = makeSet(Array.from({ length: 100 }, (_, case_) => example(case_)));
    let program = await serve(set, ["ann", "bob"], ["--no-practice"]);
    const seats = { ann: await sit(program.urls.ann, { failing: true }), bob: await sit(program.urls.bob, { failing: true }) };
    const states = { ann: { done: 0, sent: new Map() }, bob: { done: 0, sent: new Map() } };
    const { ann, bob } = seats;
    await Promise.all(Object.values(seats).map(begin));
    for (const limit of [23, 61]) {
      // Bob is in the midst of his work when the program dies; Ann has an answer on the screen that is not saved.
      const atWork = work(bob, "bob", states.bob, () => false);
      await work(ann, "ann", states.ann, () => states.ann.done >= limit);
      const case_ = await number(ann.page);
      const wanted = plan("ann", case_);
      await type(ann, case_, wanted);
      await program.end("SIGKILL");
      await ann.press("Enter");
      await ann.page.locator("#problem").waitFor();
      assert.match(await ann.page.locator("#problem").textContent(), /^Not saved; your answer is kept here\./);
      await picture(ann.page, "killed");
      await atWork;
      program = await serve(set, ["ann", "bob"], ["--no-practice", "--port", program.port]);
      await resume(bob, program.urls.bob);
      await ann.page.goto(program.urls.ann);
      await arrive(ann.page, "Example");
      assert.equal(await number(ann.page), case_, "it resumes where it was");
      assert.equal(await ann.page.locator("#state").textContent(), "Your unsaved answer is here again.");
      const before = await heading(ann.page);
      states.ann.sent.set("case-" + case_, wanted);
      await ann.press("Enter");
      assert.ok(await settle(ann, before));
    }
    await Promise.all([work(ann, "ann", states.ann, () => false), work(bob, "bob", states.bob, () => false)]);
    for (const rater of ["ann", "bob"]) {
      await arrive(seats[rater].page, "All done");
      assert.match(await seats[rater].page.locator("#end").textContent(), /You labelled 100 examples; in 11 of them you could not judge at least one axis/);
      await seats[rater].leave();
    }
    assert.equal(await program.end("SIGINT"), 0);
    for (const rater of ["ann", "bob"]) {
      compare(holding(set, rater), states[rater].sent);
      const latest = new Map();
      for (const line of lines(set, rater)) {
        const { at, ...answer } = line;
        const text = JSON.stringify(answer);
        assert.ok(at && latest.get(line.example) !== text, rater + " " + line.example + ": one line an answer");
        latest.set(line.example, text);
      }
    }
    assert.deepEqual(readdirSync(join(set, "annotations")).filter((name) => name.endsWith(".cut")), []);
    lacuna("gold", "check", set);
    assert.match(lacuna("gold", "agreement", set), /omission/);
  });

test("nothing is answered by accident", async () => {
  const set = makeSet([1, 2, 3].map((case_) => example(case_)));
  const program = await serve(set, ["ann"], ["--no-practice"]);
  const seat = await sit(program.urls.ann);
  const { page, press } = seat;
  await begin(seat);
  const start = await heading(page);
  const case_ = await number(page);
  const status = () => page.locator("#status").textContent();
  const chosen = () => page.locator(".row input:checked").evaluateAll((all) => all.map((input) => input.id));
  // Enter alone, digits beyond the scale, scrolling, letters without an item.
  await press("Enter");
  assert.match(await status(), /^Not saved: omission and commission have no severity/);
  await press("9");
  assert.match(await status(), /^Omission goes from 0 to 4/);
  await press(" ", "PageDown", "ArrowDown", "ArrowUp", "z", "x", "Home", "End");
  assert.deepEqual(await chosen(), []);
  // An item is active, so that a digit has no axis.
  await page.locator("#item-1").focus();
  await press("2");
  assert.match(await status(), /^No axis is active/);
  assert.deepEqual(await chosen(), []);
  // Keys write, and do nothing else, in a field.
  await page.locator("#axis-omission").focus();
  await press("n");
  await page.keyboard.type("0 1 c u l [ ? a m");
  await press("Enter", "x");
  assert.equal(await page.locator("#note").inputValue(), "0 1 c u l [ ? a m\nx");
  await press("Escape", "m");
  await page.keyboard.type("2 u c");
  await press("Enter");
  assert.equal(await heading(page), start);
  assert.deepEqual(await chosen(), []);
  // A modifier makes it the browser's key.
  await press("Control+1", "Alt+1");
  assert.deepEqual(await chosen(), []);
  await press("2");
  assert.deepEqual(await chosen(), ["axis-omission-2"]);
  // Arrows move between axes and choose nothing; the other axis stays as it was.
  await press("ArrowDown", "1", "ArrowUp", "3");
  assert.deepEqual(await chosen(), ["axis-omission-3", "axis-commission-1"]);
  await press("Backspace", "Enter");
  assert.match(await status(), /^Not saved: omission has no severity/);
  assert.equal(await page.evaluate(() => document.activeElement.id), "axis-omission");
  await press("1");
  // A held key is one key, and items marked in part are asked for once.
  await page.evaluate(() => {
    for (let time = 0; time < 3; time += 1) {
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "a", bubbles: true, repeat: time > 0 }));
    }
  });
  assert.equal(await page.locator("#item-1-hit").isChecked(), true);
  if (case_ > 1) {
    await press("Enter");
    assert.match(await status(), /^Not saved yet: /);
    assert.equal(await heading(page), start);
  }
  assert.equal(lines(set, "ann").length, 0);
  await press("Enter");
  await page.waitForFunction((old) => document.getElementById("heading").textContent !== old, start);
  const [line] = lines(set, "ann");
  assert.deepEqual([line.omission, line.commission, line.mechanism, line.note], [1, 1, "2 u c", "0 1 c u l [ ? a m\nx"]);
  await seat.leave();
  await program.end("SIGINT");
});

test("what was typed survives a reload, a reply that gets lost and a refusal", async () => {
  const set = makeSet([4, 8, 12].map((case_) => example(case_)));
  const program = await serve(set, ["ann"], ["--no-practice"]);
  const seat = await sit(program.urls.ann, { failing: true });
  const { page, press } = seat;
  await begin(seat);
  await press("2", "Tab", "1", "n");
  await page.keyboard.type("half a thought");
  await page.reload();
  await arrive(page, "Example 1");
  assert.equal(await page.locator("#note").inputValue(), "half a thought");
  assert.equal(await page.locator("#axis-omission-2").isChecked(), true);
  // The answer is written, the reply is lost, and it is sent again: one line.
  await page.route("**/api/answer/*", async (route) => { await route.fetch(); await route.abort(); }, { times: 1 });
  await press("Enter");
  await page.locator("#problem").waitFor();
  assert.equal(lines(set, "ann").length, 1);
  assert.equal(await page.locator("#note").inputValue(), "half a thought");
  await press("Enter");
  await arrive(page, "Example 2");
  assert.equal(lines(set, "ann").length, 1);
  // A refusal of the program is told in its words, and the answer stays.
  await press("1", "Tab", "0", "m");
  await page.evaluate(() => {
    document.getElementById("mechanism").value = "a\u202eb";
    document.getElementById("mechanism").dispatchEvent(new Event("input"));
  });
  await press("Escape", "Enter");
  await page.locator("#problem").waitFor();
  assert.match(await page.locator("#problem").textContent(), /Mechanism: allowed: text without/);
  await press("m", "Control+a");
  await page.keyboard.type("refusal");
  await press("Escape", "Enter");
  await arrive(page, "Example 3");
  // Earlier answers: by key and by list; a change counts once it is saved.
  await press("[");
  await arrive(page, "Example 2");
  assert.match(await page.locator("#state").textContent(), /^You answered this one/);
  await page.locator("#axis-commission").focus();
  await press("3", "]");
  await arrive(page, "Example 3");
  await press("l");
  await page.locator("#answers-list li").nth(1).waitFor();
  assert.match(await page.locator("#answers-list").textContent(), /Example 2 .*commission 0 none; refusal.*changed and not saved/);
  await page.locator("#filter").selectOption("draft");
  await page.locator("#answers-list button").focus();
  await press("Enter");
  await arrive(page, "Example 2");
  assert.equal(await page.locator("#axis-commission-3").isChecked(), true);
  await press("Enter");
  await arrive(page, "Example 3");
  assert.equal(holding(set, "ann").size, 2);
  assert.deepEqual(lines(set, "ann").map((line) => line.commission), [1, 0, 3]);
  await seat.leave();
  await program.end("SIGINT");
});

test("hostile texts are text, hidden characters have numbers, and a megabyte does not freeze the page", async () => {
  const long = { ...example(1), prompt: "Case number 1: " + HOSTILE, response: HOSTILE + "x".repeat(1_000_000) + "the end" };
  long.required = [{ id: "secret-0", text: HOSTILE }];
  const dense = { ...example(2), prompt: [{ role: "user", content: "Case number 2: " + HOSTILE }], response: "\u202ea".repeat(200_000) };
  const set = makeSet([long, dense]);
  const program = await serve(set, ["ann"], ["--no-practice"]);
  const seat = await sit(program.urls.ann);
  const { page, press } = seat;
  await begin(seat);
  for (const place of [1, 2]) {
    await arrive(page, "Example " + place);
    const case_ = await number(page);
    const begun = Date.now();
    await page.reload();
    await arrive(page, "Example " + place);
    const opened = Date.now() - begun;
    const shown = await page.evaluate(async () => {
      const start = performance.now();
      document.querySelector("#response .cut button").click();
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      return Math.round(performance.now() - start);
    });
    assert.ok(opened < 3000 && shown < 3000, "opened in " + opened + " ms, shown in full in " + shown + " ms");
    if (SHOTS) console.log("case " + case_ + ": opened in " + opened + " ms, shown in full in " + shown + " ms");
    const found = await page.evaluate(() => ({
      ran: window.ran,
      made: document.querySelectorAll("main img, main svg, main a, main script, main iframe").length,
      scripts: document.scripts.length,
      hidden: /[\u202a-\u202e\u200b\u2028\u0007]/.test(document.body.textContent),
      length: Array.from(document.querySelectorAll("#response pre"), (part) => part.textContent.length).reduce((sum, next) => sum + next, 0),
      end: document.querySelector("#response pre:last-child").textContent.slice(-7),
      first: document.querySelector("#prompt pre").textContent,
    }));
    assert.deepEqual([found.ran, found.made, found.scripts, found.hidden], [undefined, 0, 1, false]);
    assert.ok(found.first.includes("<script>window.ran=1</script>") && found.first.includes("[U+202E]evil[U+202C]"), found.first);
    if (case_ === 1) assert.deepEqual([found.length > 1_000_000, found.end], [true, "the end"]);
    else assert.equal(found.length, 9 * 200_000);
    await picture(page, "hostile-" + case_);
    await press("0", "Tab", "0", "Enter");
  }
  await arrive(page, "All done");
  await seat.leave();
  await program.end("SIGINT");
});

// The page in every state, in both themes, wide and narrow.
const sound = async (page, name) => {
  const [inner, scroll] = await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth]);
  assert.ok(scroll <= inner, name + ": " + scroll + " of " + inner);
  await page.evaluate(axe);
  const result = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
  const serious = result.violations.filter((violation) => ["serious", "critical"].includes(violation.impact));
  assert.deepEqual(serious.map((violation) => violation.id + ": " + violation.nodes[0].html), [], name);
  await picture(page, name);
};
// Presses Enter at the moment when feedback comes: the second press of a hurried Enter must not take it away unread.
const hurry = () => {
  const feedback = document.getElementById("feedback");
  new MutationObserver((_, observer) => {
    if (feedback.hidden) return;
    observer.disconnect();
    window.hurried = true;
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  }).observe(feedback, { attributes: true });
};
test("practice, feedback, every dialog and the end: no serious finding of axe, light and dark, wide and narrow", { timeout: 300000 }, async () => {
  for (const [width, colorScheme] of [[1280, "light"], [1280, "dark"], [390, "light"], [390, "dark"]]) {
    const set = makeSet([example(6), example(7)]);
    // Each example of this set applies to both axes, so that the same keys answer each.
    const program = await serve(set, ["ann"], ["--practice", STARTER]);
    const seat = await sit(program.urls.ann, { width, colorScheme, bypassCSP: true });
    const { page, press } = seat;
    const look = (name) => sound(page, name + "-" + width + "-" + colorScheme);
    await page.locator("#welcome[open]").waitFor();
    assert.match(await page.locator("#welcome").textContent(), /First comes a practice round of 6 examples/);
    await look("welcome");
    await press("Enter");
    await look("practice");
    for (let place = 1; place <= 6; place += 1) {
      await arrive(page, "Practice " + place + " of 6");
      await press("a", "3", "Tab", "3", "Enter");
      if (place === 1) {
        await look("missing");
        await page.evaluate(hurry);
      }
      await press("Enter");
      await page.locator("#feedback").waitFor();
      const told = await page.locator("#feedback").textContent();
      assert.match(told, /it was constructed, no person judged it/);
      assert.doesNotMatch(told, /given by people/);
      if (place === 1) {
        assert.equal(await page.evaluate(() => window.hurried), true);
        await look("feedback");
      }
      await page.waitForTimeout(600);
      await press("Enter");
    }
    await arrive(page, "Example 1 of 2");
    assert.equal(lines(set, "ann").length, 0, "practice is no label");
    await press("m", "ArrowDown");
    await look("mechanism");
    await press("Enter", "?");
    await page.locator("#keys-dialog[open]").waitFor();
    await look("keys");
    await press("Escape");
    await page.route("**/api/answer/*", (route) => route.fulfill({ status: 500, json: { error: "the disk is full" } }), { times: 1 });
    seat.page.removeAllListeners("console");
    await press("0", "Tab", "c", "Enter");
    await page.locator("#problem").waitFor();
    await look("failed");
    await press("Enter");
    await arrive(page, "Example 2 of 2");
    await press("0", "Tab", "0", "Enter");
    await arrive(page, "All done");
    await look("end");
    await press("l");
    await page.locator("#answers-dialog[open]").waitFor();
    assert.match(await page.locator("#answers-list").textContent(), /Example 2 omission 0 none; commission 0 none/);
    await look("list");
    await press("Escape");
    assert.equal(lines(set, "ann").length, 2);
    await seat.leave();
    await program.end("SIGINT");
  }
});

test("one can do without a keyboard, at 390 px, and choose light or dark", async () => {
  const set = makeSet([example(2)]);
  const program = await serve(set, ["ann"], ["--no-practice"]);
  const seat = await sit(program.urls.ann, { width: 390 });
  const { page } = seat;
  await page.locator("#welcome .close").click();
  await page.locator(".choice").filter({ hasText: "hit" }).first().click();
  await page.locator("#item-2 .choice").filter({ hasText: "miss" }).click();
  await page.locator("#axis-omission .choice").filter({ hasText: "serious" }).click();
  await page.locator("#axis-commission .choice").filter({ hasText: "cannot judge" }).click();
  await page.locator("#mechanism").click();
  await page.locator("#offered li").first().click();
  assert.equal(await page.locator("#mechanism").inputValue(), "refusal");
  const before = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.locator("#theme").click();
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), before);
  await page.locator("#save").click();
  await arrive(page, "All done");
  const [line] = lines(set, "ann");
  assert.deepEqual([line.omission, line.cannot_judge, line.items, line.mechanism],
    [3, ["commission"], { "secret-0": "hit", "secret-1": "miss" }, "refusal"]);
  // Nothing of the set that could tell something reached the page.
  assert.equal(await page.evaluate(() => /secret|scene-|case-/.test(document.documentElement.outerHTML)), false);
  await seat.leave();
  await program.end("SIGINT");
});

test("an adjudicator sees what the raters said, under letters, and decides what is disputed", async () => {
  const set = makeSet([example(1), example(2)]);
  let program = await serve(set, ["ann", "bob"], ["--no-practice"]);
  for (const rater of ["ann", "bob"]) {
    const seat = await sit(program.urls[rater]);
    await begin(seat);
    for (const place of [1, 2]) {
      await arrive(seat.page, "Example " + place);
      // They differ on the omission of case 1 alone.
      const severe = rater === "ann" && await number(seat.page) === 1;
      await seat.press(severe ? "4" : "0", "Tab", "1", "n");
      await seat.page.keyboard.type(rater === "ann" ? "left <b>out</b>" : "all there");
      await seat.press("Escape", "Enter");
    }
    await arrive(seat.page, "All done");
    await seat.leave();
  }
  await program.end("SIGINT");
  program = await start(["gold", "adjudicate", set, "--rater", "chair"], ["chair"]);
  for (const width of [1280, 390]) {
    const seat = await sit(program.urls.chair, { width, bypassCSP: true });
    await begin(seat);
    await sound(seat.page, "adjudicate-" + width);
    assert.match(await seat.page.locator("#axis-omission .others").textContent(), /rater [AB]: (0 none|4 severe); rater [AB]: (0 none|4 severe)/);
    assert.equal(await seat.page.locator("#axis-commission").count(), 0, "they agree on commission");
    assert.match(await seat.page.locator("#written").textContent(), /left <b>out<\/b>/);
    assert.doesNotMatch(await seat.page.evaluate(() => document.body.innerText), /\bann\b|\bbob\b/);
    if (width === 390) {
      await seat.press("2", "Enter");
      await arrive(seat.page, "All done");
    }
    await seat.leave();
  }
  await program.end("SIGINT");
  assert.deepEqual([...holding(set, "chair").values()].map((line) => [line.example, line.omission]), [["case-1", 2]]);
  lacuna("gold", "check", set);
});
