// Running the server: how it is, its background work, what it keeps; and nobody else finds these pages.
import assert from "node:assert/strict";
import { join } from "node:path";

import { code, fill, letterTo, looks } from "../lib/account.mjs";
import { makeFixture } from "../lib/fixture.mjs";
import { otherWindow, setUp, titled } from "../lib/people.mjs";
import { addFolder, begin as analyse, ended, lookNothingUp } from "../lib/wizard.mjs";
import { settled } from "../lib/world.mjs";

export const title = "running the server: its state, its background work, its caches, and nobody else finds them";

const MEMBER = { name: "Ben Okoye", email: "ben@example.org", password: "velvet harbour ticket nine" };

export async function run({ step, begin, keep, browser }) {
  const world = await begin({ config: { identity: { sign_up: "open" } } });
  const { page, context, at, server } = world;
  const look = (name) => looks(world, `operation-${name}`);

  await step("the way there is in the account's menu, and the state says what works", async () => {
    await setUp(world);
    makeFixture(join(server.folder, "fixture"));
    await addFolder(world, join(server.folder, "fixture"), "fixture");
    await lookNothingUp(world);
    await analyse(world);
    await ended(world);
    await page.getByRole("button", { name: /^Account/ }).click();
    await page.getByRole("group", { name: "Account" }).getByRole("link", { name: "Administration" }).click();
    await titled(page, "Health");
    await page.getByText("Ready", { exact: true }).waitFor();
    const parts = page.getByRole("table").first();
    await parts.getByRole("row").filter({ hasText: /database/i }).getByText("Working").waitFor();
    await page.getByText(/^Requests are not counted, because only this machine reaches this server\./).waitFor();
    await look("health");
  });

  await step("jobs are counted by kind, and the clock's next ones are told", async () => {
    await page.getByRole("link", { name: "Jobs", exact: true }).click();
    await titled(page, "Jobs");
    await page.getByText("No job runs.").waitFor();
    await page.getByRole("region", { name: "On a schedule" }).getByText(/^Next /).first().waitFor();
    await page.getByRole("button", { name: "Scheduled" }).click();
    await settled(page);
    await look("jobs");
    await page.getByRole("link", { name: "Dead letters" }).click();
    await titled(page, "Dead letters");
    await page.getByText(/^No job was given up\./).waitFor();
    await look("dead-letters");
  });

  await step("caches say how often they helped, and are cleared", async () => {
    for (let reads = 0; reads < 3; reads += 1) {
      // A page that has not begun to draw awaits nothing yet: what says that it was read is the answer.
      const read = page.waitForResponse((response) => /\/repos\/fixture\/report(\?|$)/.test(response.url()));
      await page.goto(world.place("fixture"));
      assert.ok([200, 304].includes((await read).status()));
    }
    await page.goto(at("/admin/health"));
    await page.getByRole("link", { name: "Caches" }).click();
    await titled(page, "Caches");
    const families = page.getByRole("table");
    await families.getByRole("row").nth(1).waitFor();
    await look("caches");
    await page.getByRole("button", { name: "Clear all" }).click();
    const dialog = page.getByRole("dialog", { name: "Clear all caches?" });
    await look("clear");
    const [cleared] = await Promise.all([
      page.waitForResponse(at("/api/v1/admin/caches/clear")),
      dialog.getByRole("button", { name: "Clear all" }).click(),
    ]);
    assert.equal(cleared.status(), 204);
    await dialog.waitFor({ state: "detached" });
    await page.getByText("Cleared on every node.").waitFor();
  });

  await step("nobody but the operator finds these pages", async () => {
    const ben = await otherWindow(world, { browser, keep });
    await ben.goto(at("/sign-up"));
    await fill(ben, { Name: MEMBER.name, Email: MEMBER.email, Password: MEMBER.password });
    await ben.getByRole("button", { name: "Sign up" }).click();
    await fill(ben, { Code: code(await letterTo(context, at, MEMBER.email)) });
    await ben.getByRole("button", { name: "Verify address" }).click();
    await titled(ben, "What should DevMentor look at?");
    for (const name of ["health", "jobs", "dead-letters", "caches"]) {
      await ben.goto(at(`/admin/${name}`));
      await titled(ben, "Not found");
    }
    await ben.getByRole("button", { name: /^Account/ }).click();
    assert.equal(await ben.getByRole("link", { name: "Administration" }).count(), 0);
    assert.deepEqual(ben.faults, []);
  });
}
