// The live channel when the network misbehaves: nothing is lost, nothing is told twice, and the page says how it stands.
import assert from "node:assert/strict";
import { join } from "node:path";

import { makeFixture } from "../lib/fixture.mjs";
import { commit, git, repository, write } from "../lib/git.mjs";
import { startProxy } from "../lib/proxy.mjs";
import { listen, overhear } from "../lib/stream.mjs";
import { addFolder, begin as analyse, ended, lookNothingUp } from "../lib/wizard.mjs";

export const title = "a connection that is cut, refused, or whose server dies";

const NAMES = ["one", "two", "three"];
/** What a browser says about connections that the test breaks. */
const BROKEN = /WebSocket connection|net::ERR_|status of 5\d\d/;

export async function run({ step, begin, keep }) {
  const proxy = keep(await startProxy());
  const world = await begin({ proxy: proxy.address, tolerated: BROKEN, config: { jobs: { lease_seconds: 1 } } });
  const { server, page, context, checkpoint } = world;
  for (const name of NAMES) makeFixture(join(server.folder, name));
  repository(join(server.folder, "late"), { "a.py": "a = 1\n" });
  await overhear(context);

  const dot = (words) => page.locator("nav [role=status]").filter({ hasText: words }).first().waitFor({ timeout: 30_000 });
  const strip = page.locator("[role=status]").filter({ hasText: /Offline since|Refreshed after a gap/ });
  const gap = page.getByText(/Refreshed after a gap/);
  const heard = () => page.evaluate(() => window.heard);
  const offsets = (frames) => frames.filter((frame) => frame.type === "event").map((frame) => frame.position.offset);
  /** A request of somebody else: it does not pass the proxy. */
  async function elsewhere(path, body) {
    const cookies = await context.cookies(server.base);
    const reply = await fetch(`${server.base}/api/v1/w/home${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: server.base, cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") },
      body: JSON.stringify(body),
    });
    assert.ok(reply.ok, `${reply.status} ${await reply.text()}`);
  }
  /** What the screen says about every run, and what the interface says. */
  async function sameAsTold() {
    const told = (await world.api("/repos")).items.map((repo) => [repo.name, repo.latest?.grade ?? null]);
    for (const [name, grade] of told) {
      const row = page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
      if (grade) await row.getByText(`Grade ${grade}`, { exact: true }).first().waitFor();
    }
    return told;
  }

  await step("cut in the middle of an analysis, the channel comes back and brings what was missed, once", async () => {
    await world.enter();
    for (const name of NAMES) await addFolder(world, join(server.folder, name), name);
    await lookNothingUp(world);
    await dot("Live");
    const witness = await listen(world);
    await analyse(world);
    await witness.until("analysis.phase_finished");
    // Nothing reaches the page while somebody else makes a task: that event it must be brought afterwards.
    proxy.cutAll({ refuse: true });
    await elsewhere("/tasks", { title: "Made while the page was cut off" });
    await witness.until("task.created");
    const missed = offsets(witness.events).at(-1);
    assert.ok(!offsets(await heard()).includes(missed), "the page heard of a task while it was cut off");
    proxy.heal();
    await ended(world);
    await witness.until("analysis.finished", NAMES.length);
    // Over the socket again or, when it was refused for too long, over the slower transport: both bring everything.
    await dot("Live");
    await world.until("the page has heard the last event", async () => offsets(await heard()).includes(offsets(witness.events).at(-1)));
    await witness.stop();
    const [mine, all] = [offsets(await heard()), offsets(witness.events)];
    assert.deepEqual(mine.filter((offset) => offset >= all[0]), all, "events that reached the page and events that were sent");
    assert.equal(await gap.count(), 0, "it speaks of a gap where there was none");
    await checkpoint("live-resumed");
  });

  await step("while nothing answers, the strip says since when; then all is as the interface says", async () => {
    await page.goto(world.at("/w/home/repos"));
    await dot("Live");
    const witness = await listen(world);
    proxy.cutAll({ refuse: true });
    await strip.filter({ hasText: /Offline since \d\d:\d\d\. Showing stored data\./ }).waitFor({ timeout: 30_000 });
    await dot(/Reconnecting \(try \d+\)/);
    // Meanwhile somebody else works.
    await elsewhere("/repos", { source: join(server.folder, "late") });
    await witness.until("analysis.finished");
    await witness.stop();
    // A page whose code has not come yet waits for it, instead of leaving the person with the browser's error page.
    const link = (name) => page.getByRole("navigation").getByRole("link", { name, exact: true });
    await link("Tasks").click();
    await page.getByText("This page opens by itself as soon as it does.").waitFor();
    await checkpoint("page-waits");
    proxy.heal();
    await world.heading("Tasks");
    await dot("Live");
    await link("Repositories").click();
    await page.getByRole("link", { name: "late", exact: true }).waitFor();
    await strip.waitFor({ state: "hidden" });
    const all = offsets(witness.events);
    const mine = offsets(await heard());
    assert.deepEqual(mine.filter((offset) => offset >= all[0]), all, "events that reached the page and events that were sent");
    assert.equal((await sameAsTold()).length, 4);
  });

  await step("a network that lets no WebSocket through is served more slowly, and as completely", async () => {
    proxy.cutTunnels({ refuse: true });
    await page.reload();
    await dot("Live, slower");
    const witness = await listen(world);
    await page.getByRole("link", { name: "late", exact: true }).click();
    await world.heading("late");
    await page.getByRole("button", { name: "Analyse now" }).waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("t");
    await world.heading("Tasks");
    await page.getByRole("textbox", { name: "New task" }).fill("Ask the network people");
    await page.keyboard.press("Enter");
    await page.getByText("Ask the network people").waitFor();
    await witness.until("task.created");
    await witness.stop();
    const frames = await heard();
    assert.deepEqual(offsets(frames), offsets(witness.events));
    assert.ok(frames.every((frame) => frame.over === "sse"));
    await checkpoint("live-slower");
    proxy.heal();
  });

  await step("the server is killed in the middle of an analysis and started again: page and work go on", async () => {
    await page.goto(world.place("one"));
    await dot("Live");
    await page.getByRole("button", { name: "Analyse now" }).waitFor();
    const witness = await listen(world);
    const before = (await world.api("/repos/one/analyses")).total;
    write(join(server.folder, "one"), "more.py", "def more(rows):\n    return [row for row in rows if row]\n");
    commit(join(server.folder, "one"), 41, "More");
    await page.getByRole("button", { name: "Analyse now" }).click();
    await witness.until("analysis.phase_finished");
    await server.kill();
    await dot(/Reconnecting/);
    await server.restart();
    await dot("Live");
    await page.getByRole("button", { name: "Analyse now" }).waitFor({ timeout: 60_000 });
    const runs = await world.api("/repos/one/analyses");
    assert.equal(runs.total, before + 1, "the run was lost or doubled");
    assert.equal(runs.items[0].state, "done");
    assert.equal(await gap.count(), 0, "it speaks of a gap where there was none");
    await page.getByText(shortHead(join(server.folder, "one"))).first().waitFor();
    await witness.stop();
    await checkpoint("live-healed");
  });
}

/** The first digits of the newest commit, as pages show them. */
const shortHead = (folder) => git(folder, 0, "rev-parse", "HEAD").slice(0, 7);
