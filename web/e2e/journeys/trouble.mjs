// What a server says when it cannot: too much, not now, broken, too slow; and a screen that catches up.
import assert from "node:assert/strict";

import { startProxy } from "../lib/proxy.mjs";

export const title = "too many requests, a resting server, a broken panel, a slow list, missed events";

const EXPECTED = /WebSocket connection|net::ERR_|status of (429|5\d\d)/;

export async function run({ step, begin, keep }) {
  const proxy = keep(await startProxy());
  const world = await begin({ proxy: proxy.address, tolerated: EXPECTED });
  const { server, page, context, at, heading, checkpoint } = world;
  const TASKS = "**/api/v1/w/home/tasks**";
  const problem = (status, code, detail, retry) => ({
    status,
    headers: retry ? { "retry-after": String(retry) } : {},
    contentType: "application/problem+json",
    body: JSON.stringify({ type: `/problems/${code}`, title: code, status, detail, code, request_id: "7f3c0000-0000", retry_after: retry ?? null, errors: [], grantors: [] }),
  });
  /** Answers a request so until it is told otherwise; counts how often it was asked. */
  async function answered(pattern, method, reply) {
    const asked = { count: 0 };
    const handle = async (route) => {
      if (route.request().method() !== method) return route.fallback();
      asked.count += 1;
      return reply(route, asked.count);
    };
    await page.route(pattern, handle);
    return { asked, stop: () => page.unroute(pattern, handle) };
  }
  const titled = async (title) => (await world.api("/tasks")).items.filter((each) => each.title === title).length;
  async function write(title) {
    await page.getByRole("textbox", { name: "New task" }).fill(title);
    await page.keyboard.press("Enter");
  }
  /** A request of somebody else: it does not pass the page. */
  async function elsewhere(title) {
    const cookies = await context.cookies(server.base);
    const reply = await fetch(at("/api/v1/w/home/tasks"), {
      method: "POST",
      headers: { "content-type": "application/json", origin: server.base, cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") },
      body: JSON.stringify({ title }),
    });
    assert.ok(reply.ok, `${reply.status}`);
  }

  await step("429: it counts down, and what was asked is done once, by itself", async () => {
    await world.enter();
    await page.goto(at("/w/home/tasks"));
    await heading("Tasks");
    const limit = await answered(TASKS, "POST", (route, times) => (times === 1 ? route.fulfill(problem(429, "rate_limited", "Slower.", 3)) : route.continue()));
    await write("Sent again");
    await page.getByText(/Too many requests\. Sending in [123] s\./).waitFor();
    await checkpoint("limited");
    await page.locator("li").filter({ hasText: "Sent again" }).waitFor();
    assert.deepEqual([limit.asked.count, await titled("Sent again")], [2, 1]);
    await limit.stop();
  });

  await step("429: who does not want to wait keeps what was typed", async () => {
    const limit = await answered(TASKS, "POST", (route) => route.fulfill(problem(429, "rate_limited", "Slower.", 60)));
    await write("Given up");
    await page.getByText(/Sending in \d+ s\./).waitFor();
    await page.getByRole("button", { name: "Cancel", exact: true }).click();
    await page.getByText(/Sending in \d+ s\./).waitFor({ state: "detached" });
    assert.equal(await page.getByRole("textbox", { name: "New task" }).inputValue(), "Given up");
    assert.deepEqual([limit.asked.count, await titled("Given up")], [1, 0]);
    await limit.stop();
  });

  await step("500: the panel says so with the number of the request, and everything else goes on", async () => {
    const broken = await answered(TASKS, "GET", (route) => route.fulfill(problem(500, "internal", "Something failed on the server. It was recorded.")));
    // Another window of the browser, so to speak: nothing was read before.
    await page.evaluate(() => indexedDB.deleteDatabase("devmentor"));
    await page.reload();
    await page.getByText("Tasks could not be loaded").waitFor();
    await page.getByText("7f3c0000").waitFor();
    // The page asks again as well when its live connection stands.
    assert.ok(broken.asked.count >= 2, "a read is tried once more");
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Repositories" }).waitFor();
    await checkpoint("broken");
    await broken.stop();
    await page.getByRole("button", { name: "Try again" }).click();
    await page.locator("li").filter({ hasText: "Sent again" }).waitFor();
  });

  await step("503: what was read before is shown with its age, and the next try comes by itself", async () => {
    await world.until("the list is stored", () =>
      page.evaluate(
        () =>
          new Promise((resolve) => {
            const open = indexedDB.open("devmentor");
            open.onsuccess = () => {
              const all = open.result.objectStoreNames.contains("kept") && open.result.transaction("kept").objectStore("kept").getAllKeys();
              if (!all) return resolve(false);
              all.onsuccess = () => resolve(all.result.some((key) => key.includes("tasks")));
            };
          }),
      ),
    );
    // Twice, because the first question may be asked again at once: when the live channel begins, all is read anew.
    const resting = await answered(TASKS, "GET", (route, times) => (times <= 2 ? route.fulfill(problem(503, "busy", "Resting.", 4)) : route.continue()));
    await page.reload();
    await page.getByText(/Stored data, read .*The server is resting; next try in \d s\./).waitFor();
    await page.locator("li").filter({ hasText: "Sent again" }).waitFor();
    await checkpoint("resting");
    await page.getByText(/Stored data/).waitFor({ state: "detached" });
    assert.ok(resting.asked.count >= 3);
    await resting.stop();
  });

  await step("503: where nothing is stored, the operator's words stand", async () => {
    const away = await answered("**/api/v1/w/home/repos", "GET", (route, times) =>
      times <= 2 ? route.fulfill(problem(503, "maintenance", "Back at 14:00: the disk is being replaced.", 3)) : route.continue(),
    );
    await page.evaluate(() => indexedDB.deleteDatabase("devmentor"));
    await page.goto(at("/w/home/repos"));
    await page.getByText("Back at 14:00: the disk is being replaced.").waitFor();
    await checkpoint("maintenance");
    await page.getByText("Back at 14:00: the disk is being replaced.").waitFor({ state: "detached" });
    await away.stop();
  });

  await step("a list that takes too long is given up, and its beginning is asked for", async () => {
    const slow = await answered(TASKS, "GET", (route) => (route.request().url().includes("limit=500") ? undefined : route.continue()));
    await page.evaluate(() => indexedDB.deleteDatabase("devmentor"));
    await page.goto(at("/w/home/tasks"));
    await page.getByText(/Got 1 of 1 before the time limit\./).waitFor();
    await page.locator("li").filter({ hasText: "Sent again" }).waitFor();
    await checkpoint("cut");
    await slow.stop();
    await page.getByRole("button", { name: "Load the rest" }).click();
    await page.getByText(/before the time limit/).waitFor({ state: "detached" });
  });

  await step("missed events are counted while they come, and then the screen is as the server is", async () => {
    await page.goto(at("/w/home/tasks"));
    const dot = page.locator("nav [role=status]").first();
    await dot.filter({ hasText: /^Live/ }).waitFor();
    await page.evaluate(() => {
      const dot = document.querySelector("nav [role=status]");
      window.said = [];
      new MutationObserver(() => window.said.push(dot.textContent)).observe(dot, { childList: true, characterData: true, subtree: true, attributes: true });
    });
    proxy.cutAll({ refuse: true });
    await dot.filter({ hasText: "Reconnecting" }).waitFor();
    for (let each = 0; each < 12; each += 1) await elsewhere(`Missed ${each}`);
    proxy.heal();
    await dot.filter({ hasText: /^Live/ }).waitFor();
    await world.counts(page.locator("li").filter({ hasText: /Missed \d+/ }), 12);
    const said = await page.evaluate(() => window.said);
    assert.ok(said.some((words) => /^Catching up \(\d+ events?\)$/.test(words)), said.join(" | "));
  });

  await step("what cannot be brought back is said to be a gap, and everything is read again", async () => {
    const dot = page.locator("nav [role=status]").first();
    proxy.cutAll({ refuse: true });
    await dot.filter({ hasText: "Reconnecting" }).waitFor();
    // More than the server brings one by one.
    const all = Array.from({ length: 1010 }, (_, each) => each);
    for (let from = 0; from < all.length; from += 20) await Promise.all(all.slice(from, from + 20).map((each) => elsewhere(`Far ${each}`)));
    proxy.heal();
    await page.getByText(/Refreshed after a gap/).waitFor({ timeout: 60_000 });
    await page.getByText("Far 1009").waitFor();
    await checkpoint("gap");
  });
}
