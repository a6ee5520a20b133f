// Folders and an address at once: each has its own progress and its own results.
import assert from "node:assert/strict";
import { join } from "node:path";

import { makeFixture } from "../lib/fixture.mjs";
import { startGitHost } from "../lib/git-host.mjs";
import { git, repository } from "../lib/git.mjs";
import { overhear } from "../lib/stream.mjs";
import { addFolder, addUrl, begin as analyse, ended, lookNothingUp, results } from "../lib/wizard.mjs";

export const title = "two folders and a Git address at once";

/** The phases of every analysis; those that are left out are not told. */
const PHASES = 5;
const NAMES = ["fixture", "notes", "tool"];

export async function run({ step, begin, keep }) {
  const host = keep(await startGitHost());
  const world = await begin({ config: { repositories: host.settings } });
  const { server, page, context, checkpoint } = world;
  const [fixture, notes, tool] = NAMES.map((name) => join(server.folder, name));
  makeFixture(fixture);
  repository(notes, { "README.md": "# Notes\n", "notes.py": "def count(rows):\n    return len(rows)\n" });
  repository(tool, { "go.mod": "module example.invalid/tool\n\ngo 1.22\n", "main.go": "package main\n\nfunc main() {}\n" });
  host.offer(tool, "team/tool.git");
  await overhear(context);
  const head = git(tool, 0, "rev-parse", "HEAD");

  await step("folders and an address stand on one list", async () => {
    await world.enter();
    await addFolder(world, fixture, "fixture");
    await addFolder(world, notes, "notes");
    await addUrl(world, host.address("team/tool.git"), "tool");
    await world.counts(page.getByRole("region", { name: "Chosen" }).getByRole("listitem"), 3);
    await lookNothingUp(world);
    await page.locator("nav [role=status]").filter({ hasText: "Live" }).first().waitFor();
    await checkpoint("several-chosen");
  });

  await step("one of them can be taken off the list and put back", async () => {
    const list = page.getByRole("region", { name: "Chosen" });
    await list.getByRole("button", { name: "Remove notes" }).click();
    await world.counts(list.getByRole("listitem"), 2);
    await addFolder(world, notes, "notes");
  });

  await step("each has its own progress, and none ever goes back", async () => {
    await analyse(world);
    await page.evaluate(() => {
      const seen = (window.seen = {});
      const look = () => {
        for (const bar of document.querySelectorAll("[role=progressbar]")) {
          const name = bar.closest("article")?.getAttribute("aria-label");
          const values = (seen[name] ??= []);
          const value = Number(bar.getAttribute("aria-valuenow"));
          if (values.at(-1) !== value) values.push(value);
        }
      };
      look();
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
    });
    await ended(world);
    const seen = await page.evaluate(() => window.seen);
    assert.deepEqual(Object.keys(seen).sort(), NAMES);
    for (const name of NAMES) {
      assert.deepEqual(seen[name], [...seen[name]].sort((a, b) => a - b), name);
      assert.equal(seen[name].at(-1), 100, name);
      await page.getByRole("article", { name }).getByText("Done", { exact: true }).waitFor();
    }
    // A loaded browser may paint only the last of several signs: what counts is that it was told each.
    const phases = (await page.evaluate(() => window.heard)).filter((frame) => frame.event?.type === "analysis.phase_finished");
    const runs = [...new Set(phases.map((frame) => frame.event.analysis))];
    const told = runs.map((run) => phases.filter((frame) => frame.event.analysis === run).length);
    assert.ok(told.length === NAMES.length && told.every((count) => count >= PHASES), `phases told: ${told}`);
    await checkpoint("several-progress");
  });

  await step("the results name all three", async () => {
    await results(world);
    await page.getByText("3 repositories analysed").waitFor();
    for (const name of NAMES) await page.getByRole("heading", { level: 2, name, exact: true }).waitFor();
    for (const name of NAMES) await page.getByRole("heading", { name: `What was not measured: ${name}` }).waitFor();
    await page.getByRole("article").first().waitFor();
    for (const article of await page.getByRole("article").all()) {
      const [name] = await article.getByRole("link", { name: new RegExp(`^(${NAMES.join("|")})$`) }).allInnerTexts();
      assert.ok(NAMES.includes(name), `a card names its repository: ${name}`);
    }
    await checkpoint("several-results");
  });

  await step("the copied repository was read at its newest commit", async () => {
    await page.getByRole("link", { name: "tool", exact: true }).click();
    await world.heading("tool");
    await page.getByText("Go", { exact: true }).first().waitFor();
    const report = await world.api("/repos/tool/report");
    assert.equal(report.data.commit.id, head);
    assert.equal(report.data.coverage.files, 2);
    await checkpoint("several-copied");
  });

  await step("the list has the three, with where each comes from", async () => {
    await page.goto(world.at("/w/home/repos"));
    await page.getByRole("table").waitFor();
    const rows = await page.locator("tbody tr").allInnerTexts();
    assert.equal(rows.length, 3);
    for (const from of [fixture, notes, host.address("team/tool.git")]) {
      assert.ok(rows.some((row) => row.includes(from)), `${from} in ${rows}`);
    }
  });
}
