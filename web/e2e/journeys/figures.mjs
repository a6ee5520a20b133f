// Figures that explain themselves, tables that lose nothing on a phone, lists that hold still, and runs that tell what they did.
import assert from "node:assert/strict";
import { readFileSync, renameSync } from "node:fs";
import { join } from "node:path";

import { watch } from "../lib/browser.mjs";
import { makeFixture } from "../lib/fixture.mjs";
import { commit, repository, write } from "../lib/git.mjs";
import { analysed } from "../lib/wizard.mjs";
import { PATIENCE_MS, settled } from "../lib/world.mjs";

export const title = "what stands behind figures, on every width, and lists that hold still";

export async function run({ step, begin, browser }) {
  const world = await begin();
  const { server, page, context, checkpoint } = world;
  const folder = join(server.folder, "fixture");
  makeFixture(folder);
  write(folder, "examples/run.py", "import subprocess\n\n\ndef run(name):\n    subprocess.call(\"ls \" + name, shell=True)\n");
  write(folder, "tests/test_run.py", "import subprocess\n\n\ndef run(name):\n    subprocess.call(\"ls \" + name, shell=True)\n");
  commit(folder, 41, "Add an example");
  repository(join(server.folder, "small"), { "a.py": "a = 1\n" });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.base });
  await analysed(world, [folder, "fixture"], [join(server.folder, "small"), "small"]);

  /** A request of somebody else, beside the browser. */
  async function elsewhere(method, path, body) {
    const cookies = await context.cookies(server.base);
    const reply = await fetch(`${server.base}/api/v1/w/home${path}`, {
      method,
      headers: { "content-type": "application/json", origin: server.base, cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") },
      body: JSON.stringify(body),
    });
    assert.ok(reply.ok, `${reply.status} ${await reply.clone().text()}`);
    return reply.json();
  }
  const live = () => page.locator("nav [role=status]").filter({ hasText: "Live" }).first().waitFor();

  await step("the figures of the list open what is behind them, and the row still opens the repository", async () => {
    await page.goto(world.at("/w/home/repos"));
    const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: "fixture", exact: true }) });
    const told = (await world.api("/repos")).items.find((each) => each.name === "fixture");
    const shipped = Object.values(told.findings.shipped).reduce((sum, each) => sum + each, 0);
    for (const [figure, value] of [["Findings", String(shipped)], ["Grade", told.latest.grade], ["Insights", String(told.open_insights)]]) {
      await row.getByRole("button", { name: new RegExp(`^Explain: ${figure}`) }).first().click();
      const panel = page.getByRole("group", { name: `Explain: ${figure}` });
      await panel.getByText(value, { exact: true }).first().waitFor();
      if (figure === "Findings") await checkpoint("figures-list");
      await page.keyboard.press("Escape");
    }
    await row.getByRole("link", { name: "fixture", exact: true }).click();
    await page.waitForURL(/repos\/fixture$/);
  });

  await step("an insight says why it stands where it stands, and where its effort comes from", async () => {
    const card = page.getByRole("article").first();
    await card.getByRole("button", { name: /^Explain: Number 1/ }).click();
    await page.getByText("Value for effort, 0 to 100", { exact: false }).waitFor();
    await page.keyboard.press("Escape");
    await card.getByRole("button", { name: /^Explain: Effort/ }).press("Enter");
    await page.getByText("A rule of thumb for work of this kind", { exact: false }).waitFor();
    await checkpoint("figures-effort");
    await page.keyboard.press("Escape");
  });

  await step("what would make it an A adds up, and leads to the insights", async () => {
    const { quality } = (await world.api("/repos/fixture/report")).data;
    const way = quality.way_to_a;
    assert.ok(way, `a fixture with a hole is no A, but ${quality.grade}`);
    const back = way.steps.reduce((sum, each) => sum + each.points, 0);
    assert.ok(Math.abs(back - way.points) < 0.05, `${back} of ${way.points}`);
    const list = page.getByRole("list", { name: "What would make it an A" });
    await list.scrollIntoViewIfNeeded();
    for (const each of way.steps) await list.getByText(each.until).waitFor();
    await checkpoint("figures-way");
    await list.getByRole("link").first().click();
    await page.waitForURL(/\/insights#/);
  });

  await step("examples are told from tests, and the worst comes first", async () => {
    await page.goto(world.place("fixture", "/findings?code=tests"));
    const row = (path) => page.getByRole("row").filter({ hasText: path });
    await row("examples/run.py").first().getByText("Example code").waitFor();
    await row("tests/test_run.py").first().getByText("Test code").waitFor();
    const all = (await world.api("/repos/fixture/findings?code=shipped&limit=100")).items.map((each) => each.severity);
    const order = ["critical", "high", "medium", "low", "info"];
    assert.deepEqual(all, [...all].sort((a, b) => order.indexOf(a) - order.indexOf(b)));
    await page.goto(world.place("fixture", "/findings"));
    await settled(page);
    const first = (await world.api("/repos/fixture/findings?code=shipped&limit=1")).items[0];
    assert.equal(await page.locator("[data-row][data-id]").first().getAttribute("data-id"), first.id);
  });

  await step("another filter is another list, also below the pointer", async () => {
    await page.locator("[data-row][data-id]").first().hover();
    await page.keyboard.press("/");
    await page.keyboard.type("eval");
    await page.keyboard.press("Enter");
    await page.waitForURL(/q=eval/);
    await world.counts(page.locator("[data-row][data-id]"), 1);
    assert.equal(await page.getByRole("button", { name: /updates?$/ }).count(), 0);
  });

  await step("tables are taken along as CSV and as JSON", async () => {
    await page.goto(world.place("fixture", "/dependencies"));
    await page.getByRole("button", { name: "Copy as CSV" }).click();
    await page.getByText("3 rows copied").waitFor();
    const csv = (await page.evaluate(() => navigator.clipboard.readText())).split("\r\n");
    assert.equal(csv[0], "ecosystem,name,version,requirement,direct,scope,license,through,advisories,worst,fixed_in");
    assert.ok(csv.some((line) => line.startsWith("npm,express,4.17.1,")), csv.join("\n"));
    assert.ok(!csv.join("\n").includes("none"), "what was not looked up is not said to be clean");
    for (const path of ["/hotspots?view=table", "/ownership", "/history", "/architecture?view=table"]) {
      await page.goto(world.place("fixture", path));
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download JSON" }).click()]);
      const rows = JSON.parse(readFileSync(await download.path(), "utf8"));
      assert.ok(Array.isArray(rows) && rows.length > 0, path);
    }
  });

  await step("columns of a table are left out by keyboard, stay out after a reload, and come back", async () => {
    // Of the table itself: others of the page come when they are read.
    const titles = async () => (await page.locator("table").first().getByRole("columnheader").allInnerTexts()).filter(Boolean);
    for (const [path, main, out] of [["/findings?code=all", "Finding", "Place"], ["/dependencies", "Package", "Version"], ["/hotspots?view=table", "File", "Commits"]]) {
      await page.goto(world.place("fixture", path));
      await page.getByRole("columnheader", { name: out }).waitFor();
      const all = await titles();
      const cells = await page.getByRole("row").nth(1).getByRole("cell").count();
      const chooser = page.getByRole("button", { name: "Columns" });
      await chooser.focus();
      await page.keyboard.press("Enter");
      const choice = page.getByRole("group", { name: "Columns" });
      // Once it is open it takes the focus, to its first choice.
      await choice.locator(":focus").waitFor();
      await choice.getByRole("checkbox", { name: out }).focus();
      assert.equal(await choice.getByRole("checkbox", { name: main, exact: true }).count(), 0, "what the table is of stays");
      await page.keyboard.press("Space");
      await page.getByRole("columnheader", { name: out }).waitFor({ state: "hidden" });
      for (const theme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme: theme });
        await checkpoint(`figures-columns-${out}-${theme}`, { coloursOnly: theme === "dark" });
      }
      await page.emulateMedia({ colorScheme: "light" });
      await page.keyboard.press("Escape");
      await page.reload();
      await page.getByRole("columnheader", { name: main, exact: true }).waitFor();
      assert.deepEqual(await titles(), all.filter((each) => each !== out));
      assert.equal(await page.getByRole("row").nth(1).getByRole("cell").count(), cells - 1);
      await page.setViewportSize({ width: 390, height: 844 });
      assert.equal(await chooser.isVisible(), false, "on a phone columns give way by themselves");
      await page.setViewportSize({ width: 1280, height: 800 });
      await chooser.click();
      await page.getByRole("button", { name: "Show all" }).click();
      await page.getByRole("columnheader", { name: out }).waitFor();
      assert.deepEqual(await titles(), all);
      await page.keyboard.press("Escape");
    }
  });

  await step("only columns that are there can be left out, and figures stay below their titles", async () => {
    const chooser = page.getByRole("button", { name: "Columns" });
    for (const width of [1280, 1900]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(world.place("fixture", "/findings?code=all"));
      await page.getByRole("columnheader", { name: "Severity" }).waitFor();
      const drawn = await page.getByRole("columnheader", { name: "First seen" }).count();
      assert.equal(drawn, width === 1280 ? 0 : 1, `a column that needs room at ${width} px`);
      await chooser.click();
      await page.getByRole("checkbox", { name: "Place" }).waitFor();
      assert.equal(await page.getByRole("checkbox", { name: "First seen" }).count(), drawn, `and its choice at ${width} px`);
      await page.keyboard.press("Escape");
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(world.place("fixture", "/hotspots?view=table"));
    const ends = () =>
      page.locator("table").first().locator("tr:not([aria-hidden])").evaluateAll((rows) =>
        rows.slice(0, 3).map((row) => {
          const last = [...row.children].filter((cell) => cell.checkVisibility()).at(-1);
          return Math.round(last.getBoundingClientRect().right - parseFloat(getComputedStyle(last).paddingRight));
        }),
      );
    await chooser.click();
    for (const out of ["Score", "Lines"]) {
      assert.equal(new Set(await ends()).size, 1, `before ${out} is left out: ${await ends()}`);
      await page.getByRole("checkbox", { name: out, exact: true }).click();
      await page.locator("table").first().getByRole("columnheader", { name: out, exact: true }).waitFor({ state: "hidden" });
    }
    assert.equal(new Set(await ends()).size, 1, `figures end where their title ends: ${await ends()}`);
    await page.getByRole("button", { name: "Show all" }).click();
    await page.keyboard.press("Escape");
  });

  await step("the titles of a table stay in sight below the header", async () => {
    await page.setViewportSize({ width: 1280, height: 420 });
    await page.goto(world.place("fixture", "/findings?code=all"));
    await settled(page);
    const title = page.getByRole("columnheader", { name: "Severity" });
    await title.waitFor();
    const bar = await page.getByRole("navigation", { name: "Repository pages" }).boundingBox();
    const below = bar.y + bar.height;
    // A little further than where the titles would leave.
    await page.locator("#page").evaluate((each, by) => each.scrollBy(0, by), (await title.boundingBox()).y - below + 30);
    await world.until("the titles stand below the header", async () => Math.abs((await title.boundingBox()).y - below) < 4);
    // What is half below the header is no target just now.
    await checkpoint("figures-sticky", { coloursOnly: true });
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  await step("a run tells what it did, line by line", async () => {
    await page.goto(world.place("fixture", "/history"));
    await page.getByRole("table").getByRole("link").first().click();
    const log = page.getByRole("list", { name: "Log" });
    await log.getByText("Asked for").waitFor();
    await log.getByText(/^Languages: done in /).waitFor();
    await log.getByText(/^Report of [0-9a-f]{7} saved$/).waitFor();
    await page.getByRole("button", { name: "Copy the log" }).click();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(text, /A worker took it/);
    await checkpoint("figures-run");
  });

  await step("a run that failed says where, and another try opens as a run of its own", async () => {
    const small = join(server.folder, "small");
    renameSync(small, `${small}-away`);
    const { id } = await elsewhere("POST", "/repos/small/analyses?fresh=true", {});
    await world.until("the run failed", async () => (await world.api(`/analyses/${id}`)).data.analysis.state === "failed");
    await page.goto(world.place("small", `/runs/${id}`));
    const log = page.getByRole("list", { name: "Log" });
    await log.getByText(/^Ended without a report\./).waitFor();
    await log.getByText(/: not reached$/).first().waitFor();
    await checkpoint("figures-run-failed");
    renameSync(`${small}-away`, small);
    await page.getByRole("button", { name: "Analyse again" }).click();
    await page.waitForURL((url) => /\/runs\//.test(url.pathname) && !url.pathname.endsWith(id));
    await log.getByText(/^Report of [0-9a-f]{7} saved$/).waitFor();
  });

  await step("a task of somebody else waits while the pointer is on the list, and is pointed out elsewhere", async () => {
    for (const each of ["One", "Two", "Three"]) await elsewhere("POST", "/tasks", { title: `${each} of somebody else` });
    await page.goto(world.at("/w/home/tasks"));
    await live();
    const rows = page.getByRole("listitem").filter({ hasText: "of somebody else" });
    await world.counts(rows, 3);
    await page.getByText("Two of somebody else").hover();
    const texts = () => rows.evaluateAll((all) => all.map((each) => each.textContent));
    const before = await texts();
    await elsewhere("POST", "/tasks", { title: "Four of somebody else" });
    const pill = page.getByRole("button", { name: "1 update" });
    await pill.waitFor();
    assert.deepEqual(await texts(), before, "nothing moves below the pointer");
    await checkpoint("figures-updates");
    await pill.click();
    await world.counts(rows, 4);
    await pill.waitFor({ state: "detached" });
    // Nobody is on the list now: what changes is shown at once, and pointed out for a moment.
    await page.getByRole("heading", { level: 1 }).hover();
    await page.evaluate(() => document.activeElement?.blur());
    const [task] = (await world.api("/tasks")).items.filter((each) => each.title.startsWith("One"));
    await page.evaluate(() => {
      window.pointed = 0;
      new MutationObserver(() => (window.pointed += document.querySelectorAll("li[class*='inset_3px']").length)).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["class"], childList: true });
    });
    await elsewhere("PATCH", `/tasks/${task.key}`, { version: task.version, status: "in_progress" });
    await page.getByRole("region", { name: /In progress/ }).getByText("One of somebody else").waitFor();
    await world.until("the changed row was pointed out", () => page.evaluate(() => window.pointed > 0));
  });

  await step("an own change is seen at once, wherever the pointer is", async () => {
    const row = page.getByRole("listitem").filter({ hasText: "Two of somebody else" });
    await row.hover();
    await row.getByRole("combobox").selectOption("in_progress");
    await page.getByRole("region", { name: /In progress/ }).getByText("Two of somebody else").waitFor();
    assert.equal(await page.getByRole("button", { name: /updates?$/ }).count(), 0);
  });

  for (const [width, height] of [[1280, 800], [390, 844]]) {
    const look = await browser.newContext({ viewport: { width, height }, reducedMotion: "reduce", storageState: await context.storageState() });
    look.setDefaultTimeout(PATIENCE_MS);
    const tab = await look.newPage();
    const seen = watch(tab, server.base);
    const run = (await world.api("/repos/fixture/analyses")).items[0].id;
    const pages = [
      ["repos", world.at("/w/home/repos")],
      ["overview", world.place("fixture")],
      ["insights", world.place("fixture", "/insights")],
      ["dependencies", world.place("fixture", "/dependencies")],
      ["hotspots", world.place("fixture", "/hotspots?view=table")],
      ["ownership", world.place("fixture", "/ownership")],
      ["history", world.place("fixture", "/history")],
      ["run", world.place("fixture", `/runs/${run}`)],
      ["findings", world.place("fixture", "/findings?code=all")],
    ];
    for (const [name, address] of pages) {
      await step(`${name}, ${width} px`, async () => {
        await tab.goto(address);
        await settled(tab);
        for (const theme of ["light", "dark"]) {
          await tab.emulateMedia({ colorScheme: theme });
          await tab.waitForFunction((wanted) => document.documentElement.dataset.theme === wanted, theme);
          await checkpoint(`figures-${name}-${theme}-${width}`, { target: tab, seen });
        }
        if (width < 640 && name === "dependencies") {
          // What has a column on a wide screen has a line on a narrow one.
          for (const word of ["Licence: MIT", "Runtime", "could not check"]) await tab.getByText(word).first().waitFor();
        }
      }, { alone: true });
    }
    await look.close();
  }
}
