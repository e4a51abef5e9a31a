// The page of a report in a real browser: nothing is fetched, nothing of the data runs, and a keyboard is enough.
// REPORT is the page, CHROMIUM the browser, PICTURES a folder for what a person should look at; they come from ./run.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";

const modules = createRequire(process.env.MODULES ? process.env.MODULES + "/" : import.meta.url);
const { chromium } = modules("playwright-core");
const axe = readFileSync(modules.resolve("axe-core"), "utf8");
const address = "file://" + process.env.REPORT;
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
// A machine that is busy with other things may need longer than what the page has to keep to.
const LIMIT = Number(process.env.LACUNA_OPENS_WITHIN_MS || 3000);
let browser;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: flags });
});
after(() => browser.close());

// Opens the page and fails at the end where it said something or asked for something.
const open = async (check, { width = 1280, colorScheme = "light", hash = "", bypassCSP = false } = {}) => {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP });
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(error.message));
  page.on("dialog", (dialog) => { said.push("dialog"); dialog.dismiss(); });
  page.on("request", (request) => { if (request.url().split("#")[0] !== address) said.push(request.url()); });
  const begun = Date.now();
  await page.goto(address + hash);
  assert.ok(Date.now() - begun < LIMIT, `it opens in under ${LIMIT} ms`);
  await check(page);
  assert.deepEqual(said, [], "the console is empty and no request leaves the page");
  await context.close();
};
// What a test needs and this report may not have is said, not passed over in silence.
const unless = (context, missing, why) => { if (missing) context.skip(why); return missing; };
const status = (page) => page.locator("#drill-status").textContent();
const count = async (page) => Number((await status(page)).match(/of ([\d,]+)\./)?.[1].replaceAll(",", "") ?? 0);

test("the first screen says what the labels are, what harm means and what each judge sees", () => open(async (page) => {
  const labels = page.locator(".labels");
  assert.match(await labels.textContent(), /^Measured against /);
  assert.match(await page.locator("#axes").textContent(), /Recall on .* rests on \d+ positives? in \d+ cluster/s);
  assert.deepEqual(await page.locator("#axes dt").allTextContents(), ["omission", "commission"]);
  const first = page.locator(".judges article").first();
  assert.match(await first.textContent(), /missed/);
  for (const part of [labels, page.locator("#axes"), page.locator(".glance"), page.locator("#figure-blindness svg:visible")]) {
    assert.ok((await part.boundingBox()).y < 900, "it stands on the first screen");
  }
  const own = await page.locator(".judges article").evaluateAll((all) =>
    all.filter((article) => article.closest(".baselines") === null).length);
  assert.ok(own > 0);
  assert.equal(await page.locator(".glance tbody tr:not(.people)").count(), Math.min(own, 8), "a line for each judge, eight at most");
  // Each chip names its size.
  const chips = await first.locator(".chips .omission, .chips .commission").allTextContents();
  assert.ok(chips.length > 0, "no chip");
  for (const chip of chips) {
    assert.match(chip, /sees .*\([\d.]+\/[\d.]+\)/);
  }
}));

test("baselines come after every judge of one's own", async (context) => open(async (page) => {
  const baselines = page.locator(".baselines");
  if (unless(context, await baselines.count() === 0, "there are no baselines beside other judges")) return;
  const rows = page.locator(".judges article");
  const apart = await rows.evaluateAll((all) => all.map((row) => row.closest(".baselines") !== null));
  assert.deepEqual(apart, [...apart].sort((one, other) => one - other));
  assert.ok(!apart[0]);
  const named = await page.locator("table.numbers").first().locator("tbody tr").evaluateAll((all) =>
    all.map((row) => row.classList.contains("for-comparison")));
  assert.deepEqual(named, [...named].sort((one, other) => one - other));
  assert.ok(apart.at(-1) && named.at(-1) && !named[0], "own judges and baselines stand in both");
}));

test("the links to the parts are in sight at both widths, and open tables fit", async () => {
  for (const width of [1280, 390]) {
    await open(async (page) => {
      const links = await page.locator("nav a").all();
      assert.equal(links.length, 6);
      for (const link of links) {
        const box = await link.boundingBox();
        assert.ok(box.x >= 0 && box.x + box.width <= width && box.y >= 0 && box.y + box.height < 120, JSON.stringify(box));
        await link.click();
        const target = await page.locator(await link.getAttribute("href")).boundingBox();
        const bar = await page.locator("nav").boundingBox();
        assert.ok(target.y >= bar.y + bar.height - 1, "the part is not below the bar");
      }
      if (width === 390) return;
      const tables = await page.locator("#numbers > .wide").all();
      assert.ok(tables.length > 0, "no table");
      for (const table of tables) {
        const [inner, whole] = await table.evaluate((box) => [box.clientWidth, box.scrollWidth]);
        assert.ok(whole <= inner, `a table of ${whole} in ${inner}`);
      }
    }, { width });
  }
});

test("figures are there at both widths and the page does not move sideways", async () => {
  for (const width of [1280, 390]) {
    await open(async (page) => {
      for (const figure of await page.locator("figure").all()) {
        const shown = await figure.locator("svg").evaluateAll((all) => all.filter((svg) => svg.getBoundingClientRect().width > 0));
        assert.equal(shown.length, 1, "one of the two sheets is shown");
        const box = await figure.boundingBox();
        assert.ok(box.width > 300 && box.height > 100);
      }
      const [inner, scroll] = await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth]);
      assert.ok(scroll <= inner, `${scroll} of ${inner}`);
    }, { width });
  }
});

test("a heading sorts its column, both ways, by keyboard", () => open(async (page) => {
  const table = page.locator("table.sortable").first();
  const values = () => table.locator("tbody tr td:nth-child(3)").evaluateAll((cells) => cells.map((cell) => cell.dataset.sort));
  const button = table.locator("thead button").nth(2);
  await button.focus();
  await page.keyboard.press("Enter");
  const rising = (await values()).filter((value) => value !== "").map(Number);
  assert.deepEqual(rising, [...rising].sort((one, other) => one - other));
  await page.keyboard.press("Enter");
  const falling = (await values()).filter((value) => value !== "").map(Number);
  assert.deepEqual(falling, [...falling].sort((one, other) => other - one));
  assert.equal(await table.locator("thead th").nth(2).getAttribute("aria-sort"), "descending");
}));

test("a table is built when it is opened by keyboard, holds rows, and is filtered by a word", () => open(async (page) => {
  assert.equal(await page.locator("details[data-table] summary", { hasText: /, 0 rows/ }).count(), 0);
  const details = page.locator("details[data-table]", { hasText: "metrics.csv" });
  assert.equal(await details.locator("table").count(), 0);
  await details.locator("summary").focus();
  await page.keyboard.press("Enter");
  const rows = details.locator("table tbody tr");
  await rows.first().waitFor();
  const all = await rows.count();
  await details.locator("input[type=search]").fill("youden_j");
  const shown = await rows.evaluateAll((lines) => lines.filter((line) => !line.hidden).map((line) => line.textContent));
  assert.ok(shown.length > 0 && shown.length < all && shown.every((line) => line.includes("youden_j")));
}));

test("cases are filtered, opened by keyboard, and linked to", () => open(async (page) => {
  const all = await count(page);
  assert.ok(all > 0);
  await page.locator("#drill-form select[name=kind]").selectOption("miss");
  const misses = await count(page);
  assert.ok(misses > 0 && misses <= all);
  await page.locator("#drill-list a").first().focus();
  await page.keyboard.press("Enter");
  await page.locator("#drill-detail h3").waitFor();
  const link = await page.evaluate(() => location.hash);
  const shown = await page.locator("#drill-detail").textContent();
  assert.match(shown, /missed harm/);
  await open(async (other) => {
    assert.equal(await count(other), misses);
    assert.equal(await other.locator("#drill-detail").textContent(), shown);
  }, { hash: link });
}));

test("judge, axis and words narrow the cases", () => open(async (page) => {
  const all = await count(page);
  const form = page.locator("#drill-form");
  const judge = await form.locator("select[name=judge] option").nth(1).getAttribute("value");
  await form.locator("select[name=judge]").selectOption(judge);
  const ofJudge = await count(page);
  assert.ok(ofJudge > 0 && ofJudge <= all);
  await form.locator("select[name=axis]").selectOption("omission");
  const onAxis = await count(page);
  assert.ok(onAxis <= ofJudge);
  assert.ok((await page.locator("#drill-list li").allTextContents()).every((row) => row.includes(`${judge}, omission: `)));
  const id = await page.locator("#drill-list a bdi").first().textContent();
  await form.locator("input[name=text]").fill(id);
  await page.waitForFunction((id) => location.hash.includes(encodeURIComponent(id).replaceAll("%20", "+")), id);
  const found = await count(page);
  assert.ok(found > 0 && found <= onAxis);
  await form.locator("input[name=text]").fill("no response says this: zqxjkv");
  await page.waitForFunction(() => document.getElementById("drill-status").textContent.startsWith("No case fits."));
}));

test("an axis that does not apply, or that a judge does not answer, is not called a missing verdict", async (context) => open(async (page) => {
  // The last case opened is one whose other axis says nothing, and why.
  const wanted = await page.evaluate(() => {
    const data = JSON.parse(document.getElementById("drill-data").textContent);
    for (const [example, judge, axis] of data.cases) {
      const shown = data.examples[example];
      const why = !data.answers_on[judge][1 - axis] ? "not answered by this judge"
        : shown.applies && !shown.applies[1 - axis] ? "does not apply" : null;
      if (why) return { oj: data.judges[judge], oa: data.axes[axis].name, oe: shown.id, kind: "all", why };
    }
    return null;
  });
  if (unless(context, wanted === null, "each judge answers on both axes of each example")) return;
  const { why, ...state } = wanted;
  await page.evaluate((hash) => { location.hash = hash; }, "#d?" + new URLSearchParams(state));
  await page.locator("#drill-detail h3").waitFor();
  const verdict = page.locator("#drill-detail section", { hasText: "The judge's verdict" }).locator("tbody td").allTextContents();
  assert.ok((await verdict).some((cell) => cell.includes(why)), (await verdict).join(" | "));
}));

test("it is read without a mouse: skip links, parts, and a way to each case", () => open(async (page) => {
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the answer");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => location.hash), "#disagreements");
  // Whatever can be clicked can be reached.
  const unreachable = await page.evaluate(() => Array.from(document.querySelectorAll("a, button, summary, select, input, .wide"))
    .filter((part) => part.checkVisibility() && part.tabIndex < 0).map((part) => part.outerHTML.slice(0, 80)));
  assert.deepEqual(unreachable, []);
}));

test("it prints: no bar, the wide figures, notes unfolded, nothing cut off", () => open(async (page) => {
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: 720, height: 1000 });
  assert.ok(!await page.locator("nav").isVisible() && !await page.locator("#theme").isVisible());
  for (const figure of await page.locator("figure").all()) {
    assert.ok(await figure.locator(".as-wide").isVisible() && !await figure.locator(".as-narrow").isVisible());
  }
  const folded = await page.locator("details.notes li").evaluateAll((all) => all.filter((item) => !item.checkVisibility()).length);
  assert.equal(folded, 0, "notes are printed");
  const pdf = await page.pdf({ format: "A4" });
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  assert.ok(pdf.length > 20_000);
  if (process.env.PICTURES) {
    mkdirSync(process.env.PICTURES, { recursive: true });
    writeFileSync(`${process.env.PICTURES}/printed.pdf`, pdf);
  }
}));

test("pictures for a person to look at, at both widths", async (context) => {
  if (unless(context, !process.env.PICTURES, "no folder for pictures is named")) return;
  mkdirSync(process.env.PICTURES, { recursive: true });
  for (const width of [1280, 390]) {
    await open(async (page) => {
      const picture = await page.screenshot({ path: `${process.env.PICTURES}/first-screen-${width}.png` });
      assert.ok(picture.length > 20_000, "the first screen is not empty");
      await page.screenshot({ path: `${process.env.PICTURES}/whole-${width}.png`, fullPage: true });
    }, { width });
  }
});

test("hostile text stays text", () => open(async (page) => {
  const found = await page.evaluate(() => {
    const data = document.getElementById("drill-data");
    return {
      scripts: Array.from(document.scripts, (script) => script.type),
      handlers: document.querySelectorAll("[onerror],[onload],[onclick]").length,
      outside: document.querySelectorAll("img,iframe,object,embed,link,base,form[action]").length,
      links: Array.from(document.querySelectorAll("a"), (link) => link.getAttribute("href")).filter((href) => !href.startsWith("#")),
      ran: window.ran,
      hidden: /[\u202a-\u202e\u2066-\u2069\u200b-\u200f]/.test(data ? data.textContent : ""),
    };
  });
  const json = "application/json";
  assert.deepEqual(found, { scripts: [json, json, ""], handlers: 0, outside: 0, links: [], ran: undefined, hidden: false });
}));

test("a chosen theme holds, and no serious finding of axe in either", async () => {
  for (const colorScheme of ["light", "dark"]) {
    await open(async (page) => {
      await page.locator("#drill-list a").first().click();
      await page.evaluate(axe);
      const result = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
      const serious = result.violations.filter((violation) => ["serious", "critical"].includes(violation.impact));
      assert.deepEqual(serious.map((violation) => `${violation.id}: ${violation.nodes[0].html}`), []);
      const before = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      await page.locator("#theme").click();
      assert.notEqual(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), before);
    }, { colorScheme, bypassCSP: true });
  }
});
