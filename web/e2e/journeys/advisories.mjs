// Every way to know about vulnerabilities, and what is said when there is none.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { makeFixture } from "../lib/fixture.mjs";
import { record, startOsv, writeMirror } from "../lib/osv.mjs";
import { addFolder, begin as analyse, ended, results } from "../lib/wizard.mjs";

export const title = "a mirror, an online look-up, or neither";

const OLD = "2024-10-01T00:00:00Z";
const RECENT = new Date(Date.now() - 2 * 24 * 3600 * 1000).toISOString();
/** A day as the pages write it. */
const day = (instant) => new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" }).format(Date.parse(instant));

const minimist = (modified) =>
  record("GHSA-test-mini-mist", { name: "minimist", fixed: "1.2.6", modified, summary: "Prototype pollution in minimist" });
const fixedLongAgo = (modified) =>
  record("GHSA-test-expr-gone", { name: "express", fixed: "4.0.0", modified, summary: "Gone since version 4" });
const express = record("GHSA-test-expr-ess0", { name: "express", fixed: "4.20.0", modified: RECENT, summary: "Open redirect in express" });

export async function run({ step, begin, keep }) {
  const osv = keep(await startOsv([express]));
  const world = await begin({ config: { advisories: osv.settings } });
  const { server, page, checkpoint } = world;
  const [fixture, wrong, old, recent] = ["fixture", "wrong", "old", "recent"].map((name) => join(server.folder, name));
  makeFixture(fixture);
  mkdirSync(wrong);
  writeMirror(old, [minimist(OLD), fixedLongAgo(OLD)]);
  writeMirror(recent, [minimist(RECENT), fixedLongAgo(RECENT)]);

  const button = page.getByRole("button", { name: "Analyse repository" });
  const open = async (path) => {
    await page.getByRole("textbox", { name: "Folder of the mirror" }).fill(path);
    await page.getByRole("button", { name: /^Import( newer)? mirror$/ }).click();
  };
  const dependencies = async () => {
    await page.goto(world.place("fixture", "/dependencies"));
    await page.getByRole("table").waitFor();
  };
  const row = (name) => page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
  const page_text = () => page.locator("#page").innerText();
  /** Analyses again and waits until another report is there than before. */
  const again = async () => {
    await page.goto(world.place("fixture"));
    const before = (await world.api("/repos/fixture/analyses")).total;
    await page.getByRole("button", { name: "Analyse now" }).click();
    await world.until("the new analysis is done", async () => {
      const { items, total } = await world.api("/repos/fixture/analyses");
      return total > before && items[0].state === "done";
    });
  };
  const choose = async (name) => {
    await page.goto(world.at("/start/source#advisories"));
    const saved = page.waitForResponse((reply) => reply.url().endsWith("/advisories/mode"));
    await page.getByRole("radio", { name }).check();
    assert.ok((await saved).ok());
  };

  await step("nothing begins before the question is answered", async () => {
    await world.enter();
    await addFolder(world, fixture, "fixture");
    await page.getByRole("group", { name: "Known vulnerabilities" }).waitFor();
    assert.equal(await button.getAttribute("aria-disabled"), "true");
    await checkpoint("advisories-question");
  });

  await step("a mirror without data is not taken for one; going on without has to be said", async () => {
    await page.getByRole("radio", { name: /Import a mirror/ }).check();
    await page.getByText(/Nothing is imported yet/).waitFor();
    assert.equal(await button.getAttribute("aria-disabled"), "true");
    await page.getByRole("checkbox", { name: /Go on without/ }).check();
    assert.notEqual(await button.getAttribute("aria-disabled"), "true");
    await page.getByRole("checkbox", { name: /Go on without/ }).uncheck();
  });

  await step("a folder that is no mirror is refused with the reason", async () => {
    await open(wrong);
    await page.getByRole("alert").filter({ hasText: /all\.zip|mirror/ }).waitFor();
    await checkpoint("advisories-refused");
  });

  await step("an old mirror is imported, and its age is said at once", async () => {
    await open(old);
    await page.getByText(/^2 records imported/).waitFor();
    await page.getByText(`npm · ${day(OLD)}`, { exact: false }).waitFor();
    await analyse(world);
    await ended(world);
    await results(world);
    await checkpoint("advisories-mirror");
  });

  await step("beside every answer from old data stands how old it is", async () => {
    await dependencies();
    await row("minimist").getByText(/GHSA-test-mini-mist|1 advisory/).filter({ visible: true }).first().waitFor();
    await row("express").getByText(`none known by ${day(OLD)}`).filter({ visible: true }).waitFor();
    await page.getByText(/cannot rule out known vulnerabilities/).first().waitFor();
    await checkpoint("advisories-outdated");
  });

  await step("a newer mirror is imported: first the page says to analyse again, then it says as of when", async () => {
    await page.goto(world.at("/start/source#advisories"));
    await open(recent);
    await page.getByText(`npm · ${day(RECENT)}`, { exact: false }).waitFor();
    await dependencies();
    await page.getByText(/Newer advisories were imported after this analysis/).waitFor();
    await again();
    await dependencies();
    await page.getByText(`Advisories as of ${day(RECENT)}.`).waitFor();
    await row("express").getByText("none known").filter({ visible: true }).waitFor();
  });

  await step("what is known of a package is suppressed or made a task in its panel", async () => {
    await dependencies();
    await row("minimist").getByRole("link", { name: "minimist", exact: true }).click();
    const peek = page.getByRole("complementary");
    await peek.getByRole("button", { name: "Suppress…" }).click();
    const dialog = page.getByRole("dialog", { name: "Suppress findings" });
    await dialog.getByRole("combobox", { name: "Kind of reason" }).selectOption("accepted_risk");
    await dialog.getByRole("textbox").fill("Only used while building");
    await checkpoint("dependency-suppress");
    await dialog.getByRole("button", { name: "Suppress 1 finding" }).click();
    await dialog.waitFor({ state: "hidden" });
    await peek.getByRole("button", { name: "Suppress…" }).waitFor({ state: "detached" });
    await world.until("the finding is suppressed", async () => {
      const { items } = await world.api("/repos/fixture/findings?kind=advisory&state=suppressed");
      return items.map((each) => each.package.name).join() === "minimist";
    });
    await peek.getByRole("button", { name: "Make task" }).click();
    const key = await peek.getByRole("link", { name: /DEV-\d+/ }).innerText();
    const tasks = (await world.api("/tasks")).items;
    assert.match(tasks.find((each) => key.includes(each.key)).title, /^Raise minimist 1\.2\.5/);
  });

  await step("the online look-up tells the names of packages and nothing else", async () => {
    await choose(/Online look-up/);
    await again();
    await dependencies();
    await page.getByText(/Looked up online on/).waitFor();
    await row("express").getByText(/GHSA-test-expr-ess0|1 advisory/).filter({ visible: true }).first().waitFor();
    const asked = osv.heard.filter(({ path }) => path === "/v1/querybatch").map(({ body }) => JSON.parse(body).queries);
    const names = asked.flat().map((query) => [Object.keys(query).join(), Object.keys(query.package).sort().join(), query.package.name]);
    assert.deepEqual(names.sort(), ["express", "minimist", "vitest"].map((name) => ["package", "ecosystem,name", name]));
    await checkpoint("advisories-online");
  });

  await step("a service that does not answer gives no all-clear", async () => {
    osv.state.broken = true;
    await again();
    await dependencies();
    await page.getByText(/[Cc]ould not check/).first().waitFor();
    assert.doesNotMatch(await page_text(), /none known/i);
    await checkpoint("advisories-unreachable");
  });

  await step("not at all: could not check, everywhere", async () => {
    await choose(/Not at all/);
    await again();
    for (const path of ["", "/dependencies"]) {
      await page.goto(world.place("fixture", path));
      await page.getByText(/[Cc]ould not check/).first().waitFor();
      assert.doesNotMatch(await page_text(), /none known|\b(0|no) (known )?vulnerab/i);
    }
    await page.goto(world.at("/w/home/repos"));
    await page.getByRole("button", { name: "Explain: Vulnerable, could not check" }).waitFor();
  });
}
