// Nobody touches a mouse here.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { axe } from "../lib/browser.mjs";
import { makeFixture } from "../lib/fixture.mjs";
import { FIRST_VALUE_MS } from "../lib/world.mjs";

export const title = "from the link to a task by keyboard alone";

/** Tab stops that one page may have before something is found. */
const PATIENCE = 60;

export async function run({ step, begin }) {
  const world = await begin();
  const { server, page, checkpoint } = world;
  makeFixture(join(server.folder, "fixture"));
  const keys = page.keyboard;

  /** What has the focus: its role or tag, and its name. */
  const focused = () =>
    page.evaluate(() => {
      const element = document.activeElement;
      const label = element?.labels?.[0]?.innerText ?? element?.getAttribute("aria-label") ?? element?.textContent ?? "";
      return `${element?.getAttribute("role") ?? element?.localName}${element?.type === "radio" ? " radio" : ""}: ${label.trim()}`;
    });
  /** Waits until something of that name has the focus: it goes back after what had it is gone. */
  const focusOn = (name) => world.until(`the focus on ${name}`, async () => (await focused()) === name);
  /** Presses a key until the focus is on something of that name. */
  async function reach(words, key = "Tab") {
    const seen = [];
    for (let presses = 0; presses < PATIENCE; presses += 1) {
      const at = await focused();
      if (words.test(at)) return at;
      seen.push(at.slice(0, 40));
      await keys.press(key);
    }
    throw new Error(`${words} is not reached; the focus was on ${seen.join(" | ")}`);
  }
  /** Whether what has the focus shows it. */
  const visible = () =>
    page.evaluate(() => {
      const style = getComputedStyle(document.activeElement);
      const marked = document.activeElement.closest(":has(:focus-visible)") !== null;
      return document.activeElement.matches(":focus-visible") && (style.outlineStyle !== "none" || style.boxShadow !== "none" || marked);
    });

  await step("the folder is typed, completed and added", async () => {
    await world.enter();
    await reach(/^combobox: Folder/);
    assert.ok(await visible());
    await keys.type(`${server.folder}/fix`);
    await page.getByRole("option", { name: /fixture/ }).waitFor();
    await keys.press("ArrowDown");
    await keys.press("Enter");
    await page.getByText(/Git repository, branch main/).first().waitFor();
    await keys.press("Enter");
    await page.getByRole("region", { name: "Chosen" }).waitFor();
  });

  await step("the question is answered with the arrows", async () => {
    await page.getByRole("group", { name: "Known vulnerabilities" }).waitFor();
    await reach(/radio: Online look-up/);
    await keys.press("ArrowDown");
    assert.match(await focused(), /radio: Not at all/);
    assert.equal(await page.getByRole("radio", { name: /Not at all/ }).isChecked(), true);
  });

  await step("the analysis begins and ends, and the results are opened", async () => {
    await reach(/button: Analyse repository/);
    await keys.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Analysis finished" }).waitFor({ timeout: FIRST_VALUE_MS });
    await reach(/button: Show results/);
    await keys.press("Enter");
    await world.heading("Results");
    // The panels come after the page: without them there is nothing to go to yet.
    await page.getByRole("button", { name: /Explain/ }).first().waitFor();
    await page.getByRole("article").first().getByRole("button", { name: "Make task" }).waitFor();
  });

  await step("the grade is explained, and Escape gives the focus back", async () => {
    const name = await reach(/button: Explain/);
    await keys.press("Enter");
    await page.getByRole("group", { name: /Explain/ }).waitFor();
    await keys.press("Escape");
    await page.getByRole("group", { name: /Explain/ }).waitFor({ state: "hidden" });
    await focusOn(name);
  });

  await step("evidence opens beside the page, and Escape gives the focus back", async () => {
    const link = await reach(/^a: .*\.(ts|env|py|json)/);
    await keys.press("Enter");
    await page.getByRole("complementary").waitFor();
    await page.getByRole("complementary").locator("[data-marked=true]").first().waitFor();
    await keys.press("Escape");
    await page.getByRole("complementary").waitFor({ state: "hidden" });
    await focusOn(link);
  });

  await step("J goes to an insight, M makes it a task, G T shows the list", async () => {
    await keys.press("Escape");
    await page.getByRole("heading", { level: 1 }).evaluate((heading) => heading.focus());
    await keys.press("j");
    assert.match(await focused(), /^article/);
    const made = (await page.locator("article:focus h3").innerText()).trim();
    await keys.press("m");
    await page.locator("article:focus").getByRole("link", { name: /To do/ }).waitFor();
    await world.chord("g", "t");
    await world.heading("Tasks");
    await page.getByText(made).first().waitFor();
    await checkpoint("keyboard-tasks");
  });

  await step("a task is opened, given another state, and closed", async () => {
    await page.getByRole("heading", { level: 1 }).evaluate((heading) => heading.focus());
    await keys.press("j");
    await keys.press("Enter");
    const peek = page.getByRole("complementary");
    await peek.waitFor();
    await reach(/^select/);
    await keys.press("ArrowDown");
    await page.getByRole("region", { name: /In progress/ }).waitFor();
    await keys.press("Escape");
    await peek.waitFor({ state: "hidden" });
  });

  await step("the keyboard map opens and closes, and every page is a key away", async () => {
    await keys.press("?");
    const map = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await map.getByRole("region", { name: "Lists and tables" }).waitFor();
    assert.equal(await map.getByRole("region", { name: "Diagram" }).count(), 0, "the map is that of this page");
    await checkpoint("keyboard-map");
    await keys.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await world.chord("g", "r");
    await world.heading("Repositories");
    await page.getByRole("table").waitFor();
    await keys.press("j");
    await keys.press("Enter");
    await world.heading("fixture");
    for (const [key, path] of [["2", "insights"], ["3", "findings"], ["4", "dependencies"], ["5", "architecture"], ["6", "hotspots"], ["7", "ownership"], ["8", "code"], ["9", "history"], ["1", "?$"]]) {
      await keys.press(key);
      await page.waitForURL(new RegExp(`/fixture/?${path}`));
    }
  });

  await step("every other key of the map does what the map says", async () => {
    await page.goto(world.place("fixture", "/findings"));
    await page.getByRole("table").waitFor();
    await keys.press("/");
    assert.match(await focused(), /Search findings/);
    await keys.type("j/?c");
    assert.equal(await page.getByRole("searchbox").inputValue(), "j/?c", "keys are letters while something is typed");
    await page.getByRole("searchbox").fill("");
    await page.getByRole("heading", { level: 1 }).evaluate((heading) => heading.focus());
    await keys.press("j");
    await keys.press("j");
    const second = await focused();
    await keys.press("k");
    assert.notEqual(await focused(), second);
    await keys.press("Enter");
    await page.getByRole("complementary").waitFor();
    await keys.press("]");
    await page.getByRole("complementary").waitFor({ state: "hidden" });

    const sidebar = page.getByRole("button", { name: "Unfold the sidebar" });
    await keys.press("[");
    await sidebar.waitFor();
    await keys.press("[");
    await sidebar.waitFor({ state: "hidden" });

    await keys.press("5");
    const drawing = page.getByRole("application");
    await drawing.waitFor();
    await keys.press("?");
    await page.getByRole("dialog").getByRole("region", { name: "Diagram" }).waitFor();
    await keys.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await keys.press("t");
    await page.getByRole("table").waitFor();
    await keys.press("t");
    await drawing.waitFor();

    await keys.press("2");
    await page.getByRole("button", { name: /^Dismiss/ }).first().waitFor();
    await page.getByRole("heading", { level: 1 }).evaluate((heading) => heading.focus());
    await keys.press("j");
    await keys.press("d");
    await page.getByRole("dialog", { name: /Dismiss this insight/ }).waitFor();
    await keys.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });

    await page.getByRole("button", { name: "Analyse now" }).waitFor();
    await keys.press("r");
    await world.until("the analysis that R starts", async () => (await world.api("/repos/fixture/analyses")).items.length > 1);
    await keys.press("c");
    await world.heading("Tasks");
    await page.locator("#new-task:focus").waitFor();
  });

  await step("what is typed before the palette is fetched is not lost, and it is fetched before anybody asks", async () => {
    const palette = page.getByRole("dialog", { name: "Search or run a command" });
    let asked = 0;
    let letThrough;
    const open = new Promise((resolve) => (letThrough = resolve));
    const built = JSON.parse(readFileSync(new URL("../../dist/.vite/manifest.json", import.meta.url), "utf8"));
    const part = `**/${built["src/app/palette.tsx"].file}`;
    await page.route(part, async (route) => {
      asked += 1;
      await open;
      await route.continue();
    });
    await page.goto(world.place("fixture"));
    await page.getByRole("article").first().waitFor();
    await world.until("the palette is asked for while nothing is done", () => asked > 0);
    await keys.press("Control+k");
    await palette.getByRole("textbox").waitFor();
    await keys.type("hist");
    assert.equal(await palette.getByRole("combobox").count(), 0, "the palette is not there yet");
    assert.deepEqual(await axe(page), []);
    letThrough();
    await palette.getByRole("combobox").waitFor();
    assert.equal(await palette.getByRole("combobox").inputValue(), "hist");
    // The field has the focus and the caret behind what was typed.
    await keys.type("ory");
    await palette.locator("[role=option][aria-selected=true]").filter({ hasText: "History" }).waitFor();
    await page.unroute(part);
    await keys.press("Enter");
    await page.waitForURL(/\/fixture\/history/);
  });

  await step("the palette goes to pages, repositories and tasks, and runs commands, from wherever the focus is", async () => {
    const palette = page.getByRole("dialog", { name: "Search or run a command" });
    const option = (name) => palette.getByRole("option", { name });
    /** Opens the palette, types, and takes what is chosen then. */
    const take = async (words, name) => {
      await keys.press("Control+k");
      await palette.waitFor();
      await keys.type(words);
      await palette.locator("[role=option][aria-selected=true]").filter({ hasText: name }).waitFor();
      await keys.press("Enter");
      await palette.waitFor({ state: "hidden" });
    };
    await page.goto(world.place("fixture"));
    await page.getByRole("article").first().waitFor();
    await keys.press("Control+k");
    await option(/^Analyse now/).waitFor();
    await checkpoint("palette");
    await keys.type("nothing of that name");
    await palette.getByRole("option", { name: /Search the findings/ }).waitFor();
    await keys.press("Escape");
    await palette.waitFor({ state: "hidden" });

    await take("histo", "History");
    await page.waitForURL(/\/fixture\/history/);
    await take("minimist", "Search the findings for “minimist”");
    await page.waitForURL(/\/fixture\/findings\?q=minimist/);
    await page.getByRole("searchbox").focus();
    await take("new ta", "New task");
    await page.locator("#new-task:focus").waitFor();
    await take("fixture", "fixture");
    await world.heading("fixture");
    const saved = await page.evaluate(async () => {
      const sent = { title: "Ports above 9000", text: "The proxy takes the others.", kind: "note", scope: "workspace", tags: [], evidence: [] };
      const headers = { "content-type": "application/json", "idempotency-key": crypto.randomUUID() };
      const reply = await fetch("/api/v1/w/home/memories", { method: "POST", headers, body: JSON.stringify(sent) });
      return [reply.status, await reply.text()];
    });
    assert.equal(saved[0], 201, saved[1]);
    // What the server finds arrives above what was there, and takes nobody's choice away: Home goes to it.
    await keys.press("Control+k");
    await palette.waitFor();
    await keys.type("ports abo");
    await option(/Ports above 9000/).waitFor();
    await keys.press("Home");
    await palette.locator("[role=option][aria-selected=true]").filter({ hasText: "Ports above 9000" }).waitFor();
    await keys.press("Enter");
    await palette.waitFor({ state: "hidden" });
    await page.waitForURL(/\/memory\?peek=memory/);
    await keys.press("Control+k");
    await keys.type("@");
    await palette.getByRole("group", { name: "People" }).getByRole("option").first().waitFor();
    assert.deepEqual(await palette.getByRole("group").filter({ visible: true }).count(), 1, "nobody but people");
    await checkpoint("palette-people");
    await keys.press("Escape");
    await palette.waitFor({ state: "hidden" });
    await take("fixture", "fixture");
    await world.heading("fixture");
    await take(">theme: dark", "Theme: Dark");
    await page.locator("html[data-theme=dark]").waitFor();
    await keys.press("Control+k");
    await palette.waitFor();
    await checkpoint("palette-dark");
    await keys.press("Escape");
    await take("theme: sys", "Theme: System");
    await take("keyboard", "Keyboard shortcuts");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    await keys.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
  });

  await step("single keys can be switched off, and everything is still reached", async () => {
    const map = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    const single = map.getByRole("checkbox", { name: /Single letters/ });
    await keys.press("?");
    await single.uncheck();
    await keys.press("Escape");
    await map.waitFor({ state: "hidden" });
    await keys.press("c");
    await keys.press("?");
    await keys.press("Control+k");
    await page.getByRole("dialog", { name: "Search or run a command" }).waitFor();
    assert.equal(await page.getByRole("dialog").count(), 1, "a single key did something");
    await world.heading("fixture");
    await keys.type("keyboard");
    await page.locator("[role=option][aria-selected=true]").filter({ hasText: "Keyboard shortcuts" }).waitFor();
    await keys.press("Enter");
    await single.check();
    await keys.press("Escape");
    await map.waitFor({ state: "hidden" });
    await keys.press("c");
    await world.heading("Tasks");
  });

  await step("the diagram is walked, moved, zoomed and opened by keys", async () => {
    await page.goto(world.place("fixture", "/architecture"));
    const drawing = page.getByRole("application");
    await drawing.focus();
    const state = () =>
      drawing.evaluate((frame) => ({
        scale: Number(frame.querySelector("svg").dataset.scale),
        at: frame.querySelector("svg > g:last-child").getAttribute("transform"),
        on: frame.getAttribute("aria-activedescendant"),
        near: frame.querySelectorAll("[data-near]").length,
      }));
    const before = await state();
    await keys.press("ArrowDown");
    const walked = await state();
    assert.notEqual(walked.on, before.on);
    assert.ok(walked.near > 0, "the ways of the module stand out");
    await keys.press("Shift+ArrowRight");
    assert.notEqual((await state()).at, walked.at);
    await keys.press("PageUp");
    assert.ok((await state()).scale > before.scale);
    await keys.press("PageDown");
    await keys.press("PageDown");
    assert.ok((await state()).scale < before.scale);
    // However far away: nothing is written smaller than this.
    for (let presses = 0; presses < 6; presses += 1) await keys.press("PageDown");
    const letters = await drawing.evaluate((frame) => Math.min(...[...frame.querySelectorAll("text:first-of-type")].map((text) => Number(text.getAttribute("font-size")) * Number(frame.querySelector("svg").dataset.scale))));
    assert.ok(letters >= 9.9, `${letters} px`);
    await keys.press("0");
    assert.equal((await state()).scale, before.scale);
    await keys.press("Space");
    await page.getByRole("complementary").waitFor();
    await checkpoint("diagram-module");
  });
}
