// What people do with a report: take it along, mend something, put something away, remove the repository.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { makeFixture } from "../lib/fixture.mjs";
import { commit, write } from "../lib/git.mjs";
import { analysed } from "../lib/wizard.mjs";

export const title = "exports, runs, a mended insight, a dismissed one, a removed repository";

export async function run({ step, begin }) {
  const world = await begin();
  const { server, page, checkpoint } = world;
  const fixture = join(server.folder, "fixture");
  makeFixture(fixture);
  await analysed(world, [fixture, "fixture"]);

  /** What the browser saves when an export is chosen. */
  async function download(name) {
    await page.getByRole("button", { name: "Export", exact: true }).click();
    const saving = page.waitForEvent("download");
    await page.getByRole("link", { name }).click();
    const saved = await saving;
    return { name: saved.suggestedFilename(), content: JSON.parse(readFileSync(await saved.path(), "utf8")) };
  }

  await step("the report is saved as JSON and holds what the page shows", async () => {
    await page.goto(world.place("fixture"));
    const { name, content } = await download(/Report \(JSON\)/);
    assert.match(name, /^fixture.*\.json$/);
    const shown = await world.api("/repos/fixture/report");
    assert.equal(content.commit.id, shown.data.commit.id);
    assert.equal(content.coverage.files, shown.data.coverage.files);
    assert.ok(content.findings.length > 0 && content.insights.length > 0);
  });

  await step("the findings are saved as SARIF: each has a rule, a place in the repository and a fingerprint", async () => {
    const { name, content } = await download(/Findings \(SARIF\)/);
    assert.match(name, /^fixture.*\.sarif$/);
    assert.equal(content.version, "2.1.0");
    const [sarif] = content.runs;
    const rules = new Set(sarif.tool.driver.rules.map((rule) => rule.id));
    assert.ok(sarif.results.length > 0);
    for (const each of sarif.results) {
      assert.ok(rules.has(each.ruleId), each.ruleId);
      const { artifactLocation, region } = each.locations[0].physicalLocation;
      const lines = readFileSync(join(fixture, decodeURIComponent(artifactLocation.uri)), "utf8").split("\n").length;
      assert.ok(region === undefined || (region.startLine >= 1 && region.startLine <= lines), JSON.stringify(each.locations[0]));
      assert.ok(Object.keys(each.partialFingerprints).length > 0);
    }
    assert.equal(new Set(sarif.results.map((each) => JSON.stringify(each.partialFingerprints))).size, sarif.results.length);
  });

  await step("the packages are saved as CycloneDX: each once, and every reference leads somewhere", async () => {
    const { name, content } = await download(/Dependencies \(CycloneDX\)/);
    assert.match(name, /^fixture.*\.cdx\.json$/);
    assert.equal(content.bomFormat, "CycloneDX");
    assert.match(content.specVersion, /^1\.\d$/);
    const refs = content.components.map((each) => each["bom-ref"]);
    assert.equal(new Set(refs).size, refs.length);
    assert.ok(content.components.some((each) => each.purl === "pkg:npm/minimist@1.2.5"));
    const known = new Set([...refs, content.metadata.component?.["bom-ref"]]);
    for (const { ref, dependsOn = [] } of content.dependencies ?? []) {
      for (const each of [ref, ...dependsOn]) assert.ok(known.has(each), `${each} is nowhere`);
    }
  });

  await step("a run tells its phases, what became known, and what it left out", async () => {
    await page.goto(world.place("fixture", "/history"));
    await page.getByRole("table").first().waitFor();
    await page.locator("[data-row]").first().click();
    await page.waitForURL(/\/runs\//);
    await page.getByText("Save the results").first().waitFor();
    assert.equal(await page.getByRole("progressbar").getAttribute("aria-valuenow"), "100");
    await page.getByText("41 commits", { exact: false }).first().waitFor();
    await page.getByText("No file was left out.").waitFor();
    await checkpoint("run");
  });

  const card = (words) => page.getByRole("article").filter({ hasText: words });
  const EVAL = /eval/;

  await step("a check that is run before anything was mended does not pass", async () => {
    await page.goto(world.place("fixture", "/insights"));
    await card(EVAL).getByRole("button", { name: "Run check" }).click();
    await page.getByText("Check not passed yet").waitFor();
  });

  await step("the file is mended and analysed: the insight closes by itself", async () => {
    const server_ts = "src/web/server.ts";
    const text = readFileSync(join(fixture, server_ts), "utf8");
    assert.match(text, EVAL);
    write(fixture, server_ts, text.replace("eval(request.query.code)", "request.path"));
    commit(fixture, 42, "Run nothing that strangers send");
    await page.getByRole("button", { name: "Analyse now" }).click();
    await card(EVAL).getByText("Closed: its check passed").waitFor({ timeout: 60_000 });
    await checkpoint("insight-closed");
  });

  await step("the history says what became of the score", async () => {
    const [now, before] = (await world.api("/repos/fixture/analyses")).items.map((each) => each.summary.score);
    const change = now === before ? "as before" : now > before ? `${now - before} more` : `${before - now} fewer`;
    await page.goto(world.place("fixture", "/history"));
    await page.locator("tbody tr").first().getByRole("cell", { name: `${now} ${change}` }).waitFor();
    await checkpoint("history-two");
    await page.goto(world.place("fixture", "/insights"));
    await page.getByRole("article").first().waitFor();
  });

  await step("the places of a duplicate open beside the page, and folders of one person are marked", async () => {
    await page.goto(world.place("fixture", "/hotspots"));
    const copies = page.getByRole("region", { name: "Code that stands in several places" });
    await copies.getByRole("link").first().click();
    await page.getByRole("complementary").locator("[data-marked=true]").first().waitFor();
    await page.keyboard.press("Escape");
    await page.goto(world.place("fixture", "/ownership"));
    await page.getByText(/one person alone made more than half of the changes/).waitFor();
    const folders = page.getByRole("region", { name: "Who knows what" });
    await folders.getByText("one person", { exact: true }).filter({ visible: true }).first().waitFor();
    await folders.getByRole("listitem").filter({ hasText: /^Fixture One\s\d+\s%$/, visible: true }).first().waitFor();
    await checkpoint("hotspots-spread");
  });

  await step("without a person the folders that would miss them say so, and who to ask next; the address keeps it", async () => {
    const person = (name) => page.getByRole("group", { name: /Who is away/ }).getByRole("button", { name });
    await person("Fixture One").click();
    await page.waitForURL(/away=/);
    await page.getByText(/^Without Fixture One, those who stay know the smaller part of \d+ of \d+ folders?/).waitFor();
    await page.getByText(/^Ask next: Fixture Two, who made \d+ % of the changes, the last /).filter({ visible: true }).first().waitFor();
    await page.getByRole("button", { name: /^Create \d+ transfer tasks?$/ }).click();
    const dialog = page.getByRole("dialog", { name: "Transfer tasks" });
    await dialog.getByRole("checkbox").first().waitFor();
    const wanted = await dialog.getByRole("checkbox").count();
    assert.ok(wanted > 0);
    await checkpoint("transfer-tasks");
    if (wanted > 1) await dialog.getByRole("checkbox").first().uncheck();
    const count = Math.max(1, wanted - 1);
    await dialog.getByRole("button", { name: `Create ${count} ${count === 1 ? "task" : "tasks"}` }).click();
    await page.getByText(`${count} ${count === 1 ? "task" : "tasks"} created`).waitFor();
    const made = (await world.api("/tasks")).items.filter((task) => task.title.startsWith("Have Fixture Two learn "));
    assert.equal(made.length, count);
    assert.match(made[0].description, /without Fixture One, \d+ % of its changes/);
    await page.reload();
    await person("Fixture Two").click();
    await page.getByText("Nobody else changed it").filter({ visible: true }).first().waitFor();
    await checkpoint("hotspots-away");
    await page.getByRole("button", { name: "Nobody is away" }).click();
    await page.getByText(/one person alone made more than half of the changes/).waitFor();
    assert.doesNotMatch(page.url(), /away=/);
  });

  await step("a hotspot says which of its functions change", async () => {
    await page.goto(world.place("fixture", "/hotspots?view=table"));
    await page.locator("[data-row]").first().click();
    const peek = page.getByRole("complementary");
    await peek.getByText("Functions that change most").waitFor();
    await peek.getByText("settle", { exact: true }).first().waitFor();
    await checkpoint("hotspot-peek");
    const written = peek.getByRole("link", { name: /^Commit [0-9a-f]+$/ });
    await written.first().click();
    await page.waitForURL(/peek=commit/);
    await peek.getByText(/^\d+ files? changed$/).waitFor();
    await checkpoint("commit-peek");
    await page.goBack();
    await peek.getByText("Functions that change most").waitFor();
  });

  await step("hotspots of a shorter time are those of the server, and the map marks recent fixes", async () => {
    const { windows } = await world.api("/repos/fixture/hotspots");
    assert.deepEqual(windows, [91, 182, 365]);
    const half = await world.api("/repos/fixture/hotspots?window=182");
    await page.goto(world.place("fixture", "/hotspots?view=table"));
    await page.getByRole("group", { name: "Time" }).getByRole("button", { name: "6 months" }).click();
    await page.waitForURL(/window=182/);
    await page.getByText(new RegExp(`^(Share: .* )?.*in the 182 days before the newest commit`)).first().waitFor();
    if (half.items.length > 0) await world.counts(page.locator("[data-row]"), half.items.length);
    else await page.getByText(half.unranked).waitFor();
    await checkpoint("hotspots-half-year");
    await page.goto(world.place("fixture", "/hotspots?view=map"));
    const { items } = await world.api("/repos/fixture/hotspots");
    const fixed = items.some((each) => each.recent_fixes > 0);
    await page.getByRole("list", { name: "Files and folders by size" }).waitFor();
    assert.equal((await page.getByRole("list", { name: "Files and folders by size" }).locator(".hatched").count()) > 0, fixed);
    await checkpoint("hotspots-fixes");
    await page.goto(world.place("fixture", "/insights"));
    await page.getByRole("article").first().waitFor();
  });

  await step("an insight is put away with a reason", async () => {
    const open = page.getByRole("article").filter({ has: page.getByRole("button", { name: /^Dismiss/ }) });
    // The buttons come after the cards, all at once.
    await open.first().waitFor();
    const before = await open.count();
    const name = await open.first().getByRole("heading", { level: 3 }).innerText();
    await open.first().getByRole("button", { name: /^Dismiss/ }).click();
    const dialog = page.getByRole("dialog", { name: /Dismiss this insight/ });
    await dialog.getByRole("textbox").fill("It is generated code");
    await checkpoint("dismiss");
    await dialog.getByRole("button", { name: "Dismiss insight" }).click();
    await card(name).getByText("Insight dismissed").first().waitFor();
    await world.counts(open, before - 1);

    await page.getByRole("button", { name: "Undo" }).click();
    await card(name).getByRole("button", { name: /^Dismiss/ }).waitFor();
    await world.counts(open, before);
  });

  await step("a dismissed insight is brought back later", async () => {
    const open = page.getByRole("article").filter({ has: page.getByRole("button", { name: /^Dismiss/ }) });
    // The buttons come after the cards, all at once.
    await open.first().waitFor();
    const before = await open.count();
    const name = await open.first().getByRole("heading", { level: 3 }).innerText();
    await open.first().getByRole("button", { name: /^Dismiss/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Dismiss insight" }).click();
    await card(name).getByText("Insight dismissed").first().waitFor();
    await page.reload();
    await card(name).getByRole("button", { name: "Bring back" }).click();
    await card(name).getByRole("button", { name: /^Dismiss/ }).waitFor();
    await world.counts(open, before);
  });

  await step("a task opens beside the list with where it comes from", async () => {
    const open = page.getByRole("article").filter({ has: page.getByRole("button", { name: "Make task" }) });
    const name = (await open.first().getByRole("heading", { level: 3 }).innerText()).trim();
    await card(name).getByRole("button", { name: "Make task" }).click();
    await card(name).getByRole("link", { name: /To do/ }).waitFor();
    await page.goto(world.at("/w/home/tasks"));
    await page.getByRole("link", { name }).first().click();
    const peek = page.getByRole("complementary");
    await peek.getByRole("heading", { name }).waitFor();
    await peek.getByText("fixture").first().waitFor();
    await peek.getByRole("button", { name: /^(Write a|Edit) note$/ }).click();
    await peek.getByRole("textbox").fill("Ask the owner of the ledger first.");
    await peek.getByRole("button", { name: "Save note" }).click();
    await peek.getByText("Ask the owner of the ledger first.").waitFor();
    await checkpoint("task-peek");
  });

  await step("a repository is removed only when its name is typed", async () => {
    await page.goto(world.place("fixture", "/settings"));
    await page.getByRole("button", { name: "Remove repository…" }).click();
    const dialog = page.getByRole("dialog", { name: "Remove fixture?" });
    await dialog.getByText(/2 analyses/).waitFor();
    const remove = dialog.getByRole("button", { name: "Remove repository" });
    assert.equal(await remove.getAttribute("aria-disabled"), "true");
    await dialog.getByRole("textbox").fill("fixtur");
    assert.equal(await remove.getAttribute("aria-disabled"), "true");
    await dialog.getByRole("textbox").fill("fixture");
    await checkpoint("remove");
    const other = await world.context.newPage();
    await other.goto(world.place("fixture", "/insights"));
    await other.getByRole("article").first().waitFor();
    await remove.click();
    await world.heading("Repositories");
    await page.getByText("No repositories yet.", { exact: false }).waitFor();
    await other.getByRole("heading", { level: 1, name: "Repository removed" }).waitFor();
    await checkpoint("removed-elsewhere", { target: other });
    await other.getByRole("link", { name: "Go to repositories" }).click();
    await other.getByRole("heading", { level: 1, name: "Repositories" }).waitFor();
    await other.close();
  });

  await step("its tasks stay, and its pages are gone", async () => {
    await page.goto(world.at("/w/home/tasks"));
    await page.locator("[data-row]").first().waitFor();
    await page.goto(world.place("fixture"));
    await world.heading("Not found");
    assert.ok(existsSync(join(fixture, ".git", "HEAD")), "the repository itself was touched");
  });
}
