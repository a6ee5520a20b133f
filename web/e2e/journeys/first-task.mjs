// Journey 1 of the experience design.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { axe, watch } from "../lib/browser.mjs";
import { HARD, makeFixture } from "../lib/fixture.mjs";
import { begin as analyse, ended, lookNothingUp } from "../lib/wizard.mjs";
import { settled } from "../lib/world.mjs";

export const title = "from the printed link to the first task";

export async function run({ step, begin, browser }) {
  const world = await begin();
  const { server, page, context, checkpoint, heading } = world;
  const fixture = join(server.folder, "fixture");
  makeFixture(fixture);
  let makeTitle = "";

  await step("the printed link signs in, and its token leaves the address", async () => {
    await world.enter();
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
    await page.getByRole("option").first().waitFor({ state: "hidden" });
  });

  await step("the question about vulnerabilities is asked and answered", async () => {
    await lookNothingUp(world);
    await checkpoint("source-chosen");
  });

  await step("the analysis runs in eight phases and ends", async () => {
    await analyse(world);
    const run = page.getByRole("article", { name: "fixture" });
    await run.waitFor();
    await run.getByRole("listitem").filter({ hasText: /Files and commits|Languages|Structure|Rules|Security|Quality|Insights|Save/ }).nth(7).waitFor();
    const before = Number(await page.getByRole("progressbar").getAttribute("aria-valuenow"));
    await page.reload();
    await run.waitFor();
    const after = Number(await page.getByRole("progressbar").getAttribute("aria-valuenow"));
    assert.ok(after >= before, `${after} after the reload, ${before} before`);
    await ended(world);
    // Nobody looked for vulnerabilities, so nobody may count them.
    assert.doesNotMatch(await run.innerText(), /\b\d+ vulnerable dependenc/);
    await checkpoint("progress");
  });

  await step("results show insights with evidence, effort and check", async () => {
    await page.getByRole("button", { name: "Show results" }).click();
    await heading("Results");
    const cards = page.getByRole("article");
    await cards.first().waitFor();
    const count = await cards.count();
    assert.ok(count >= 1, `${count} insights`);
    for (let index = 0; index < count; index += 1) {
      const evidence = cards.nth(index).getByRole("list", { name: "Evidence" }).getByRole("listitem");
      assert.ok((await evidence.count()) >= 2, `insight ${index + 1} has too little evidence`);
    }
    await page.locator("#page").getByText(/from \d of 7 parts/).first().waitFor();
    await page.getByRole("heading", { name: /What was not measured/ }).first().waitFor();
    await checkpoint("results");
  });

  await step("nothing says that there are no vulnerabilities when nobody looked", async () => {
    await page.locator("#page").getByText(/could not check/i).first().waitFor();
    const text = await page.locator("#page").innerText();
    assert.doesNotMatch(text, /\b(0|no) (known )?vulnerab/i);
  });

  await step("the grade explains itself and its parts add up", async () => {
    await page.getByRole("button", { name: /^Explain: Quality grade/ }).first().click();
    const popover = page.getByRole("group", { name: /Explain/ });
    await popover.waitFor();
    await popover.locator("[data-score]").waitFor();
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
    // What M does comes after what the card says.
    await card.getByRole("button", { name: "Make task" }).waitFor();
    await card.focus();
    await page.keyboard.press("m");
    await card.getByRole("link", { name: /To do/ }).waitFor();
    await world.chord("g", "t");
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
    // What follows is done to the row at its new place, once nothing moves it any more.
    const moved = page.waitForResponse((response) => response.request().method() === "PATCH");
    await row.getByRole("combobox").selectOption("in_progress");
    await moved;
    await page.getByRole("region", { name: /In progress/ }).getByText("Write the runbook").waitFor();
    await settled(page);
    await row.hover();
    await row.getByRole("button", { name: /Delete/ }).click();
    await row.waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Undo" }).click();
    await row.waitFor();
  });

  await step("a change in one window shows in another without reload", async () => {
    const other = await context.newPage();
    const seen = watch(other, server.base);
    await other.goto(world.at("/w/home/tasks"));
    await other.getByText("Write the runbook").waitFor();
    await other.locator("nav [role=status]", { hasText: "Live" }).first().waitFor();
    await page.getByRole("textbox", { name: "New task" }).fill("Seen by everyone");
    await page.keyboard.press("Enter");
    await other.getByText("Seen by everyone").waitFor();
    assert.deepEqual(seen, []);
    await other.close();
  });

  await step("signing out ends the session", async () => {
    await page.getByRole("button", { name: /^Account/ }).first().click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await heading(/^Point it at your repositories/);
    await checkpoint("signed-out");
    await page.goto(world.at("/w/home/repos"));
    await heading("Sign in");
    await page.getByText("devmentor link").waitFor();
  });
}
