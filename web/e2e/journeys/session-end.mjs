// A session that runs out while somebody works, and a server that nobody has set up yet.
import assert from "node:assert/strict";

import { axe, watch } from "../lib/browser.mjs";
import { fill, looks, signIn } from "../lib/account.mjs";
import { PATIENCE_MS } from "../lib/world.mjs";

export const title = "the access token runs out: one refresh for three windows, then a dialog that keeps what was typed";

const OWNER = { name: "Ana Lopez", email: "ana@example.org", password: "orbit lantern quarry seven" };

export async function run({ step, begin, keep, browser }) {
  const world = await begin({ tolerated: /WebSocket connection/ });
  const { server, page, context, at, heading } = world;
  const look = (name, target = page) => looks(world, name, target);
  const { port } = new URL(server.base);

  await step("the printed link's code sets the server up, and a closed sign-up says whom to ask", async () => {
    await page.goto(at("/sign-in"));
    await page.getByText("devmentor link").waitFor();
    await look("sign-in-link-only");
    await page.goto(at("/sign-up"));
    await heading("Sign-up is closed");
    await page.getByText("Ask whoever runs it to open sign-up.").first().waitFor();
    await look("sign-up-closed");
    await page.goto(at("/enter#0000"));
    await heading("This link cannot be used");
    await page.goto(server.url.replace("/enter#", "/setup#"));
    await heading("Set up this server");
    assert.equal(await page.getByLabel("Set-up code").inputValue(), server.url.split("#")[1]);
    assert.equal(new URL(page.url()).hash, "");
    await look("setup");
    await fill(page, { Name: OWNER.name, Email: "ana", Password: OWNER.password });
    await page.getByRole("button", { name: "Set up" }).click();
    // What cannot be taken costs nothing: the code opens the server only with a form that is right.
    await page.locator("[aria-invalid=true]").waitFor();
    await fill(page, { Email: OWNER.email });
    await page.getByRole("button", { name: "Set up" }).click();
    await heading("What should DevMentor look at?");
  });

  const field = (target) => target.getByRole("textbox", { name: "New task" });
  const windows = [page];
  await step("three windows whose access token is gone go on, with one refresh together", async () => {
    for (const _ of [1, 2]) {
      const window = await context.newPage();
      window.faults = watch(window, server.base, /WebSocket connection/);
      windows.push(window);
    }
    for (const [index, window] of windows.entries()) {
      await window.goto(at("/w/home/tasks"));
      await field(window).fill(`Task of window ${index}`);
      await window.locator("nav [role=status]").filter({ hasText: /^Live/ }).first().waitFor();
    }
    const refreshes = [];
    context.on("request", (request) => {
      if (request.url().endsWith("/auth/refresh")) refreshes.push(request.url());
    });
    await context.clearCookies({ name: `devmentor-${port}` });
    await Promise.all(windows.map((window) => field(window).press("Enter")));
    for (const [index, window] of windows.entries()) await window.getByRole("link", { name: `Task of window ${index}` }).waitFor();
    assert.equal(refreshes.length, 1, "one refresh");
    const { items } = await world.api("/tasks");
    assert.deepEqual(items.map((task) => task.title).sort(), [0, 1, 2].map((index) => `Task of window ${index}`));
    for (const window of windows.slice(1)) assert.deepEqual(window.faults, []);
  });

  await step("where nothing is left to refresh with, the dialog comes, and what was sent waits for it", async () => {
    await context.clearCookies();
    await field(page).fill("Sent while signed out");
    await field(page).press("Enter");
    const dialog = page.getByRole("dialog", { name: "You were signed out" });
    await dialog.waitFor();
    await field(windows[1]).fill("A draft");
    await field(windows[1]).press("Enter");
    await windows[1].getByRole("dialog", { name: "You were signed out" }).waitFor();
    await world.until("the first field has the focus", () => page.evaluate(() => document.activeElement.getAttribute("name") === "email"));
    // What waits behind the dialog is busy, so that this is no page that settles.
    assert.deepEqual(await axe(page), []);
    await signIn(dialog, OWNER.email, "not the right password");
    await dialog.getByText("Email or password is not right.").waitFor();
    await signIn(dialog, OWNER.email, OWNER.password);
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Sent while signed out" }).waitFor();
    // The other window heard of it, and its draft went on as well.
    await windows[1].getByRole("dialog").waitFor({ state: "detached" });
    await windows[1].getByRole("link", { name: "A draft" }).waitFor();
    const { items } = await world.api("/tasks");
    for (const title of ["Sent while signed out", "A draft"]) {
      assert.equal(items.filter((task) => task.title === title).length, 1, `${title} is there once`);
    }
  });

  await step("a window that is opened when nobody is signed in begins at the sign-in", async () => {
    const apart = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce", serviceWorkers: "block" });
    keep({ stop: () => apart.close() });
    apart.setDefaultTimeout(PATIENCE_MS);
    const window = await apart.newPage();
    await window.goto(at("/w/home/tasks"));
    await window.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    assert.equal(await window.getByRole("dialog").count(), 0);
    await signIn(window, OWNER.email, OWNER.password);
    await window.getByRole("link", { name: "A draft" }).waitFor();
  });
}
