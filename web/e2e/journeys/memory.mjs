// Memories: written by hand and from what is on the screen, found again, changed by two people, replaced and forgotten.
import assert from "node:assert/strict";
import { join } from "node:path";

import { fill, looks } from "../lib/account.mjs";
import { watch } from "../lib/browser.mjs";
import { HARD, makeFixture } from "../lib/fixture.mjs";
import { analysed } from "../lib/wizard.mjs";
import { settled } from "../lib/world.mjs";

export const title = "memories: kept, found with their reasons, confirmed, replaced, forgotten";

const RETRIES = "Cap retries of the payment client at three";
const OTHERS = "Deploys wait for the nightly figures";
const ROUNDING = "Round rebates before they are added";

export async function run({ step, begin }) {
  // A refused change is told on the console as well.
  const world = await begin({ tolerated: /status of 409/ });
  const { server, page, context, at, checkpoint } = world;
  makeFixture(join(server.folder, "fixture"));
  await analysed(world, [join(server.folder, "fixture"), "fixture"]);

  const look = (name) => looks(world, `memory-${name}`);
  const list = page.getByRole("list", { name: "Memory" });
  const row = (name) => list.getByRole("listitem").filter({ hasText: name });
  const panel = page.getByRole("complementary");
  const dialog = page.getByRole("dialog");
  const memories = async (query = "") => (await world.api(`/memories${query}`)).items;
  const named = async (name) => (await memories()).find(({ title: each }) => each === name);
  const send = async (method, path, data) => {
    const reply = await page.request[method](at(`/api/v1/w/home/memories${path}`), { data, headers: { origin: at("") } });
    assert.ok(reply.ok(), await reply.text());
  };
  const open = async (name) => {
    await row(name).getByRole("link").click();
    await panel.getByRole("heading", { level: 2, name }).waitFor();
  };

  await step("who has none is told what they are for, with things worth keeping from the newest report", async () => {
    await page.goto(at("/w/home/repos"));
    await settled(page);
    await world.chord("g", "m");
    await world.heading("Memory");
    await page.getByRole("heading", { name: "Nothing is remembered yet" }).waitFor();
    const { items } = await world.api("/repos/fixture/insights");
    const [first] = items.filter(({ state }) => state === "open");
    const plain = first.title.replaceAll("`", "");
    const example = page.getByRole("listitem").filter({ hasText: plain });
    await look("first");
    await example.getByRole("button", { name: "Remember this" }).click();
    assert.equal(await dialog.getByLabel("Title").inputValue(), first.title);
    await look("from-insight");
    // Somebody else saves the first one: the page it began on goes, what is written stays.
    await send("post", "", { title: OTHERS });
    await page.getByText(OTHERS).waitFor();
    assert.equal(await dialog.getByLabel("Title").inputValue(), first.title);
    await dialog.getByRole("button", { name: "Save memory" }).click();
    await dialog.waitFor({ state: "hidden" });
    await row(plain).waitFor();
    const [saved] = await memories();
    const repo = (await world.api("/repos/fixture")).data.id;
    assert.ok(saved.evidence.length >= 1 && saved.evidence.every((piece) => piece.repo === repo), JSON.stringify(saved.evidence));
  });

  await step("one is written by hand, with tags, evidence and an end", async () => {
    await page.keyboard.press("n");
    await dialog.getByRole("button", { name: "Save memory" }).click();
    await dialog.getByText("Title is missing.").waitFor();
    await fill(dialog, { Title: RETRIES, Text: "The provider blocks us after **five** calls.\n\n```\nHTTP 429 too many requests\n```", Tags: "API, retries", "Holds until": "2099-05-03" });
    await dialog.getByLabel("Kind", { exact: true }).selectOption("decision");
    await dialog.getByRole("button", { name: "Add evidence" }).click();
    await dialog.getByLabel("Kind of evidence").selectOption("file");
    await dialog.getByLabel("What it points at").fill(`${HARD}:3-5`);
    await dialog.getByRole("button", { name: "Add evidence" }).click();
    // What is written and not added is saved with the rest.
    await dialog.getByRole("button", { name: "Add evidence" }).click();
    await dialog.getByLabel("What it points at").fill("https://example.org/limits");
    await look("editor");
    await page.keyboard.press("Escape");
    await dialog.getByText("What you wrote is not saved.").waitFor();
    assert.equal(await dialog.getByLabel("Title").inputValue(), RETRIES);
    await dialog.getByRole("button", { name: "Save memory" }).click();
    await panel.getByRole("heading", { level: 2, name: RETRIES }).waitFor();
    const saved = await named(RETRIES);
    assert.deepEqual([saved.kind, saved.tags, saved.scope, saved.evidence[0].target], ["decision", ["api", "retries"], "workspace", `${HARD}:3-5`]);
    assert.equal(saved.evidence[1]?.target, "https://example.org/limits");
    assert.ok(saved.expires_at.startsWith("2099-05-0"), saved.expires_at);
    await look("peek");
  });

  await step("its evidence opens the lines it rests on", async () => {
    await panel.getByRole("link", { name: `${HARD}:3-5` }).click();
    const source = page.getByRole("complementary", { name: `Source of ${HARD}` });
    await source.locator("[data-marked=true]").first().waitFor();
    assert.equal(await source.locator("[data-marked=true]").count(), 3);
    await page.goBack();
    await panel.getByRole("heading", { level: 2, name: RETRIES }).waitFor();
  });

  await step("a finding and lines of code are remembered where they are read", async () => {
    await page.goto(world.place("fixture", "/findings"));
    await page.locator("[data-row]").first().click();
    await panel.getByRole("button", { name: "Remember this" }).click();
    await dialog.getByRole("button", { name: "Save memory" }).click();
    const way = panel.getByRole("link", { name: "Remembered" });
    await way.waitFor();
    // Taken back, it can be remembered again.
    await page.keyboard.press("Control+z");
    await panel.getByRole("button", { name: "Remember this" }).click();
    await dialog.getByRole("button", { name: "Save memory" }).click();
    await way.waitFor();
    await checkpoint("memory-finding");
    await way.click();
    await world.heading("Memory");
    await panel.getByRole("link", { name: "Finding" }).click();
    await page.waitForURL(/\/findings\?.*peek=finding/);
    await page.goto(world.place("fixture", `/code/${HARD}#L3-L5`));
    await page.getByRole("button", { name: "Remember this" }).click();
    await fill(dialog, { Title: ROUNDING, Text: "Sums were off by a cent.", Tags: "money" });
    await dialog.getByRole("radio", { name: "Only me" }).check();
    await dialog.getByRole("button", { name: "Save memory" }).click();
    await dialog.waitFor({ state: "hidden" });
    const saved = await named(ROUNDING);
    assert.equal(saved.scope, "private");
    assert.deepEqual([saved.evidence[0].kind, saved.evidence[0].target], ["file", `${HARD}:3-5`]);
    assert.match(saved.evidence[0].commit, /^[0-9a-f]{40}$/);
  });

  await step("what helps with a question is found, best first, and the reasons add up", async () => {
    await page.goto(at("/w/home/memory"));
    await page.getByRole("searchbox").fill("how often may we call the payment provider again?");
    await page.keyboard.press("Enter");
    await page.waitForURL(/[?&]q=/);
    const best = list.getByRole("listitem").first();
    await best.filter({ hasText: RETRIES }).waitFor();
    await best.getByText(/alike in meaning/).waitFor();
    await best.getByRole("link").click();
    await panel.getByText("Why it was found").waitFor();
    const sum = Number(await panel.locator("[data-sum]").getAttribute("data-sum"));
    const parts = await panel.locator("[data-part]").evaluateAll((all) => all.map((each) => Number(each.dataset.part)));
    assert.ok(parts.length >= 2 && Math.abs(parts.reduce((all, each) => all + each, 0) - sum) < 1e-6, `${parts} and ${sum}`);
    await look("found");
    await page.getByRole("searchbox").focus();
    await page.getByRole("searchbox").fill("zzzyq");
    await page.keyboard.press("Enter");
    await page.waitForURL(/q=zzzyq/);
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("type")), "search", "the field keeps the focus");
    await page.getByRole("button", { name: "Clear filters" }).click();
    await row(RETRIES).waitFor();
  });

  await step("filters stand in the address, and their counts are the rows", async () => {
    const all = await list.getByRole("listitem").count();
    assert.equal(all, (await memories()).length);
    await page.getByRole("group", { name: "Kind" }).getByRole("radio", { name: /Decision/ }).check();
    await page.waitForURL(/kind=decision/);
    await world.counts(list.getByRole("listitem"), 1);
    await page.getByRole("group", { name: "Kind" }).getByRole("radio", { name: /^All/ }).check();
    await world.counts(list.getByRole("listitem"), all);
    await page.getByRole("button", { name: "Only mine" }).click();
    await page.waitForURL(/scope=private/);
    await world.counts(list.getByRole("listitem"), 1);
    await page.getByRole("group", { name: "Tag" }).getByRole("checkbox", { name: /retries/ }).check();
    await page.getByText("No memory passes these filters.").waitFor();
    await checkpoint("memory-filtered-away");
    await page.getByRole("button", { name: "Clear filters" }).first().click();
    await world.counts(list.getByRole("listitem"), all);
  });

  await step("two people change it: each field is theirs or mine, and nothing is lost", async () => {
    const other = await context.newPage();
    const seen = watch(other, server.base, /status of 409/);
    await open(RETRIES);
    await page.keyboard.press("e");
    await fill(dialog, { Title: `${RETRIES}, mine`, Tags: "api, mine" });
    await other.goto(page.url());
    const there = other.getByRole("complementary");
    await there.getByRole("button", { name: "Edit" }).click();
    await fill(other.getByRole("dialog"), { Title: `${RETRIES}, theirs`, Tags: "api, theirs" });
    await other.getByRole("button", { name: "Save changes" }).click();
    await there.getByRole("heading", { level: 2, name: `${RETRIES}, theirs` }).waitFor();
    await dialog.getByRole("button", { name: "Save changes" }).click();
    const choice = page.getByRole("dialog", { name: "A memory was changed in the meantime" });
    await choice.waitFor();
    await look("conflict");
    await choice.getByRole("group", { name: "Tags" }).getByRole("radio", { name: "Yours" }).check();
    await choice.getByRole("button", { name: "Save the choice" }).click();
    await world.until("the choice is saved", async () => (await named(`${RETRIES}, theirs`))?.tags.join() === "api,mine");
    // The other window learns of it by itself.
    await there.getByText("mine", { exact: true }).waitFor();
    assert.deepEqual(seen, []);
    await other.close();
  });

  await step("it is confirmed, archived with a way back, and replaced by what is true now", async () => {
    await panel.getByRole("heading", { level: 2, name: `${RETRIES}, theirs` }).waitFor();
    await page.keyboard.press("y");
    await panel.getByText("High: a person confirmed it").waitFor();
    // The page may know of it before its own request was answered; then it says so.
    await page.getByText("Confirmed: it still holds.").waitFor();
    await page.keyboard.press("a");
    await panel.getByText("It was put away").waitFor();
    await panel.getByRole("button", { name: "Bring back" }).waitFor();
    await page.getByText("Archived. It is listed").waitFor();
    await page.keyboard.press("Control+z");
    await panel.getByRole("button", { name: "Archive" }).waitFor();
    await panel.getByRole("button", { name: "Replace with…" }).click();
    await fill(dialog, { Title: "Cap retries of the payment client at five" });
    // Somebody changes the old one meanwhile: it is replaced as it is then.
    const old = await named(`${RETRIES}, theirs`);
    await send("patch", `/${old.id}`, { version: old.version, tags: ["later"] });
    await page.locator("aside").getByText("later", { exact: true }).waitFor();
    await dialog.getByRole("button", { name: "Replace", exact: true }).click();
    await panel.getByRole("heading", { level: 2, name: "Cap retries of the payment client at five" }).waitFor();
    await row(`${RETRIES}, theirs`).getByText("Superseded").waitFor();
    await look("replaced");
    await row(`${RETRIES}, theirs`).getByRole("link").click();
    await panel.getByRole("link", { name: "see what is true now" }).click();
    await panel.getByRole("heading", { level: 2, name: "Cap retries of the payment client at five" }).waitFor();
  });

  await step("what is forgotten is in no list and no answer", async () => {
    const { id } = await named(ROUNDING);
    await open(ROUNDING);
    await panel.getByRole("button", { name: "Forget…" }).click();
    await dialog.getByText("This cannot be taken back.").waitFor();
    await look("forget");
    await dialog.getByRole("button", { name: "Forget it" }).click();
    await world.counts(row(ROUNDING), 0);
    await page.goto(at(`/w/home/memory?peek=memory:${id}`));
    await panel.getByText("This memory was forgotten, or is not shared with you.").waitFor();
    await page.goto(at("/w/home/repos"));
    await settled(page);
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").fill("rebates off by a cent");
    await page.getByRole("option", { name: /Look in memory/ }).click();
    await page.waitForURL(/\/memory\?q=/);
    await page.getByText(/memor(y|ies) found|Nothing found/).waitFor();
    assert.equal(await page.getByText(ROUNDING).count(), 0);
  });

  await step("all of it works with the keyboard alone", async () => {
    await page.goto(at("/w/home/memory"));
    await row("Cap retries of the payment client at five").waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await panel.waitFor();
    await page.keyboard.press("Escape");
    await panel.waitFor({ state: "hidden" });
    await page.keyboard.press("/");
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("type")), "search");
    await page.keyboard.press("?");
    await page.keyboard.press("Escape");
    await checkpoint("memory-list");
  });
}
