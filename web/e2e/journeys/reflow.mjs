// Narrow windows, large text, wider spacing, no colours, and the way of the focus through every page.
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { overflows } from "../lib/browser.mjs";
import { makeFixture } from "../lib/fixture.mjs";
import { analysed } from "../lib/wizard.mjs";
import { settled } from "../lib/world.mjs";

export const title = "320 px, text of 200 %, wider spacing, no colours, and Tab through every page";

const PAGES = {
  landing: "/",
  source: "/start/source",
  repos: "/w/home/repos",
  tasks: "/w/home/tasks",
  memory: "/w/home/memory",
  overview: "/w/home/repos/fixture",
  insights: "/w/home/repos/fixture/insights",
  findings: "/w/home/repos/fixture/findings",
  dependencies: "/w/home/repos/fixture/dependencies",
  architecture: "/w/home/repos/fixture/architecture",
  "architecture-table": "/w/home/repos/fixture/architecture?view=table",
  hotspots: "/w/home/repos/fixture/hotspots",
  ownership: "/w/home/repos/fixture/ownership",
  code: "/w/home/repos/fixture/code/src/settle.ts",
  history: "/w/home/repos/fixture/history",
  compare: "/w/home/repos/fixture/compare",
  settings: "/w/home/repos/fixture/settings",
  api: "/developers/api",
  missing: "/w/home/nothing/here",
};

const SHOTS = fileURLToPath(new URL("../shots/", import.meta.url));

/** Steps of the focus on one page: long lists go on like this. */
const STEPS = 45;

/** Sets the page's styles as a reader's own would: a policy about styles in pages does not bind readers. */
const style = (page, css) =>
  page.evaluate((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets = [sheet];
  }, css);

/** The four distances of WCAG 1.4.12. */
const SPACING = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }";

/** Texts of which a part can neither be seen nor be scrolled to. What ends in an ellipsis says that there is more. */
const cutOff = (page) =>
  page.evaluate(() => {
    const lost = [];
    const hides = (value) => value === "hidden" || value === "clip";
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (node.data.trim() === "" || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const text = range.getBoundingClientRect();
      if (text.width < 2 || text.height < 2) continue;
      // What scrolls shows the rest of what is in it.
      let [wide, high] = [true, true];
      for (let box = element; box && box !== document.documentElement; box = box.parentElement) {
        const look = getComputedStyle(box);
        if (/auto|scroll/.test(look.overflowX)) wide = false;
        if (/auto|scroll/.test(look.overflowY)) high = false;
        const frame = box.getBoundingClientRect();
        // For screen readers only, an ellipsis, so many lines, a drawing that is moved about.
        if (frame.width <= 1 || look.clipPath !== "none" || look.textOverflow === "ellipsis" || look.webkitLineClamp !== "none" || box.closest("svg, [role=application]")) break;
        const beside = wide && hides(look.overflowX) && (text.right > frame.right + 2 || text.left < frame.left - 2);
        const below = high && hides(look.overflowY) && (text.bottom > frame.bottom + 3 || text.top < frame.top - 3);
        if (beside || below) {
          lost.push(`${node.data.trim().slice(0, 60)} in ${box.localName}.${String(box.className).slice(0, 60)}`);
          break;
        }
        if (look.position === "fixed") break;
      }
    }
    return lost;
  });

/** Where the focus is, and whether it can be seen there. */
const focus = (page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const before = window.lastFocus;
    window.lastFocus = element;
    window.firstFocus ??= element;
    if (before && before !== element && element === window.firstFocus) return null;
    const name = `${element.localName}: ${(element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 40)}`;
    const box = element.getBoundingClientRect();
    const marks = [element, ...element.querySelectorAll("*"), element.parentElement, ...(element.labels ?? [])].some((each) => {
      const look = getComputedStyle(each);
      return (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0) || look.boxShadow !== "none";
    });
    // A field that is drawn by its label has no size of its own.
    const area = box.width > 2 && box.height > 2 ? box : (element.labels?.[0] ?? element.parentElement).getBoundingClientRect();
    const inside = area.bottom > 0 && area.right > 0 && area.top < innerHeight && area.left < innerWidth;
    const points = [0.5, 0.1, 0.9].map((part) => [area.left + area.width * part, area.top + Math.min(area.height / 2, 40)]);
    const seen = points.some(([x, y]) => {
      const top = document.elementFromPoint(Math.min(Math.max(x, 1), innerWidth - 1), Math.min(Math.max(y, 1), innerHeight - 1));
      return top !== null && (element.contains(top) || top === element.parentElement || [...(element.labels ?? [])].some((label) => label.contains(top)));
    });
    const order = !before?.isConnected || before === element || Boolean(before.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING);
    return { name, marks, inside, seen, order, again: before === element };
  });

export async function run({ step, begin }) {
  const world = await begin({ tolerated: /status of 404/ });
  const { server, page } = world;
  makeFixture(join(server.folder, "fixture"));
  await analysed(world, [join(server.folder, "fixture"), "fixture"]);
  const open = async (path) => {
    await page.goto(world.at(path));
    await page.getByRole("heading", { level: 1 }).first().waitFor({ state: "attached" });
    await settled(page);
  };
  const whole = async (what) => {
    assert.equal(await overflows(page), false, `${what}: wider than the window`);
    // The frame of a page scrolls down, and never to the side as well.
    const beside = await page.locator("#page").evaluateAll((all) => all.some((each) => each.scrollWidth > each.clientWidth + 1));
    assert.equal(beside, false, `${what}: the page scrolls in two directions`);
    assert.deepEqual(await cutOff(page), [], `${what}: cut off`);
  };

  await step("what is lost on purpose is noticed", async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await open(PAGES.overview);
    await style(page, "h1 { width: 20px; overflow: hidden; white-space: nowrap }");
    assert.deepEqual((await cutOff(page)).length, 1, "a heading without room");
    await style(page, "#page > * { min-width: 2000px }");
    await assert.rejects(whole("a page wider than its frame"), /two directions|wider/);
    await style(page, "* { outline: none !important; box-shadow: none !important }");
    await page.keyboard.press("Tab");
    assert.equal((await focus(page)).marks, false, "a focus without a mark");
    await style(page, "body::after { content: ''; position: fixed; inset: 0; z-index: 999; background: #fff }");
    await page.keyboard.press("Tab");
    assert.equal((await focus(page)).seen, false, "a focus below something");
    await page.keyboard.press("Tab");
    await focus(page);
    await page.keyboard.press("Shift+Tab");
    assert.equal((await focus(page)).order, false, "a focus that goes back");
  });

  for (const [name, path] of Object.entries(PAGES)) {
    await step(`${name}: nothing is lost at 320 px, with text of 200 %, and with wider spacing`, async () => {
      await page.setViewportSize({ width: 320, height: 640 });
      await open(path);
      await whole("320 px");
      await page.screenshot({ path: join(SHOTS, `reflow-320-${name}.png`) });
      await style(page, SPACING);
      await whole("320 px and wider spacing");
      await page.setViewportSize({ width: 1280, height: 800 });
      await settled(page);
      await whole("1280 px and wider spacing");
      // Twice the 14 px that the root has otherwise.
      await style(page, "html { font-size: 175% }");
      await settled(page);
      await whole("1280 px and text of 200 %");
      await page.screenshot({ path: join(SHOTS, `reflow-200-${name}.png`) });
    }, { alone: true });

    await step(`${name}: Tab goes through it in order, and the focus is seen everywhere`, async () => {
      await page.setViewportSize({ width: 1280, height: 800 });
      await open(path);
      const seen = [];
      for (let steps = 0; steps < STEPS; steps += 1) {
        await page.keyboard.press("Tab");
        const at = await focus(page);
        if (at === null) break;
        const wrong = Object.entries({ "no mark": !at.marks, "outside the window": !at.inside, covered: !at.seen, "against the order": !at.order, "no way on": at.again });
        const faults = wrong.filter(([, is]) => is).map(([fault]) => fault);
        if (faults.length > 0) seen.push(`${at.name}: ${faults.join(", ")}`);
      }
      assert.deepEqual(seen, []);
    }, { alone: true });
  }

  await step("without colours severities are told apart by words or letters", async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await open(PAGES.findings);
    await style(page, "html { filter: grayscale(1) }");
    await page.screenshot({ path: join(SHOTS, "grey-findings.png") });
    const { items } = await world.api("/repos/fixture/findings?code=shipped");
    const rows = await page
      .locator("[data-row][data-id]")
      .evaluateAll((all) => all.map((link) => [link.dataset.id, link.closest("tr").innerText]));
    assert.ok(rows.length > 2 && new Set(items.map(({ severity }) => severity)).size > 1, "several severities");
    for (const [id, text] of rows) {
      const { severity } = items.find((each) => each.id === id);
      assert.match(text.toLowerCase(), new RegExp(severity), `${severity} in words`);
    }
  });
}
