// Somebody who is not signed in: the landing page, the sample, and nothing else; then the sample in the wizard.
import assert from "node:assert/strict";

import { begin, ended, lookNothingUp } from "../lib/wizard.mjs";
import { settled } from "../lib/world.mjs";

export const title = "the landing page and the sample, without and with a session";

const PAGES = {
  overview: "",
  insights: "/insights",
  findings: "/findings",
  dependencies: "/dependencies",
  architecture: "/architecture",
  "architecture-table": "/architecture?view=table",
  hotspots: "/hotspots",
  history: "/history",
};

export async function run({ step, begin: open }) {
  const world = await open({ tolerated: /status of 500/ });
  const { page, at, heading, checkpoint, until } = world;
  const place = (path) => at(`/w/sample/repos/parcel-desk${path}`);
  // The program writes its sample beside everything else that it does at the start.
  await until("the sample is there", async () => {
    const answer = await page.request.get(at("/api/v1/w/sample/repos/parcel-desk"));
    return answer.ok() && (await answer.json()).data.latest !== null;
  });

  await step("who comes for the first time reads what this is before any script has run", async () => {
    const plain = await page.context().browser().newContext({ javaScriptEnabled: false });
    const first = await plain.newPage();
    await first.goto(at("/"));
    await first.getByRole("heading", { level: 1, name: /^Point it at your repositories/ }).waitFor();
    await first.getByRole("link", { name: "See a sample report" }).click();
    await first.waitForURL("**/sample");
    await first.goto(at("/"));
    assert.equal(await first.getByText("devmentor link").count(), 0, "which way in there is only the server knows");
    await plain.close();
  });

  await step("the first page says what this is, shows a piece of the sample, and how to get in", async () => {
    await page.goto(at("/"));
    await heading(/^Point it at your repositories/);
    await page.getByRole("region", { name: "From the sample" }).getByText("parcel-desk").waitFor();
    await page.getByText("devmentor link").waitFor();
    await page.getByRole("link", { name: "Set up this server" }).waitFor();
    await page.getByRole("button", { name: "Theme" }).click();
    await page.getByText("Dark", { exact: true }).click();
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
    await page.getByText("System", { exact: true }).click();
    await page.keyboard.press("Escape");
    await page.getByTestId("source").locator("[data-marked=true]").first().waitFor();
    for (const scheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme: scheme });
      for (const width of [1280, 768, 390]) {
        await page.setViewportSize({ width, height: 800 });
        await checkpoint(`landing-${scheme}-${width}`);
      }
    }
  });

  await step("a server that does not say its way in is told of, and asked again", async () => {
    const later = await page.context().newPage();
    const refuse = (route) => route.fulfill({ status: 500, contentType: "text/plain", body: "Out of order" });
    await later.route("**/api/v1/setup", refuse);
    await later.goto(at("/"));
    const alert = later.getByRole("alert").filter({ hasText: "how people get in here" });
    await alert.waitFor();
    assert.equal(await later.getByRole("region", { name: "The way in" }).count(), 0, "there is no empty box");
    await later.unroute("**/api/v1/setup", refuse);
    await alert.getByRole("button", { name: "Try again" }).click();
    await later.getByRole("link", { name: "Set up this server" }).waitFor();
    await later.close();
  });

  await step("every page of the sample is there for everybody, in both themes and on a phone", async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ colorScheme: "light" });
    await page.getByRole("link", { name: "See a sample report" }).click();
    await page.waitForURL("**/w/sample/repos/parcel-desk");
    await heading("parcel-desk");
    await page.getByText("Sample data").waitFor();
    for (const [name, path] of Object.entries(PAGES)) {
      await page.emulateMedia({ colorScheme: "light" });
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.goto(place(path));
      await heading("parcel-desk");
      await checkpoint(`sample-${name}-light-1280`);
      await page.emulateMedia({ colorScheme: "dark" });
      await page.setViewportSize({ width: 390, height: 844 });
      await checkpoint(`sample-${name}-dark-390`, { coloursOnly: true });
    }
  });

  await step("evidence opens, and nothing can be changed", async () => {
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(place(""));
    await settled(page);
    await page.getByRole("link", { name: /^service\/app\.py:/ }).first().click();
    await page.getByTestId("source").locator("[data-marked=true]").first().waitFor();
    for (const name of ["Analyse now", "Make task", "Dismiss…"]) {
      assert.equal(await page.getByRole("button", { name }).count(), 0, name);
    }
    assert.equal(await page.getByRole("link", { name: "Settings", exact: true }).count(), 0);
    assert.equal(await page.getByRole("link", { name: "Tasks", exact: true }).count(), 0);
  });

  await step("everything else stays behind the sign-in", async () => {
    for (const path of ["/w/home/repos", "/w/home/tasks", "/start/source", "/developers/api"]) {
      await page.goto(at(path));
      await heading("Sign in");
    }
    assert.equal((await page.request.get(at("/api/v1/w/home/repos"))).status(), 401);
    assert.equal((await page.request.get(at("/api/v1/w/sample/tasks"))).status(), 401);
  });

  await step("the wizard offers the sample, and it is analysed like any other, by keys alone", async () => {
    await world.enter();
    await page.getByRole("radio", { name: /^This machine/ }).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    const add = page.getByRole("button", { name: "Add the sample to the list" });
    await add.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: "Chosen" }).getByRole("listitem").filter({ hasText: "parcel-desk" }).waitFor();
    await lookNothingUp(world);
    await checkpoint("start-sample");
    await begin(world);
    await ended(world);
    await page.goto(at("/w/home/repos/parcel-desk"));
    await heading("parcel-desk");
    await page.getByText("Comes with DevMentor").first().waitFor();
    await page.getByRole("button", { name: "Analyse now" }).waitFor();
  });

  await step("whoever is signed in comes back from the sample to their own", async () => {
    await page.goto(at("/sample"));
    await page.getByText("Sample data").waitFor();
    await page.getByRole("link", { name: "Use your own repository" }).click();
    await page.waitForURL("**/w/home/repos");
  });
}
