// The frame around the pages: pins, panel, keys, help, tour, what is not there, and the gallery of components.
import assert from "node:assert/strict";
import { join } from "node:path";

import { makeFixture } from "../lib/fixture.mjs";
import { analysed, results } from "../lib/wizard.mjs";
import { settled } from "../lib/world.mjs";

export const title = "the frame: pins, panel, keys, help, tour, missing pages, gallery";

export async function run({ step, begin }) {
  const world = await begin({ tolerated: /breaks on purpose|The above error occurred|error boundary|ERR_CONNECTION|WebSocket|EventSource/i });
  const { server, page, place, at, heading, checkpoint, counts } = world;
  makeFixture(join(server.folder, "alpha"));
  makeFixture(join(server.folder, "beta"));
  const setting = (name) => page.evaluate((key) => localStorage.getItem(`devmentor.${key}`), name);

  await step("the tour offers itself once, in a corner, without taking the focus", async () => {
    await analysed(world, [join(server.folder, "alpha"), "alpha"], [join(server.folder, "beta"), "beta"]);
    await results(world);
    const tour = page.getByRole("region", { name: "Take the tour" });
    await tour.waitFor();
    assert.equal(await tour.evaluate((card) => card.contains(document.activeElement)), false);
    await checkpoint("tour-offered");
    await tour.getByRole("button", { name: "Start" }).click();
    await tour.getByText("1 of 5").waitFor();
    assert.equal(await page.locator("[data-toured]").count(), 1);
    await tour.getByRole("button", { name: "Next" }).click();
    await tour.getByText("2 of 5").waitFor();
    await checkpoint("tour-stop");
    await tour.getByRole("button", { name: "Skip" }).focus();
    await page.keyboard.press("Escape");
    await tour.waitFor({ state: "detached" });
    await page.reload();
    await heading("Results");
    await settled(page);
    assert.equal(await tour.count(), 0, "once is enough");
  });

  await step("Help goes on where the tour was left, and lists the keys", async () => {
    const help = page.getByRole("button", { name: "Help" });
    await help.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("group", { name: "Help" }).waitFor();
    await checkpoint("help");
    await page.getByRole("button", { name: "Take the tour" }).click();
    await page.getByText("2 of 5").waitFor();
    for (let stop = 2; stop < 5; stop += 1) await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("button", { name: "End" }).click();
    assert.equal(await setting("tour"), "done");
  });

  await step("a pinned repository is on top of the sidebar, also after a reload", async () => {
    await page.goto(place("beta"));
    await heading("beta");
    const names = () => page.getByRole("navigation", { name: "Main" }).locator("li a:visible").allTextContents();
    assert.match((await names())[0], /^alpha/);
    await page.getByRole("button", { name: "Pin to the sidebar: beta" }).focus();
    await page.keyboard.press("Enter");
    assert.match((await names())[0], /^beta/);
    await checkpoint("pinned");
    await page.reload();
    await heading("beta");
    await page.getByRole("button", { name: "Take the pin away: beta" }).waitFor();
    assert.match((await names())[0], /^beta/);
    await page.setViewportSize({ width: 768, height: 800 });
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "alpha" }).click();
    await heading("alpha");
    await checkpoint("pinned-768");
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  await step("the panel is as wide as its reader wants, between 360 and 720 pixels, by keys and by hand", async () => {
    await page.goto(place("alpha", "/findings"));
    await page.getByRole("table").waitFor();
    assert.equal(await page.getByRole("link", { name: "Skip to panel" }).count(), 0, "nothing to skip to");
    await page.locator("[data-row]").first().click();
    await settled(page);
    assert.equal(await page.getByRole("link", { name: "Skip to panel" }).count(), 1);
    const edge = page.getByRole("separator", { name: "Width of the details" });
    const panel = page.locator("#peek aside");
    const width = async () => Math.round((await panel.boundingBox()).width);
    await edge.focus();
    await page.keyboard.press("Home");
    assert.equal(await width(), 360);
    await page.keyboard.press("End");
    assert.ok((await width()) >= 600, `${await width()}`);
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowLeft");
    assert.equal(await width(), 380);
    const box = await edge.boundingBox();
    await page.mouse.move(box.x + 4, 400);
    await page.mouse.down();
    await page.mouse.move(box.x - 96, 400);
    await page.mouse.up();
    assert.ok(Math.abs((await width()) - 480) < 6, `${await width()}`);
    await checkpoint("panel-480");
    await page.reload();
    await settled(page);
    assert.ok(Math.abs((await width()) - 480) < 6, "it is remembered");
    await page.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" });
  });

  await step("F filters, Shift F clears the filters, G S opens the settings", async () => {
    await page.goto(place("alpha", "/findings?severity=high"));
    await settled(page);
    await page.locator("h1").focus();
    await page.keyboard.press("Shift+F");
    await page.waitForURL((url) => !url.search.includes("severity"));
    await settled(page);
    await page.locator("h1").focus();
    await page.keyboard.press("f");
    assert.match(await page.evaluate(() => document.activeElement.localName), /^(input|button|select)$/);
    await page.locator("h1").focus();
    await world.chord("g", "s");
    await page.waitForURL("**/settings");
  });

  await step("a key can be changed, and one that is taken goes back to what it was", async () => {
    await page.goto(place("alpha", "/findings"));
    await page.getByRole("table").waitFor();
    await page.locator("h1").focus();
    await page.keyboard.press("?");
    const map = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await map.getByRole("button", { name: /change the key of “Filter”/ }).click();
    await page.keyboard.press("x");
    await map.getByRole("button", { name: /^X: change the key of “Filter”/ }).waitFor();
    await checkpoint("keys-changed");
    await page.keyboard.press("Escape");
    await map.waitFor({ state: "detached" });
    await page.locator("h1").focus();
    await page.keyboard.press("f");
    assert.equal(await page.evaluate(() => document.activeElement.localName), "h1", "F does nothing now");
    await page.keyboard.press("x");
    assert.notEqual(await page.evaluate(() => document.activeElement.localName), "h1");
    await page.locator("h1").focus();
    await page.keyboard.press("?");
    await map.getByRole("button", { name: "All as they were" }).click();
    assert.equal(await setting("keymap"), "{}");
    await page.keyboard.press("Escape");
  });

  await step("what is dismissed comes back with Ctrl Z", async () => {
    await page.goto(place("alpha", "/insights"));
    await settled(page);
    const cards = page.locator("article");
    await cards.first().waitFor();
    const before = await cards.count();
    await cards.first().focus();
    await page.keyboard.press("d");
    await page.getByRole("dialog").getByRole("button", { name: /Dismiss/ }).click();
    await page.getByText("Insight dismissed").or(page.getByRole("button", { name: "Undo" })).first().waitFor();
    await page.locator("h1").focus();
    await page.keyboard.press("Control+z");
    await counts(cards, before);
  });

  await step("an address that is not there keeps the repository around it", async () => {
    await page.goto(place("alpha", "/no-such-page"));
    await heading("alpha");
    await page.getByRole("heading", { level: 2, name: "Not found" }).waitFor();
    await page.getByRole("navigation", { name: "Repository pages" }).waitFor();
    await checkpoint("missing-in-repo");
    await page.getByRole("link", { name: "Go to the overview" }).click();
    await page.waitForURL("**/repos/alpha");
  });

  await step("the modules are filtered in the address, and the drawing begins whole", async () => {
    await page.goto(at("/w/sample/repos/parcel-desk/architecture"));
    const drawing = page.getByRole("application");
    await drawing.waitFor();
    await settled(page);
    const boxes = drawing.locator("g[role=img]");
    const all = await boxes.count();
    const outside = await drawing.evaluate((frame) => {
      const seen = frame.getBoundingClientRect();
      return [...frame.querySelectorAll("g[role=img]")].filter((box) => {
        const { left, right, top, bottom } = box.getBoundingClientRect();
        return left < seen.left || right > seen.right || top < seen.top || bottom > seen.bottom;
      }).length;
    });
    assert.equal(outside, 0, "every box is in the window");
    assert.equal(await page.locator("svg [data-seen]").count(), 0, "no map of what is seen whole");
    for (let press = 0; press < 6; press += 1) await page.getByRole("button", { name: "Zoom in" }).click();
    await page.locator("svg [data-seen]").waitFor();
    await checkpoint("architecture-minimap");
    await page.getByRole("button", { name: "Fit to window" }).click();
    await page.locator("h1").focus();
    await page.keyboard.press("f");
    await page.keyboard.press("End");
    await page.waitForURL(/language=/);
    await settled(page);
    assert.ok((await boxes.count()) < all);
    await checkpoint("architecture-filtered");
    await page.locator("h1").focus();
    await page.keyboard.press("Shift+F");
    await page.waitForURL((url) => !url.search.includes("language"));
    await counts(boxes, all);
  });

  await step("without the server, what needs it says so, and what was read stays", async () => {
    await page.goto(place("alpha", "/insights"));
    await settled(page);
    const analyse = page.getByRole("button", { name: "Analyse now" });
    assert.equal(await analyse.getAttribute("aria-disabled"), null);
    await server.kill();
    await page.getByText(/Offline since/).waitFor();
    assert.equal(await analyse.getAttribute("aria-disabled"), "true");
    assert.equal(await analyse.getAttribute("title"), "Needs a connection");
    const task = page.getByRole("button", { name: "Make task" }).first();
    assert.equal(await task.getAttribute("title"), "Needs a connection");
    await page.locator("article").first().waitFor();
    await checkpoint("offline", { seen: [] });
    await server.restart();
    await page.getByText(/Offline since/).waitFor({ state: "detached", timeout: 60_000 });
    assert.equal(await analyse.getAttribute("aria-disabled"), null);
  });

  await step("the gallery is there only where it is switched on, and accessible in every theme", async () => {
    await page.goto(at("/dev/gallery"));
    await heading("Not found");
    await page.evaluate(() => localStorage.setItem("devmentor.gallery", "on"));
    await page.goto(at("/dev/gallery"));
    await heading("Components");
    const seen = world.faults.filter((fault) => !/breaks on purpose/.test(fault));
    for (const theme of ["Light", "Dark", "High contrast"]) {
      await page.getByRole("button", { name: theme, exact: true }).click();
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 800 });
        const { axe, overflows } = await import("../lib/browser.mjs");
        assert.deepEqual(await axe(page), [], `axe on the gallery, ${theme}, ${width}`);
        assert.equal(await overflows(page), false, `the gallery at ${width}`);
        await page.screenshot({ path: join(new URL("../shots/", import.meta.url).pathname, `gallery-${theme.toLowerCase().replace(" ", "-")}-${width}.png`), fullPage: true });
      }
    }
    assert.deepEqual(seen, []);
  });
}
