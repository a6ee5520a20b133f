// A list of more than ten thousand findings: read in pages while it is scrolled, and drawn only where it is looked at.
import assert from "node:assert/strict";
import { join } from "node:path";

import { repository } from "../lib/git.mjs";
import { analysed } from "../lib/wizard.mjs";

export const title = "ten thousand findings";

const [FILES, LINES] = [120, 100];
/** Rows in the page at most, however many were read. */
const DRAWN = 500;
/**
 * How long the page may work at most for one movement of the wheel, nineteen times in twenty. It is the processor's time
 * in the page's own thread: how long that takes on a clock says how many others share the machine.
 */
const WORK_MS = 250;
/** How much more work a thousand rows at the end may be than a thousand at the start: nothing grows with what was read. */
const GROWTH = 2;

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

  await step(`scrolled to its end a movement takes at most ${WORK_MS} ms of work, and few of its rows are drawn`, async () => {
    const cdp = await world.context.newCDPSession(page);
    await cdp.send("Performance.enable");
    const worked = async () => (await cdp.send("Performance.getMetrics")).metrics.find(({ name }) => name === "ThreadTime").value * 1000;
    const reached = () => page.evaluate(() => Math.max(...[...document.querySelectorAll("tr[aria-rowindex]")].map((row) => Number(row.ariaRowIndex))));
    let most = 0;
    let far = await reached();
    const begun = await worked();
    const moves = [{ far, work: begun }];
    const patience = Date.now() + 180_000;
    while (far < total + 1) {
      assert.ok(Date.now() < patience, `only ${far} of ${total} rows were reached`);
      await page.evaluate(() => document.getElementById("page").scrollBy(0, 6000));
      await page.waitForTimeout(50);
      most = Math.max(most, await rows.count());
      far = await reached();
      moves.push({ far, work: await worked() });
    }
    const each = moves.slice(1).map(({ work }, at) => work - moves[at].work).sort((a, b) => a - b);
    const at = (share) => Math.round(each[Math.floor(each.length * share)]);
    const until = (row) => moves.find((move) => move.far >= row).work;
    const [start, end] = [until(total / 3) - begun, moves.at(-1).work - until((total * 2) / 3)].map(Math.round);
    console.log(`      ${each.length} movements, half of ${at(0.5)} ms of work, 95 % of ${at(0.95)} ms, the most ${Math.round(each.at(-1))} ms; the first third ${start} ms, the last ${end} ms; at most ${most} rows drawn`);
    assert.ok(most <= DRAWN, `${most} rows were drawn`);
    assert.ok(at(0.95) <= WORK_MS, `one movement in twenty took more than ${at(0.95)} ms of work`);
    assert.ok(end <= start * GROWTH, `the first third of the rows took ${start} ms of work, the last ${end} ms`);
    await cdp.detach();
    await checkpoint("long-end", { coloursOnly: true });
  });

  await step("a filter shows others at once", async () => {
    await page.evaluate(() => document.getElementById("page").scrollTo(0, 0));
    await page.goto(world.place("long", "/findings?q=part11"));
    await page.getByRole("status").filter({ hasText: (total / 12).toLocaleString("en") }).first().waitFor();
    await checkpoint("long-filtered", { coloursOnly: true });
  });
}
