// A list of more than ten thousand findings: read in pages while it is scrolled, and drawn only where it is looked at.
import assert from "node:assert/strict";
import { join } from "node:path";

import { repository } from "../lib/git.mjs";
import { analysed } from "../lib/wizard.mjs";

export const title = "ten thousand findings";

const [FILES, LINES] = [120, 100];
/** Rows in the page at most, however many were read. */
const DRAWN = 500;
// Rows that are scrolled through: time on a shared machine proves nothing, so frames are only told.
const FAR = 3_000;

export async function run({ step, begin }) {
  const world = await begin();
  const { server, page, checkpoint } = world;
  const folder = join(server.folder, "long");
  const body = (file) =>
    `import subprocess\n${Array.from({ length: LINES }, (_, line) => `\n\ndef run${line}(name):\n    subprocess.call("ls ${file} ${line} " + name, shell=True)\n`).join("")}`;
  repository(folder, Object.fromEntries(Array.from({ length: FILES }, (_, file) => [`src/part${file % 12}/file${file}.py`, body(file)])));
  const rows = page.getByRole("row").filter({ has: page.locator("[data-row]") });
  const api = (query) => world.api(`/repos/long/findings?${query}`);
  let total = 0;

  await step("a page of them comes at once, with the counts of all", async () => {
    await analysed(world, [folder, "long"]);
    await page.goto(world.place("long", "/findings"));
    await rows.first().waitFor();
    const begun = performance.now();
    const first = await api("limit=100&code=shipped");
    console.log(`      one page of ${first.total} in ${Math.round(performance.now() - begun)} ms`);
    total = first.total;
    assert.ok(total >= FILES * LINES, `${total} findings`);
    const counted = first.facets.folder.reduce((sum, each) => sum + each.count, 0);
    assert.equal(counted, total);
    await page.getByRole("status").filter({ hasText: total.toLocaleString("en") }).first().waitFor();
  });

  await step("pages follow each other without a row twice or left out", async () => {
    const seen = new Set();
    let cursor = "";
    do {
      const next = await api(`limit=500&code=shipped${cursor && `&cursor=${cursor}`}`);
      for (const each of next.items) seen.add(each.id);
      cursor = next.next ?? "";
    } while (cursor);
    assert.equal(seen.size, total);
  });

  await step("scrolled far down, few of its rows are drawn", async () => {
    await page.evaluate(() => {
      const gaps = (window.gaps = []);
      let last = performance.now();
      const look = (now) => {
        gaps.push(now - last);
        last = now;
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    let most = 0;
    const reached = () => page.evaluate(() => Math.max(...[...document.querySelectorAll("tr[aria-rowindex]")].map((row) => Number(row.ariaRowIndex))));
    const patience = Date.now() + 180_000;
    while ((await reached()) < FAR) {
      assert.ok(Date.now() < patience, `only ${await reached()} of ${FAR} rows were reached`);
      await page.evaluate(() => document.getElementById("page").scrollBy(0, 6000));
      await page.waitForTimeout(50);
      most = Math.max(most, await rows.count());
    }
    const gaps = (await page.evaluate(() => window.gaps)).sort((a, b) => a - b);
    const at = (share) => Math.round(gaps[Math.floor(gaps.length * share)]);
    console.log(`      ${gaps.length} frames, half within ${at(0.5)} ms, 95 % within ${at(0.95)} ms, the longest ${Math.round(gaps.at(-1))} ms; at most ${most} rows drawn`);
    assert.ok(most <= DRAWN, `${most} rows were drawn`);
    await checkpoint("long-end", { coloursOnly: true });
  });

  await step("a filter shows others at once", async () => {
    await page.evaluate(() => document.getElementById("page").scrollTo(0, 0));
    await page.goto(world.place("long", "/findings?q=part11"));
    await page.getByRole("status").filter({ hasText: (total / 12).toLocaleString("en") }).first().waitFor();
    await checkpoint("long-filtered", { coloursOnly: true });
  });
}
