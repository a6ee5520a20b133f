// A code host: connected by a token, three of its 120 repositories chosen, one of which cannot be copied; then the token
// is revoked, replaced, and the account disconnected.
import assert from "node:assert/strict";
import { join } from "node:path";

import { fill, looks } from "../lib/account.mjs";
import { startCodeHost } from "../lib/code-host.mjs";
import { makeFixture } from "../lib/fixture.mjs";
import { commit, repository, write } from "../lib/git.mjs";
import { ended, lookNothingUp } from "../lib/wizard.mjs";
import { settled } from "../lib/world.mjs";

export const title = "a code host: connected, chosen from 120 repositories, one that cannot be copied, a revoked token";

const TOKEN = "ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8";
const NEXT = "ghp_Z9y8X7w6V5u4T3s2R1q0P9o8N7m6L5k4J3i2";
const DAY_MS = 24 * 60 * 60 * 1000;

const LANGUAGES = ["TypeScript", "Rust", "Go", "Python", null];
const NAMED = { 3: "api-gateway", 41: "api-billing", 77: "public-api", 104: "legacy-api-docs" };

/** 120 repositories of two owners, the newest push first. */
const REPOSITORIES = Array.from({ length: 120 }, (_, index) => ({
  id: 1000 + index,
  owner: index % 4 === 1 ? "octo-labs" : "octo",
  name: NAMED[index] ?? `service-${String(index).padStart(3, "0")}`,
  description: index % 3 === 0 ? `What service ${index} is for` : null,
  visibility: index % 5 === 0 ? "public" : index % 7 === 0 ? "internal" : "private",
  language: LANGUAGES[index % LANGUAGES.length],
  pushed: new Date(Date.UTC(2026, 9, 1) - index * DAY_MS).toISOString().replace(/\.\d+Z$/, "Z"),
  size: 120 + index * 61,
  archived: index === 104,
}));
const pathOf = (index) => `${REPOSITORIES[index].owner}/${REPOSITORIES[index].name}`;

export async function run({ step, begin, keep }) {
  const host = keep(await startCodeHost({ token: TOKEN, repositories: REPOSITORIES }));
  // A host that wants a pause is told on the console as well.
  const world = await begin({ config: host.config, tolerated: /status of 503/ });
  const { page, at, heading } = world;
  const look = (name) => looks(world, `hosts-${name}`);
  const bar = page.getByRole("region", { name: "Selection" });
  const chosen = (words) => bar.getByRole("status").filter({ hasText: words }).waitFor();

  // Two that can be copied; the host lists the third, but has nothing behind it.
  makeFixture(join(world.server.folder, "gateway"));
  host.offer(join(world.server.folder, "gateway"), `${pathOf(3)}.git`);
  const small = join(world.server.folder, "billing");
  repository(small, { "src/bill.py": "def bill(rows):\n    return sum(rows)\n" });
  write(small, "src/tax.py", "def tax(total):\n    return total / 5\n");
  commit(small, 2, "Add tax");
  host.offer(small, `${pathOf(41)}.git`);

  await step("the token's scopes are told with their reasons, and what is wrong with a token stands at its field", async () => {
    await world.enter();
    await page.getByRole("radio", { name: /Code host/ }).check({ force: true });
    await page.getByText("list your repositories, and copy the private ones").waitFor();
    const link = page.getByRole("link", { name: /Make a token on github\.com/ });
    assert.match(await link.getAttribute("href"), /^https:\/\/github\.com\/settings\/tokens\/new\?.*scopes=repo,admin:repo_hook$/);
    await look("connect");
    await fill(page, { Address: host.address(""), Token: "ghp_not-this-one" });
    await page.getByRole("button", { name: "Connect account" }).click();
    await page.getByRole("button", { name: /^Token: / }).waitFor();
    assert.equal(await page.getByLabel("Token", { exact: true }).inputValue(), "ghp_not-this-one", "what was typed is kept");
    await look("token-wrong");
  });

  await step("120 repositories: the first page is there soon, the rest follows by itself", async () => {
    const start = performance.now();
    await fill(page, { Token: TOKEN });
    await page.getByRole("button", { name: "Connect account" }).click();
    await heading("Choose repositories");
    await page.getByRole("checkbox", { name: pathOf(0), exact: true }).waitFor();
    console.log(`      the first rows came after ${Math.round(performance.now() - start)} ms`);
    await page.getByRole("status").filter({ hasText: /^120 repositories$/ }).waitFor();
    assert.deepEqual(
      host.state.asked.filter((each) => each.startsWith("GET /user/repos")).map((each) => new URLSearchParams(each.split("?")[1]).get("page")),
      ["1", "2"],
    );
    await lookNothingUp(world);
    await look("choose");
  });

  await step("a filter, three chosen by keys, and what they come to changes with each", async () => {
    await page.getByRole("searchbox", { name: "Search repositories" }).fill("api");
    await page.getByRole("status").filter({ hasText: /^4 of 120 repositories$/ }).waitFor();
    await page.getByRole("searchbox", { name: "Search repositories" }).press("Tab");
    assert.match(page.url(), /q=api/);
    const sizes = [];
    for (const index of [3, 41, 77]) {
      await page.getByRole("checkbox", { name: pathOf(index), exact: true }).focus();
      await page.keyboard.press("x");
      sizes.push(await bar.getByText(/on the host/).innerText());
    }
    await chosen("3 repositories chosen");
    assert.equal(new Set(sizes).size, 3, sizes.join());
    await bar.getByRole("button", { name: "Select all 4 matching" }).click();
    await chosen("4 repositories chosen");
    await page.getByRole("checkbox", { name: pathOf(104), exact: true }).uncheck();
    await chosen("3 repositories chosen");
    await bar.getByRole("button", { name: "Branches" }).click();
    assert.equal(await bar.getByRole("textbox", { name: `Branch of ${pathOf(3)}` }).getAttribute("placeholder"), "main");
    await look("chosen");
    // However many are chosen elsewhere, those that are listed now can be chosen at once.
    const owner = page.getByRole("combobox", { name: "Owner" });
    await page.getByRole("searchbox", { name: "Search repositories" }).fill("");
    await owner.selectOption("octo-labs");
    await bar.getByRole("button", { name: "Select all 30 matching" }).click();
    await chosen("31 repositories chosen");
    await owner.selectOption("");
    await page.getByRole("searchbox", { name: "Search repositories" }).fill("api");
    await bar.getByRole("button", { name: "Select all 4 matching" }).waitFor();
    await bar.getByRole("button", { name: "Clear the selection" }).click();
    for (const index of [3, 41, 77]) await page.getByRole("checkbox", { name: pathOf(index), exact: true }).check();
    await chosen("3 repositories chosen");
    // Another filter leaves the choice as it is.
    await page.getByRole("searchbox", { name: "Search repositories" }).fill("nothing is called so");
    await page.getByText(/^No repository matches\./).waitFor();
    await chosen("3 repositories chosen");
    await world.checkpoint("hosts-no-match");
    await page.getByRole("button", { name: "Show all" }).click();
    await page.getByRole("combobox", { name: "Owner" }).selectOption("octo-labs");
    await page.getByRole("status").filter({ hasText: /^30 of 120 repositories$/ }).waitFor();
    assert.match(page.url(), /org=octo-labs/);
  });

  await step("the one that cannot be copied says why and offers another try; the other two finish", async () => {
    const lists = () => host.state.asked.filter((each) => each.startsWith("GET /user/repos")).length;
    const before = lists();
    await bar.getByRole("button", { name: "Analyse 3 repositories" }).click();
    await page.waitForURL(/start\/progress/);
    await ended(world);
    const failed = page.getByRole("article", { name: "public-api" });
    await failed.getByText("Failed", { exact: true }).waitFor();
    await failed.getByRole("button", { name: "Analyse again" }).waitFor();
    for (const name of ["api-gateway", "api-billing"]) await page.getByRole("article", { name }).getByText("Done").first().waitFor();
    assert.equal(lists(), before, "nothing of an import asks the host for its list");
    await look("progress");
  });

  await step("what is here already says so, and leads there", async () => {
    await page.goto(at("/start/source"));
    await page.getByRole("radio", { name: /Code host/ }).check({ force: true });
    await page.getByRole("link", { name: "Choose repositories" }).click();
    const row = page.getByRole("row").filter({ hasText: pathOf(3) });
    await row.getByText("Already here").waitFor();
    assert.equal(await row.getByRole("checkbox").count(), 0);
    await world.checkpoint("hosts-already-here");
    await row.getByRole("link", { name: pathOf(3) }).click();
    await heading("api-gateway");
  });

  await step("a host that wants a pause is asked again by itself, and what was read stays", async () => {
    host.state.pause = { after: 1, seconds: 3 };
    await page.goto(at("/start/source"));
    await page.getByRole("radio", { name: /Code host/ }).check({ force: true });
    await page.getByRole("link", { name: "Choose repositories" }).click();
    await page.getByText(/^The host wants a pause\. It is asked again in/).waitFor();
    assert.ok((await page.getByRole("checkbox").count()) > 40, "what was read is there");
    await page.getByRole("status").filter({ hasText: /^100 repositories so far$/ }).waitFor();
    await page.getByRole("status").filter({ hasText: /^120 repositories$/ }).waitFor();
  });

  await step("a revoked token: the state, its reason, and another token mends it", async () => {
    host.state.token = NEXT;
    await page.getByRole("button", { name: /^Account/ }).click();
    await page.getByRole("link", { name: "Workspace settings" }).click();
    await heading("General");
    await page.getByRole("link", { name: "Integrations", exact: true }).click();
    await heading("Integrations");
    const card = page.getByRole("article", { name: "octo" });
    await card.getByText("Working").waitFor();
    await look("integrations");
    await card.getByRole("button", { name: "Check now" }).click();
    await card.getByText("Token refused").waitFor();
    await card.getByText(/^The host no longer accepts the token/).waitFor();
    await card.getByText("3 repositories").click();
    await look("integrations-refused");
    // The report that is there stays, with its age.
    await card.getByRole("link", { name: pathOf(3) }).click();
    await heading("api-gateway");
    await page.goBack();
    await card.getByRole("button", { name: "Reconnect" }).click();
    const dialog = page.getByRole("dialog", { name: "Another token for octo" });
    await fill(dialog, { Token: TOKEN });
    await dialog.getByRole("button", { name: "Use this token" }).click();
    await dialog.getByRole("button", { name: /^Token: / }).waitFor();
    await look("reconnect");
    await fill(dialog, { Token: NEXT });
    await dialog.getByRole("button", { name: "Use this token" }).click();
    await dialog.waitFor({ state: "detached" });
    await card.getByText("The new token works.").waitFor();
    await card.getByText("Working").waitFor();
  });

  await step("disconnecting says in counts what stays", async () => {
    await page.getByRole("article", { name: "octo" }).getByRole("button", { name: "Disconnect" }).click();
    const dialog = page.getByRole("dialog", { name: "Disconnect octo?" });
    await dialog.getByText(/^3 repositories stay here/).waitFor();
    await look("disconnect");
    await dialog.getByRole("button", { name: "Disconnect" }).click();
    await page.getByText(/^No code host is connected\. Connect one/).waitFor();
    await settled(page);
    assert.equal((await world.api("/repos")).total, 3);
    await page.goto(at("/start/select?host=00000000-0000-7000-8000-00000000dead"));
    await page.getByText("This account is not connected any more.").waitFor();
    await world.checkpoint("hosts-missing");
  });
}
