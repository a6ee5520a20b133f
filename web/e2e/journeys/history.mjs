// What the history of a repository holds, and what became of it from one analysis to the next.
import assert from "node:assert/strict";
import { join } from "node:path";

import { watch } from "../lib/browser.mjs";
import { makeFixture } from "../lib/fixture.mjs";
import { commit, write } from "../lib/git.mjs";
import { addFolder, begin as analyse, ended, lookNothingUp } from "../lib/wizard.mjs";
import { PATIENCE_MS, settled } from "../lib/world.mjs";

export const title = "secrets of the past, two analyses beside each other, settings, and figures that explain themselves";

// Looks like a credential, and is none: it is put together here so that no scanner finds it in this file.
const TOKEN = ["glpat-", "aZ3kQ9wL2mX7vB5nR8tY"].join("");
const STILL = ["glpat-", "qX8rT1yU4iO7pA2sD5fG"].join("");
const MORE = ["glpat-", "wE5rT8yU2iO6pA9sD3fG"].join("");

export async function run({ step, begin, browser }) {
  const world = await begin();
  const { server, page, context, checkpoint } = world;
  const folder = join(server.folder, "leaky");
  makeFixture(folder);
  write(folder, "tools/run.py", "import subprocess\n\n\ndef run(name):\n    subprocess.call(\"ls \" + name, shell=True)\n");
  write(folder, "deploy.sh", `#!/bin/sh\nexport TOKEN=${TOKEN}\n`);
  commit(folder, 101, "Deploy from here");
  write(folder, "deploy.sh", "#!/bin/sh\n");
  write(folder, "conf/live.txt", `${STILL}\n`);
  commit(folder, 102, "Clean up");

  /** Waits until the run that goes on has ended. */
  const done = () => world.until("the analysis is done", async () => (await world.api("/repos/leaky")).data.running === null);
  const section = page.getByRole("region", { name: "Secrets in the history" }).first();

  await step("the wizard offers the search and says what it costs", async () => {
    await world.enter();
    await addFolder(world, folder, "leaky");
    await page.getByRole("checkbox", { name: "Search the history for secrets too" }).waitFor();
    await lookNothingUp(world);
    await checkpoint("history-wizard");
    await analyse(world);
    await ended(world);
  });

  await step("a history that nobody searched is not said to be clean; one press has it searched", async () => {
    await page.goto(world.place("leaky", "/findings"));
    await page.getByText(/was not searched for secrets/).waitFor();
    await checkpoint("past-off");
    await page.getByRole("button", { name: "Search the history" }).click();
    await page.getByText(/\d+ secrets in what \d+ commits brought/).waitFor();
    await done();
  });

  await step("each secret says where it was, which commit brought it, and whether it is still there; none is quoted", async () => {
    const { data } = await world.api("/repos/leaky/past-secrets");
    const rows = section.locator("tbody tr");
    assert.ok(data.searched && data.total >= 2, JSON.stringify(data));
    await world.counts(rows, data.items.length);
    const gone = rows.filter({ hasText: "deploy.sh:2" });
    await gone.getByText("Gone from the files").waitFor();
    await gone.getByText("Deploy from here").last().waitFor();
    await rows.filter({ hasText: "conf/live.txt" }).getByText("Still there").waitFor();
    await section.getByText(/Revoke or rotate/).waitFor();
    const answer = JSON.stringify(await world.api("/repos/leaky/past-secrets"));
    const shown = await page.locator("body").innerText();
    for (const secret of [TOKEN, STILL]) assert.ok(!answer.includes(secret) && !shown.includes(secret), "a secret is quoted");
    await checkpoint("past-secrets");
  });

  await step("a run says how long each phase took, and how many files were known", async () => {
    await page.goto(world.place("leaky", "/history"));
    await page.locator("[data-row]").first().click();
    const times = page.getByRole("region", { name: "Time by phase" }).first();
    await times.getByRole("cell", { name: /files? known from an earlier run/ }).last().waitFor();
    assert.equal(await times.locator("tbody tr").count(), 8);
    await checkpoint("run-times");
  });

  await step("after a change, two analyses stand beside each other", async () => {
    write(folder, "tools/run.py", "def run(name):\n    return name\n");
    write(folder, "tools/more.env", `KEY=${MORE}\n`);
    commit(folder, 103, "Mend one thing, break another");
    await page.goto(world.place("leaky"));
    await page.getByRole("button", { name: "Analyse now" }).click();
    await done();
    await page.goto(world.place("leaky", "/history"));
    await page.getByRole("img", { name: /Score of 3 runs/ }).waitFor();
    await checkpoint("history-line");
    await page.getByRole("link", { name: "Compare two analyses" }).click();
    await page.getByText("tools/more.env", { exact: false }).first().waitFor();
    const list = (name) => page.locator("details").filter({ hasText: name });
    await list("New findings").getByText("tools/more.env", { exact: false }).first().waitFor();
    await list("Gone findings").getByText("tools/run.py", { exact: false }).first().waitFor();
    await page.getByText("Unchanged findings").click();
    await list("Unchanged findings").getByText("conf/live.txt", { exact: false }).first().waitFor();
    await page.getByRole("navigation", { name: "Repository pages" }).locator("[aria-current]").filter({ hasText: "History" }).waitFor();
    await checkpoint("compare");
    await page.getByRole("button", { name: "Swap" }).click();
    await page.waitForURL(/base=.*head=|head=.*base=/);
    await list("Gone findings").getByText("tools/more.env", { exact: false }).first().waitFor();
  });

  await step("an address that names what is not kept says so, and leads on", async () => {
    await page.goto(world.place("leaky", "/compare?base=0000000"));
    await page.getByRole("alert").filter({ hasText: /No report of such an analysis is kept/ }).waitFor();
    await checkpoint("compare-missing");
    await page.getByRole("link", { name: "Compare the newest" }).click();
    await page.getByText("New findings").waitFor();
  });

  await step("settings: a branch that is not there is refused, the search can be switched off, people are not named", async () => {
    await page.goto(world.place("leaky", "/settings"));
    await page.getByRole("textbox", { name: "Branch to analyse" }).fill("nowhere");
    await page.getByRole("button", { name: "Save branch" }).click();
    await page.getByRole("alert").filter({ hasText: /nowhere/ }).waitFor();
    const search = page.getByRole("checkbox", { name: /Search the history for secrets/ });
    assert.equal(await search.isChecked(), true);
    await search.uncheck();
    await page.getByText("Saved. The next analysis uses it.").first().waitFor();
    await world.until("it is switched off", async () => (await world.api("/repos/leaky")).data.secrets_in_history === false);
    await page.getByRole("checkbox", { name: /Name people/ }).uncheck();
    await world.until("nobody is named", async () => (await world.api("/settings")).data.name_people === false);
    await checkpoint("settings-changed");
    const { people, named } = await world.api("/repos/leaky/hotspots");
    assert.equal(named, false);
    assert.ok(people.every(({ name }) => /^Contributor [A-Z]+$/.test(name)), JSON.stringify(people));
  });

  await step("a figure says how it comes about", async () => {
    await page.goto(world.place("leaky"));
    await page.getByRole("button", { name: "Explain: Findings" }).click();
    const popover = page.getByRole("group", { name: "Explain: Findings" });
    await popover.getByText("critical", { exact: true }).waitFor();
    await popover.getByText("What is missing").waitFor();
    await checkpoint("explain-findings");
    await page.keyboard.press("Escape");
    await popover.waitFor({ state: "hidden" });
  });

  for (const [width, height] of [[768, 1024], [390, 844]]) {
    await step(`these pages at ${width} px, light and dark`, async () => {
      const look = await browser.newContext({ viewport: { width, height }, reducedMotion: "reduce", storageState: await context.storageState() });
      look.setDefaultTimeout(PATIENCE_MS);
      const tab = await look.newPage();
      const seen = watch(tab, server.base);
      for (const [name, path] of [["past", "/findings"], ["line", "/history"], ["compared", "/compare"], ["settings", "/settings"]]) {
        await tab.emulateMedia({ colorScheme: "light" });
        await tab.goto(world.place("leaky", path));
        await tab.getByRole("heading", { level: 1 }).waitFor({ state: "attached" });
        await settled(tab);
        for (const theme of ["light", "dark"]) {
          await tab.emulateMedia({ colorScheme: theme });
          await tab.waitForFunction((wanted) => document.documentElement.dataset.theme === wanted, theme);
          await checkpoint(`leaky-${name}-${theme}-${width}`, { target: tab, seen, coloursOnly: theme === "dark" });
        }
      }
      await look.close();
    }, { alone: true });
  }
}
