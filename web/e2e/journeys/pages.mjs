// Every page there is, as it looks in both themes on a wide screen, a tablet and a phone.
import assert from "node:assert/strict";
import { join } from "node:path";

import { watch } from "../lib/browser.mjs";
import { makeFixture } from "../lib/fixture.mjs";
import { analysed } from "../lib/wizard.mjs";
import { PATIENCE_MS, settled } from "../lib/world.mjs";

export const title = "every page in both themes, at three widths";

const PAGES = {
  "start": "/start/source",
  "repos": "/w/home/repos",
  "task-list": "/w/home/tasks",
  "memory-none": "/w/home/memory",
  "overview": "/w/home/repos/fixture",
  "insights": "/w/home/repos/fixture/insights",
  "findings": "/w/home/repos/fixture/findings",
  "dependencies": "/w/home/repos/fixture/dependencies",
  "architecture": "/w/home/repos/fixture/architecture",
  "architecture-table": "/w/home/repos/fixture/architecture?view=table",
  "hotspots": "/w/home/repos/fixture/hotspots",
  "ownership": "/w/home/repos/fixture/ownership",
  "history": "/w/home/repos/fixture/history",
  "compare-one": "/w/home/repos/fixture/compare",
  "settings": "/w/home/repos/fixture/settings",
  "models-none": "/w/home/settings/models",
  "api": "/developers/api",
  "missing": "/w/home/nothing/here",
  "missing-repo": "/w/home/repos/no-such-repository",
};

export async function run({ step, begin, browser }) {
  const world = await begin();
  const { server, page, context, checkpoint } = world;
  makeFixture(join(server.folder, "fixture"));
  await analysed(world, [join(server.folder, "fixture"), "fixture"]);

  await step("findings are filtered in the address, and closed with Escape", async () => {
    await page.goto(world.place("fixture", "/findings"));
    await page.getByRole("table").waitFor();
    const all = await page.locator("tbody tr").count();
    const narrowed = page.waitForResponse(/findings\?.*severity=/);
    await page.getByRole("checkbox").first().check();
    await page.waitForURL(/severity=/);
    const { total } = await (await narrowed).json();
    assert.ok(total < all, `${total} of ${all}`);
    await world.counts(page.locator("tbody tr"), total);
    await page.locator("[data-row]").first().click();
    await page.getByRole("complementary").waitFor();
    await checkpoint("finding");
    await page.keyboard.press("Escape");
    await page.getByRole("complementary").waitFor({ state: "hidden" });
  });

  await step("the diagram and its table tell the same", async () => {
    await page.goto(world.place("fixture", "/architecture"));
    const modules = page.locator("svg g[role=img]");
    await modules.first().waitFor();
    const drawn = await modules.count();
    await page.keyboard.press("t");
    await page.getByRole("table").waitFor();
    assert.equal(await page.locator("tbody tr").count(), drawn);
  });

  for (const [width, height] of [[1280, 800], [768, 1024], [390, 844]]) {
    const look = await browser.newContext({ viewport: { width, height }, reducedMotion: "reduce", storageState: await context.storageState() });
    look.setDefaultTimeout(PATIENCE_MS);
    const tab = await look.newPage();
    const seen = watch(tab, server.base);
    for (const [name, path] of Object.entries(PAGES)) {
      await step(`${name}, ${width} px`, async () => {
        seen.length = 0;
        await tab.emulateMedia({ colorScheme: "light" });
        await tab.goto(world.at(path));
        await tab.getByRole("heading", { level: 1 }).waitFor({ state: "attached" });
        await settled(tab);
        assert.equal(await tab.getByRole("heading", { level: 1 }).count(), 1, "one h1");
        for (const theme of ["light", "dark"]) {
          await tab.emulateMedia({ colorScheme: theme });
          await tab.waitForFunction((wanted) => document.documentElement.dataset.theme === wanted, theme);
          // The same page in other colours: only what depends on them is judged again.
          await checkpoint(`${name}-${theme}-${width}`, { target: tab, seen, coloursOnly: theme === "dark" });
        }
      }, { alone: true });
    }
    await look.close();
  }
}
