// The page of a report in a real browser: nothing is fetched, nothing of the data runs, and a keyboard is enough.
// REPORT is the page, CHROMIUM the browser; both come from ./run.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

const modules = createRequire(process.env.MODULES ? process.env.MODULES + "/" : import.meta.url);
const { chromium } = modules("playwright-core");
const axe = readFileSync(modules.resolve("axe-core"), "utf8");
const address = "file://" + process.env.REPORT;
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
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
  assert.ok(Date.now() - begun < 3000, "it opens in under 3 s");
  await check(page);
  assert.deepEqual(said, [], "the console is empty and no request leaves the page");
  await context.close();
};
const status = (page) => page.locator("#drill-status").textContent();
const count = async (page) => Number((await status(page)).match(/of ([\d,]+)\./)?.[1].replaceAll(",", "") ?? 0);

test("the first screen says what the labels are and what each judge sees", () => open(async (page) => {
  const labels = page.locator(".labels");
  assert.match(await labels.textContent(), /^Measured against /);
  assert.ok((await labels.boundingBox()).y < 900);
  assert.match(await page.locator(".judges article").first().textContent(), /it missed/);
}));

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

test("a table is built when it is opened", () => open(async (page) => {
  const details = page.locator("details[data-table]").first();
  assert.equal(await details.locator("table").count(), 0);
  await details.locator("summary").click();
  await details.locator("table tbody tr").first().waitFor();
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
