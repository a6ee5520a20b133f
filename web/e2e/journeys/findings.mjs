// What people do with findings: tell shipped code from tests, put some away with a reason, and hide what was there before.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { watch } from "../lib/browser.mjs";
import { makeFixture } from "../lib/fixture.mjs";
import { commit, write } from "../lib/git.mjs";
import { analysed } from "../lib/wizard.mjs";
import { PATIENCE_MS, settled } from "../lib/world.mjs";

export const title = "findings: shipped and tests, suppressed by keys, a baseline, a word about a rule, the map and who knows what";

const SHELL = "import subprocess\n\n\ndef run(name):\n    subprocess.call(\"ls \" + name, shell=True)\n";
const RULE_ROWS = "tools/";

export async function run({ step, begin, browser }) {
  const world = await begin({ tolerated: /500 \(Internal Server Error\)/ });
  const { server, page, context, checkpoint } = world;
  const folder = join(server.folder, "fixture");
  makeFixture(folder);
  for (const name of ["a", "b", "c"]) write(folder, `tools/${name}.py`, SHELL);
  write(folder, "tests/test_run.py", SHELL);
  commit(folder, 50, "Run things");
  await analysed(world, [folder, "fixture"]);
  const findings = world.place("fixture", "/findings");
  const rows = page.locator("[data-row][data-id]");
  const total = async (query = "code=shipped") => (await world.api(`/repos/fixture/findings?${query}`)).total;
  const dialog = page.getByRole("dialog", { name: "Suppress findings" });

  await step("what is shipped comes first, and how much is in tests is said on every page", async () => {
    const [shipped, tests] = [await total(), await total("code=tests")];
    assert.ok(shipped > 3 && tests > 0, `${shipped} and ${tests}`);
    await page.goto(findings);
    const codes = page.getByRole("group", { name: "Which code" });
    await codes.getByRole("button", { name: `Shipped ${shipped}`, pressed: true }).waitFor();
    await world.counts(rows, shipped);
    await codes.getByRole("button", { name: `Tests & examples ${tests}` }).click();
    await page.waitForURL(/code=tests/);
    await world.counts(rows, tests);
    await page.goBack();
    await page.goto(world.place("fixture"));
    await page.getByText(`${tests} more in tests and examples`).waitFor();
    await page.goto(world.at("/w/home/repos"));
    await page.getByText(`+ ${tests} in tests`).filter({ visible: true }).first().waitFor();
  });

  await step("rows are in the order of the terminal, the worst first, not by their path", async () => {
    const { items } = await world.api("/repos/fixture/findings?code=shipped");
    const sure = { high: 0, medium: 1, low: 2 };
    const worse = ["critical", "high", "medium", "low", "info"];
    const keys = items.slice(0, 5).map((each) => [worse.indexOf(each.severity), Number(each.kind === "smell"), sure[each.confidence]].join());
    assert.deepEqual(keys, [...keys].sort());
  });

  await step("rows are chosen by keys; an accepted risk needs a reason; the counts follow, and undo brings them back", async () => {
    await page.goto(`${findings}?path=${RULE_ROWS}`);
    await world.counts(rows, 3);
    const before = await total();
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await page.keyboard.press("Shift+J");
    await page.getByRole("region", { name: "2 findings chosen" }).waitFor();
    await checkpoint("findings-chosen");
    await page.keyboard.press("z");
    await dialog.waitFor();
    await dialog.getByLabel("Kind of reason").selectOption("accepted_risk");
    await dialog.getByText("Hides 2 open findings").waitFor();
    await dialog.getByRole("button", { name: "Suppress 2 findings" }).click();
    await dialog.getByRole("alert").filter({ hasText: "Say why" }).waitFor();
    await checkpoint("findings-suppress");
    await page.keyboard.type("Behind a login");
    // Neither Escape, once or again, nor a click beside it loses what was written.
    for (const slip of [() => page.keyboard.press("Escape"), () => page.mouse.click(8, 8)]) {
      await slip();
      await dialog.getByText("What you filled in is not saved.").waitFor();
      await checkpoint("dialog-asks");
      await page.keyboard.press("Escape");
      await dialog.getByText("What you filled in is not saved.").waitFor({ state: "hidden" });
    }
    assert.equal(await dialog.getByRole("textbox").evaluate((field) => field === document.activeElement && field.value), "Behind a login");
    await dialog.getByRole("button", { name: "Suppress 2 findings" }).click();
    await dialog.waitFor({ state: "hidden" });
    await world.counts(rows, 1);
    assert.equal(await total(), before - 2);
    await page.getByText("2 findings suppressed").waitFor();
    await page.goto(world.place("fixture"));
    await page.getByText("2 suppressed here").waitFor();
    await page.goto(`${findings}?state=suppressed`);
    await world.counts(rows, 2);
    await rows.first().click();
    await page.getByRole("complementary").getByText(/Suppressed because: Accepted risk, Behind a login/).waitFor();
    await checkpoint("findings-suppressed");
    // Beside the panel the table is narrow: places stand below the messages, and nothing has to be scrolled.
    const table = page.getByRole("region", { name: "Findings" }).filter({ has: page.getByRole("table") });
    assert.equal(await table.getByRole("columnheader", { name: "Place" }).count(), 0);
    assert.equal(await table.evaluate((box) => box.scrollWidth <= box.clientWidth), true);
    await page.goto(world.place("fixture", "/settings"));
    await page.getByRole("button", { name: "Take back" }).click();
    await page.getByText("Nobody decided to leave a finding as it is.").waitFor();
    assert.equal(await total(), before);
  });

  await step("what the server refuses is back in the list", async () => {
    await page.goto(`${findings}?path=${RULE_ROWS}`);
    await world.counts(rows, 3);
    await page.route("**/suppressions", (route) => (route.request().method() === "POST" ? route.fulfill({ status: 500, json: {} }) : route.continue()));
    await rows.first().click();
    await page.getByRole("complementary").getByRole("button", { name: "Suppress…" }).click();
    await dialog.getByRole("button", { name: "Suppress 1 finding" }).click();
    await dialog.getByRole("alert").first().waitFor();
    await page.unroute("**/suppressions");
    world.faults.length = 0;
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await world.counts(rows, 3);
  });

  await step("a rule is suppressed below a folder, in one decision that undo takes back", async () => {
    await page.getByRole("complementary").getByRole("button", { name: "Suppress…" }).click();
    await dialog.getByRole("radio", { name: /below tools\// }).check();
    await dialog.getByText("Hides 3 open findings").waitFor();
    await dialog.getByRole("button", { name: "Suppress 3 findings" }).click();
    await page.getByText("No finding passes these filters.").waitFor();
    await page.getByRole("button", { name: "Undo" }).last().click();
    await world.counts(rows, 3);
  });

  await step("a word about a finding counts for its rule", async () => {
    await page.goto(`${findings}?path=${RULE_ROWS}`);
    await rows.first().click();
    const judged = page.getByRole("complementary").getByRole("group", { name: "Is this useful?" });
    await judged.getByRole("button", { name: "Not useful" }).click();
    await page.getByText("People here found this rule useful in 0 of 1 judged.").waitFor();
    await judged.getByRole("button", { name: "Not useful", pressed: true }).click();
    await page.getByText("Nobody here has judged this rule yet.").waitFor();
    await page.keyboard.press("Escape");
  });

  await step("a baseline hides what was there, says how much, and shows what is new", async () => {
    const before = await total();
    await page.goto(findings);
    await page.getByRole("button", { name: "Hide what existed…" }).click();
    await page.getByRole("list", { name: "Hide what existed" }).getByRole("button").first().click();
    await page.getByText(`No new finding. ${before} hidden by the baseline.`).waitFor();
    await checkpoint("findings-baseline");
    write(folder, "tools/d.py", SHELL);
    commit(folder, 51, "Run more");
    await page.getByRole("button", { name: "Analyse now" }).first().click();
    await world.until("the new one is found", async () => (await total("code=shipped&new=true")) === 1);
    await world.counts(rows, 1);
    await page.getByText("New", { exact: true }).first().waitFor();
    await page.getByRole("button", { name: "Show them" }).click();
    await world.counts(rows, before + 1);
    await page.getByRole("button", { name: /Hiding what existed/ }).click();
    await page.getByRole("button", { name: "Hide nothing" }).click();
    await page.getByRole("button", { name: "Hide what existed…" }).waitFor();
  });

  await step("the list is taken along as a table and as JSON", async () => {
    const count = await total();
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto(findings);
    await page.getByRole("button", { name: "Copy as CSV" }).click();
    await page.getByText(`${count} rows copied`).waitFor();
    const lines = (await page.evaluate(() => navigator.clipboard.readText())).split("\r\n");
    assert.equal(lines.length, count + 1);
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download JSON" }).click()]);
    assert.equal(JSON.parse(readFileSync(await download.path(), "utf8")).length, count);
  });

  await step("the map of hotspots has the numbers of its table, and is walked by keys", async () => {
    const { items } = await world.api("/repos/fixture/hotspots");
    await page.goto(world.place("fixture", "/hotspots?view=map"));
    const tiles = page.getByRole("list", { name: "Files and folders by size" }).getByRole("button");
    await tiles.first().waitFor();
    await page.getByText(new RegExp(`^${items.length} hotspots?, `)).waitFor();
    await checkpoint("hotspots-map");
    await tiles.first().focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/peek=|folder=/);
    await page.keyboard.press("Escape");
    await page.keyboard.press("t");
    await page.waitForURL(/view=table/);
    await world.counts(page.getByRole("region", { name: "Hotspots" }).locator("tbody tr"), items.length);
  });

  await step("what a look-up needs is chosen in the settings, which say that it is kept", async () => {
    await page.goto(world.place("fixture", "/dependencies"));
    await page.getByRole("link", { name: "Choose how to look them up" }).first().click();
    await page.waitForURL(/settings#advisories/);
    await page.getByRole("radio").last().click();
    await page.getByRole("status").getByRole("button").first().waitFor();
    await checkpoint("settings-look-ups");
  });

  for (const [width, height] of [[1280, 800], [390, 844]]) {
    const look = await browser.newContext({ viewport: { width, height }, reducedMotion: "reduce", storageState: await context.storageState() });
    look.setDefaultTimeout(PATIENCE_MS);
    const tab = await look.newPage();
    const seen = watch(tab, server.base);
    const places = { list: "/findings", tests: "/findings?code=tests", map: "/hotspots?view=map", ownership: "/ownership", packages: "/dependencies" };
    for (const [name, path] of Object.entries(places)) {
      await step(`${name}, ${width} px`, async () => {
        seen.length = 0;
        await tab.goto(world.place("fixture", path));
        await tab.getByRole("heading", { level: 1 }).waitFor({ state: "attached" });
        await settled(tab);
        for (const theme of ["light", "dark"]) {
          await tab.emulateMedia({ colorScheme: theme });
          await tab.waitForFunction((wanted) => document.documentElement.dataset.theme === wanted, theme);
          await checkpoint(`triage-${name}-${theme}-${width}`, { target: tab, seen });
        }
      }, { alone: true });
    }
    await look.close();
  }
}
