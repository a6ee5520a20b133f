// Journey 1 of the experience design in a real browser over the real program: from the printed link to the first
// task, in light at 1280x800, then every page in both themes and at the width of a phone.
//
//   DEVMENTOR_BIN=path/to/devmentor node e2e/run.mjs
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { axe, overflows, startBrowser, watch } from "./lib/browser.mjs";
import { HARD, makeFixture } from "./lib/fixture.mjs";
import { startServer } from "./lib/server.mjs";

const binary = process.env.DEVMENTOR_BIN ?? fileURLToPath(new URL("../../target/debug/devmentor", import.meta.url));
const shots = fileURLToPath(new URL("./shots/", import.meta.url));
const FIRST_VALUE_MS = 120_000;

if (!existsSync(binary)) {
  console.log(`No program at ${binary}. Build it with: cargo build -p devmentor`);
  process.exit(1);
}
mkdirSync(shots, { recursive: true });

let passed = 0;
let failed = 0;

/** One step. A failing step does not keep the next ones from being tried. */
async function step(name, run) {
  const start = performance.now();
  try {
    await run();
    passed += 1;
    console.log(`ok    ${name} (${Math.round(performance.now() - start)} ms)`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${name}\n      ${String(error.stack ?? error).split("\n").slice(0, 12).join("\n      ")}`);
  }
}

const server = await startServer(binary);
const fixture = join(server.folder, "fixture");
makeFixture(fixture);
const browser = await startBrowser();
const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: "light", reducedMotion: "reduce" });
context.setDefaultTimeout(10_000);
const page = await context.newPage();
const faults = watch(page, server.base);

/** A checkpoint: accessible, inside its window, without a fault so far. */
async function checkpoint(name, target = page, seen = faults) {
  await target.screenshot({ path: join(shots, `${name}.png`) });
  assert.deepEqual(await axe(target), [], `axe on ${name}`);
  assert.equal(await overflows(target), false, `${name} is wider than its window`);
  assert.deepEqual(seen, [], `faults on ${name}`);
}

const heading = (name) => page.getByRole("heading", { level: 1, name }).waitFor();
const started = performance.now();
let slug = "";
let makeTitle = "";

await step("the printed link signs in, and its token leaves the address", async () => {
  await page.goto(server.url);
  await heading("What should DevMentor look at?");
  assert.ok(!page.url().includes("#"), page.url());
  await checkpoint("source");
});

await step("the link works once", async () => {
  const other = await browser.newContext();
  const second = await other.newPage();
  await second.goto(server.url);
  await second.getByRole("heading", { level: 1, name: "This link cannot be used" }).waitFor();
  assert.deepEqual(await axe(second), []);
  await other.close();
});

await step("a folder is completed and recognised while it is typed", async () => {
  const field = page.getByRole("combobox", { name: "Folder" });
  await field.fill(`${server.folder}/fix`);
  await page.getByRole("option", { name: /fixture/ }).waitFor();
  await field.press("ArrowDown");
  await field.press("Enter");
  await page.getByText(/Git repository, branch main, \d+ files/).waitFor();
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("heading", { name: "Chosen" }).waitFor();
});

await step("a folder that is no repository is refused with the reason", async () => {
  const field = page.getByRole("combobox", { name: "Folder" });
  await field.fill(`${server.folder}/data`);
  await page.locator("form [role=status]", { hasText: /no Git repository|not a Git repository|may not be read|is not/i }).waitFor();
  await field.fill("");
});

await step("the question about vulnerabilities is asked and answered", async () => {
  await page.getByRole("radio", { name: /Not at all/ }).check();
  await checkpoint("source-chosen");
});

await step("the analysis runs in eight phases and ends", async () => {
  await page.getByRole("button", { name: "Analyse repository" }).click();
  await page.waitForURL(/start\/progress/);
  await page.getByRole("article", { name: "fixture" }).waitFor();
  assert.equal(await page.getByRole("article").getByRole("listitem").filter({ hasText: /Fetch|Languages|Structure|Patterns|Security|Quality|Insights|Save/ }).count() >= 8, true);
  const before = Number(await page.getByRole("progressbar").getAttribute("aria-valuenow"));
  await page.reload();
  await page.getByRole("article", { name: "fixture" }).waitFor();
  const after = Number(await page.getByRole("progressbar").getAttribute("aria-valuenow"));
  assert.ok(after >= before, `${after} after the reload, ${before} before`);
  await page.getByRole("heading", { level: 1, name: "Analysis finished" }).waitFor({ timeout: FIRST_VALUE_MS });
  // Nobody looked for vulnerabilities, so nobody may count them.
  assert.doesNotMatch(await page.getByRole("article", { name: "fixture" }).innerText(), /\b\d+ advisory match/);
  await checkpoint("progress");
});

await step("results show insights with evidence, effort and check", async () => {
  await page.getByRole("button", { name: "Show results" }).click();
  await heading("Results");
  const cards = page.getByRole("article");
  await cards.first().waitFor();
  assert.ok(performance.now() - started < FIRST_VALUE_MS, "first value took too long");
  const count = await cards.count();
  assert.ok(count >= 1, `${count} insights`);
  for (let index = 0; index < count; index += 1) {
    const evidence = cards.nth(index).getByRole("list", { name: "Evidence" }).getByRole("listitem");
    assert.ok((await evidence.count()) >= 2, `insight ${index + 1} has too little evidence`);
  }
  assert.match(await page.locator("#page").innerText(), /from \d of 7 parts/);
  await page.getByRole("heading", { name: /What was not measured/ }).first().waitFor();
  await checkpoint("results");
});

await step("nothing says that there are no vulnerabilities when nobody looked", async () => {
  const text = await page.locator("#page").innerText();
  assert.match(text, /[Cc]ould not check/);
  assert.doesNotMatch(text, /\b(0|no) (known )?vulnerab/i);
});

await step("the grade explains itself and its parts add up", async () => {
  await page.getByRole("button", { name: /^Explain: Quality grade/ }).first().click();
  const popover = page.getByRole("group", { name: /Explain/ });
  await popover.waitFor();
  const lost = await popover.locator("[data-lost]").evaluateAll((all) => all.map((each) => Number(each.dataset.lost)));
  const score = Number(await popover.locator("[data-score]").getAttribute("data-score"));
  const sum = lost.reduce((total, each) => total + each, 0);
  assert.ok(Math.abs(100 - sum - score) <= 1, `100 - ${sum} is not ${score}`);
  await checkpoint("explain");
  await page.keyboard.press("Escape");
  await popover.waitFor({ state: "hidden" });
});

await step("an evidence link shows the lines of the file as they are", async () => {
  const link = page.locator(`a[title^="${HARD}:"]`).first();
  const place = /:(\d+)(?:-(\d+))?$/.exec((await link.getAttribute("title")) ?? "");
  assert.ok(place, "the link names lines");
  await link.click();
  const panel = page.getByRole("complementary", { name: `Source of ${HARD}` });
  await panel.locator("[data-marked=true]").first().waitFor();
  const marked = await panel.locator("[data-marked=true] .code-text").allInnerTexts();
  const lines = readFileSync(join(fixture, HARD), "utf8").split("\n").slice(Number(place[1]) - 1, Number(place[2] ?? place[1]));
  assert.deepEqual(marked.map((text) => text.trimEnd()), lines.map((text) => text.trimEnd()));
  assert.match(page.url(), /peek=/);
  await checkpoint("evidence");
  await page.goBack();
  await panel.waitFor({ state: "hidden" });
});

await step("make task gives a key, and the list has it", async () => {
  const card = page.getByRole("article").first();
  makeTitle = (await card.getByRole("heading", { level: 3 }).innerText()).trim();
  await card.focus();
  await page.keyboard.press("m");
  await card.getByRole("link", { name: /To do/ }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await heading("Tasks");
  await page.getByText(makeTitle).first().waitFor();
  await checkpoint("tasks");
});

await step("a task is created, moved, deleted and brought back", async () => {
  await page.keyboard.press("c");
  await page.getByRole("textbox", { name: "New task" }).fill("Write the runbook");
  await page.keyboard.press("Enter");
  const row = page.getByRole("listitem").filter({ hasText: "Write the runbook" });
  await row.waitFor();
  await row.getByRole("combobox").selectOption("in_progress");
  await page.getByRole("region", { name: /In progress/ }).getByText("Write the runbook").waitFor();
  await row.hover();
  await row.getByRole("button", { name: /Delete/ }).click();
  await row.waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Undo" }).click();
  await row.waitFor();
});

await step("a change in one window shows in another without reload", async () => {
  const other = await context.newPage();
  const seen = watch(other, server.base);
  await other.goto(`${server.base}/w/home/tasks`);
  await other.getByText("Write the runbook").waitFor();
  await other.locator("nav [role=status]", { hasText: "Live" }).first().waitFor();
  await page.getByRole("textbox", { name: "New task" }).fill("Seen by everyone");
  await page.keyboard.press("Enter");
  await other.getByText("Seen by everyone").waitFor({ timeout: 3000 });
  assert.deepEqual(seen, []);
  await other.close();
});

await step("the list of repositories and J, K, Enter", async () => {
  await page.keyboard.press("Escape");
  await page.locator("h1").focus();
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await heading("Repositories");
  await page.getByRole("table").waitFor();
  await checkpoint("repos");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await heading("fixture");
  slug = /repos\/([^/?]+)/.exec(page.url())?.[1] ?? "";
});

await step("findings are filtered in the address, and Back brings them back", async () => {
  await page.getByRole("link", { name: "Findings", exact: true }).click();
  await page.getByRole("table").waitFor();
  const all = await page.locator("tbody tr").count();
  await page.getByRole("checkbox").first().check();
  await page.waitForURL(/severity=/);
  assert.ok((await page.locator("tbody tr").count()) <= all);
  await page.locator("[data-row]").first().click();
  await page.getByRole("complementary").waitFor();
  await checkpoint("finding");
  await page.keyboard.press("Escape");
  await page.getByRole("complementary").waitFor({ state: "hidden" });
});

const place = (path) => `${server.base}/w/home/repos/${slug}${path}`;
const PAGES = () => ({
  source: `${server.base}/start/source`,
  repos: `${server.base}/w/home/repos`,
  tasks: `${server.base}/w/home/tasks`,
  overview: place(""),
  insights: place("/insights"),
  findings: place("/findings"),
  dependencies: place("/dependencies"),
  architecture: place("/architecture"),
  "architecture-table": place("/architecture?view=table"),
  hotspots: place("/hotspots"),
  history: place("/history"),
  api: `${server.base}/developers/api`,
  missing: `${server.base}/w/home/nothing/here`,
  "missing-repo": `${server.base}/w/home/repos/no-such-repository`,
});

for (const [theme, width, height] of [
  ["light", 1280, 800],
  ["dark", 1280, 800],
  ["light", 390, 844],
  ["dark", 390, 844],
]) {
  const look = await browser.newContext({ viewport: { width, height }, colorScheme: theme, reducedMotion: "reduce", storageState: await context.storageState() });
  look.setDefaultTimeout(10_000);
  for (const [name, url] of Object.entries(PAGES())) {
    await step(`${name}, ${theme}, ${width} px`, async () => {
      const tab = await look.newPage();
      const seen = watch(tab, server.base);
      try {
        await tab.goto(url);
        await tab.getByRole("heading", { level: 1 }).waitFor({ state: "attached" });
        await tab.waitForFunction(() => document.querySelector("[aria-busy=true]") === null);
        await tab.waitForTimeout(250);
        assert.equal(await tab.getByRole("heading", { level: 1 }).count(), 1, "one h1");
        await checkpoint(`${name}-${theme}-${width}`, tab, seen);
      } finally {
        await tab.close();
      }
    });
  }
  await look.close();
}

await step("the diagram and its table tell the same", async () => {
  await page.goto(place("/architecture"));
  const modules = page.locator("svg g[role=img]");
  await modules.first().waitFor();
  const drawn = await modules.count();
  await page.keyboard.press("t");
  await page.getByRole("table").waitFor();
  assert.equal(await page.locator("tbody tr").count(), drawn);
});

await step("signing out ends the session", async () => {
  await page.getByRole("button", { name: /^Account/ }).first().click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await heading("Open DevMentor with its link");
  await checkpoint("signed-out");
  await page.goto(`${server.base}/w/home/repos`);
  await heading("Open DevMentor with its link");
});

await browser.close();
await server.stop();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
