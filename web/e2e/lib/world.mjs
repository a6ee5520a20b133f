// What a journey needs around it: the program, a browser window that is signed in, and the words to move in it.
import assert from "node:assert/strict";
import { join } from "node:path";

import { axe, overflows, watch } from "./browser.mjs";
import { startServer } from "./server.mjs";

/** How long the first results of a small repository may take. */
export const FIRST_VALUE_MS = 120_000;

/** How long anything is waited for that a loaded machine may need long for. What is right takes a fraction of it. */
export const PATIENCE_MS = Number(process.env.E2E_TIMEOUT ?? 30_000);

/** Waits until a page shows what it has to show: it has begun to draw, and nothing on it is awaited any more. */
export const settled = (page) =>
  page.waitForFunction(
    () => document.querySelector("h1") !== null && document.querySelector("[aria-busy=true], .skeleton") === null,
    undefined,
    { timeout: PATIENCE_MS },
  );

/** A window on a running program, without the app's service worker unless that is allowed. `tolerated` matches console errors that the journey causes on purpose, and `elsewhere` is another address that it goes to. */
export async function startWorld({ binary, browser, shots }, { proxy, tolerated, elsewhere, serviceWorkers = "block", ...options } = {}) {
  const server = await startServer(binary, options);
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme: "light",
    reducedMotion: "reduce",
    acceptDownloads: true,
    // Every page would fetch the whole app once more; the journey about it says so.
    serviceWorkers,
    ...(proxy ? { proxy: { server: proxy } } : {}),
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const faults = watch(page, server.base, tolerated, elsewhere);
  const at = (path) => `${server.base}${path}`;
  const world = {
    server,
    context,
    page,
    faults,
    at,
    /** The address of a repository's page. */
    place: (slug, path = "") => at(`/w/home/repos/${slug}${path}`),
    heading: (name) => page.getByRole("heading", { level: 1, name }).waitFor(),
    /** An accessible page inside its window, without a fault so far. */
    async checkpoint(name, { target = page, seen = faults, coloursOnly = false } = {}) {
      await settled(target);
      await target.screenshot({ path: join(shots, `${name}.png`) });
      assert.deepEqual(await axe(target, { coloursOnly }), [], `axe on ${name}`);
      assert.equal(await overflows(target), false, `${name} is wider than its window`);
      assert.deepEqual(seen, [], `faults on ${name}`);
    },
    /** Uses the one-time link. */
    async enter() {
      await page.goto(server.url);
      await world.heading("What should DevMentor look at?");
    },
    /** What the interface answers, with the window's own cookie. */
    async api(path) {
      const reply = await context.request.get(at(`/api/v1/w/home${path}`));
      assert.ok(reply.ok(), `${path}: ${reply.status()}`);
      return reply.json();
    },
    /** Waits until something is true of the program, which the page may not show. */
    async until(what, holds) {
      const patience = Date.now() + 60_000;
      while (!(await holds())) {
        assert.ok(Date.now() < patience, `never: ${what}`);
        await page.waitForTimeout(100);
      }
    },
    /** Waits until so many of these are on the page. */
    counts: (what, count) => world.until(`${count} of ${what}`, async () => (await what.count()) === count),
    /** Presses keys one after the other, without waiting in between as a hand would not: a sequence has a time limit. */
    chord: (...all) => Promise.all(all.map((key) => page.keyboard.press(key))),
    async stop() {
      await context.close();
      await server.stop();
    },
  };
  return world;
}
