// Conversations with the mentor: evidence without a model, then a model that streams, cites, invents, is stopped, breaks
// off and is not there; what is sent is what the preview showed; what was said becomes a memory.
import assert from "node:assert/strict";
import { join } from "node:path";

import { fill, looks } from "../lib/account.mjs";
import { HARD, makeFixture } from "../lib/fixture.mjs";
import { startModelServer, told } from "../lib/model-server.mjs";
import { analysed } from "../lib/wizard.mjs";
import { settled } from "../lib/world.mjs";

export const title = "chat: evidence without a model, streaming, citations, stop, fallback, preview, memory";

// Looks like a credential, and is none: it is put together here so that no scanner finds it in this file.
const SECRET = ["AKIA", "Z7QF3M2LXNPB4W6T"].join("");

export async function run({ step, begin, keep }) {
  const [house, spare] = [keep(await startModelServer()), keep(await startModelServer())];
  const world = await begin({ config: { outbound: { allowed_hosts: [house.host, spare.host] } }, tolerated: /status of (409|500|502|503)/ });
  const { server, page, at, context } = world;
  makeFixture(join(server.folder, "fixture"));
  await analysed(world, [join(server.folder, "fixture"), "fixture"]);

  const look = (name) => looks(world, `chat-${name}`);
  const field = page.getByLabel("Your question");
  const answers = page.locator("[data-answer]");
  const last = answers.last();
  const panel = page.getByRole("complementary");
  const dialog = page.getByRole("dialog");
  const preview = page.getByRole("region", { name: "What will be sent" });
  const status = page.locator("[role=status]");
  const send = async (method, path, data) => {
    const reply = await context.request[method](at(`/api/v1/w/home${path}`), { data, headers: { origin: at("") } });
    assert.ok(reply.ok(), `${path}: ${await reply.text()}`);
    return reply.json();
  };
  const ask = async (text) => {
    await field.fill(text);
    await field.press("Enter");
  };
  /** Waits until so many answers are there, and none is being written. */
  const answered = async (count) => {
    await world.counts(answers, count);
    await page.getByRole("button", { name: "Ask", exact: true }).waitFor();
  };

  await step("without a model the passages themselves are the answer, and the page says so", async () => {
    await page.goto(at("/w/home/repos"));
    await settled(page);
    await world.chord("g", "h");
    await world.heading("Chat");
    await look("first");
    await ask("How does settle add up the lines?");
    await page.waitForURL(/\/chat\/[0-9a-f-]{36}/);
    await last.getByText("Evidence mode: no model is writing").waitFor();
    await last.getByRole("link", { name: "Add a provider" }).waitFor();
    const found = await last.getByRole("listitem").allInnerTexts();
    assert.ok(found.some((text) => text.includes(HARD)), `none of ${found.length} sources is ${HARD}`);
    await look("evidence");
    await last.getByRole("link", { name: new RegExp(HARD) }).first().click();
    await panel.getByTestId("passage").waitFor();
    await look("evidence-peek");
    await page.keyboard.press("Escape");
    await panel.waitFor({ state: "hidden" });
  });

  await step("what will be sent is shown before, without the secret, and is what the model receives letter by letter", async () => {
    const add = (name, model) => send("post", "/models/providers", { kind: "openai", name, address: model.address });
    const [first, second] = [await add("House", house), await add("Spare", spare)];
    const { version } = (await world.api("/models")).data;
    const route = (provider) => ({ provider: provider.id, model: "qwen-coder-7b" });
    await send("put", "/models", { version, routes: [route(first), route(second)], workspace: { tokens: null, micros: null }, person: { tokens: null, micros: null } });
    await page.goto(at("/w/home/chat"));
    await settled(page);
    await field.fill(`Where is ${SECRET} used, and what does settle do with each line?`);
    await page.keyboard.press("Alt+p");
    await preview.getByText("House · qwen-coder-7b").waitFor();
    const chips = preview.getByRole("list", { name: "What the answer rests on" }).getByRole("listitem");
    await world.until("pieces are offered", async () => (await chips.count()) >= 2);
    await chips.last().getByRole("button", { name: /^Leave out: / }).click();
    await preview.getByText(/1 piece is left out/).waitFor();
    await preview.getByText("The exact text").click();
    await preview.locator("mark").first().waitFor();
    await look("preview");
    await world.until("the preview rests", async () => (await preview.locator("[aria-busy=true]").count()) === 0);
    const shown = await preview.locator("[data-sent]").allTextContents();
    house.state.say = `It adds each line up [1]. The ledger is told twice [99].\n\n\`\`\`ts\nexport const total = 1;\n\`\`\``;
    await field.press("Enter");
    await answered(1);
    const [asked] = house.state.asked;
    assert.ok(!JSON.stringify(asked).includes(SECRET), "the secret left");
    assert.deepEqual(told(asked).map((text) => text.replaceAll("\r", "")), shown);
  });

  await step("citations open what they cite, and an invented one is marked", async () => {
    await last.locator("[data-unsupported]").waitFor();
    await last.getByText("1 citation rests on nothing that was read. It is marked.").waitFor();
    assert.match(await last.innerText(), /House · qwen-coder-7b/);
    await look("answer");
    await page.locator("h1").focus();
    await page.keyboard.press("n");
    assert.equal(await page.evaluate(() => document.activeElement?.hasAttribute("data-cite")), true);
    await page.keyboard.press("Enter");
    await panel.getByRole("heading", { name: /Source 1/ }).waitFor();
    await look("cited");
    await page.keyboard.press("Escape");
    await last.getByRole("button", { name: "What was sent" }).click();
    await dialog.locator("[data-sent]").first().waitFor();
    assert.deepEqual(await dialog.locator("[data-sent]").allTextContents(), told(house.state.asked[0]));
    await page.keyboard.press("Escape");
  });

  await step("a first sign comes at once, and the text as it is written", async () => {
    house.state.say = Array.from({ length: 400 }, (_, at) => ({ text: `word${at} `, after: 50 }));
    await field.fill("Tell me more about the ledger");
    const [sign] = await Promise.all([
      page.evaluate(
        () =>
          new Promise((resolve) => {
            const from = { at: 0 };
            addEventListener("keydown", () => (from.at = performance.now()), { once: true, capture: true });
            new MutationObserver((_, observer) => {
              if (from.at === 0 || !document.querySelector("[data-running]")) return;
              observer.disconnect();
              resolve(performance.now() - from.at);
            }).observe(document.body, { childList: true, subtree: true });
          }),
      ),
      field.press("Enter"),
    ]);
    console.log(`      first sign after ${sign.toFixed(0)} ms`);
    await page.getByText(/word12 /).waitFor();
    await page.screenshot({ path: "e2e/shots/chat-streaming.png" });
    assert.equal(await status.filter({ hasText: "word" }).count(), 0, "its words are not read out");
  });

  await step("stopped, it keeps what was said, and the model is told within a second", async () => {
    const since = Date.now();
    await field.press("Escape");
    await world.until("the model was told", async () => house.state.left === 1);
    assert.ok(Date.now() - since < 1000 + 100, `${Date.now() - since} ms`);
    await last.getByText("Stopped by you, incomplete").waitFor();
    assert.match(await last.innerText(), /word12/);
    await look("stopped");
    await page.reload();
    await last.getByText("Stopped by you, incomplete").waitFor();
    house.state.say = "The rest of it [1].";
    await last.getByRole("button", { name: "Continue" }).click();
    await answered(3);
    await last.getByText("The rest of it").waitFor();
  });

  await step("where the first model is down the answer says who wrote it; where all are, the passages are the answer", async () => {
    house.state.fail = 503;
    spare.state.say = "Written by the other one [1].";
    await ask("And now?");
    await last.getByText(/Answered by Spare · qwen-coder-7b\./).waitFor();
    await look("fallback");
    spare.state.fail = 503;
    await ask("How does settle add up the lines?");
    await last.getByText("Evidence mode: no model is writing").waitFor();
    await look("all-down");
    house.state.fail = 0;
    spare.state.fail = 0;
  });

  await step("an answer that breaks off is kept, and is given again", async () => {
    Object.assign(house.state, { say: [{ text: "The beginning of it", after: 0 }, { text: " and more", after: 300 }, { text: "never", after: 300 }], cut: 2 });
    await ask("What is replayed?");
    await last.getByText("Incomplete").waitFor();
    assert.match(await last.innerText(), /The beginning of it/);
    const count = await answers.count();
    Object.assign(house.state, { say: "All of it [1].", cut: -1 });
    await last.getByRole("button", { name: "Answer again" }).click();
    await last.getByText("All of it").waitFor();
    await answered(count);
  });

  await step("an earlier question is asked otherwise, and what followed goes", async () => {
    const questions = page.getByRole("button", { name: "Edit question" });
    assert.ok((await questions.count()) > 2);
    await questions.nth(1).click();
    await page.getByText("Another question takes the place of the earlier one").waitFor();
    house.state.say = "Said anew [1].";
    await ask("Tell me less about the ledger");
    await answered(2);
    await last.getByText("Said anew").waitFor();
  });

  await step("an answer is rated, and kept as a memory with what it cites", async () => {
    await last.getByRole("button", { name: "Not helpful" }).click();
    await last.getByRole("button", { name: "Too long" }).click();
    const thread = page.url().match(/chat\/([0-9a-f-]{36})/)[1];
    await world.until("it is noted", async () => (await world.api(`/chat/threads/${thread}`)).data.messages.at(-1).reasons.includes("Too long"));
    await look("rated");
    await last.getByRole("button", { name: "Save to memory" }).click();
    assert.equal(await dialog.getByLabel("Title").inputValue(), "Tell me less about the ledger");
    await dialog.getByRole("button", { name: "Save memory" }).click();
    await dialog.waitFor({ state: "hidden" });
    await world.until("it is kept", async () => (await world.api("/memories")).items.some(({ title: each }) => each === "Tell me less about the ledger"));
  });

  await step("conversations are found, pinned, renamed, archived and deleted", async () => {
    const menu = page.getByRole("button", { name: "Conversation", exact: true });
    const choose = async (name) => {
      await menu.click();
      await page.getByRole("button", { name, exact: true }).click();
    };
    await choose("Rename…");
    await fill(dialog, { Title: "The ledger" });
    await dialog.getByRole("button", { name: "Save title" }).click();
    await world.heading("The ledger");
    await choose("Pin");
    const rows = page.getByRole("list", { name: "Conversations" }).getByRole("listitem");
    await rows.first().filter({ hasText: "The ledger" }).waitFor();
    await page.getByRole("searchbox").fill("settle add up");
    await page.getByRole("searchbox").press("Enter");
    await page.waitForURL(/q=/);
    await rows.first().filter({ hasText: "How does settle" }).waitFor();
    await page.getByRole("searchbox").fill("");
    await page.getByRole("searchbox").press("Enter");
    await choose("Archive");
    await page.getByText("Archived").first().waitFor();
    await world.counts(rows.filter({ hasText: "The ledger" }), 0);
    await choose("Delete…");
    await dialog.getByText("This cannot be taken back.").waitFor();
    await dialog.getByRole("button", { name: "Delete it" }).click();
    await world.heading("Chat");
  });

  await step("a question begins from what is on the screen, and a draft stays until it is asked", async () => {
    await page.goto(at("/w/home/repos/fixture/findings"));
    await page.locator("[data-row]").first().click();
    await panel.getByRole("button", { name: "Ask about this" }).click();
    await world.heading("Chat");
    const chips = page.getByRole("list", { name: "Attached" }).getByRole("listitem");
    await world.counts(chips, 1);
    await field.fill("Is this worth mending? ");
    await field.press("@");
    await dialog.getByPlaceholder(/Name of a file/).fill("settle");
    await dialog.getByRole("option", { name: HARD }).waitFor();
    await look("attach");
    await page.keyboard.press("Enter");
    await world.counts(chips, 2);
    await page.reload();
    await world.counts(chips, 2);
    assert.equal(await field.inputValue(), "Is this worth mending? ");
    house.state.say = "Yes [1].";
    await field.press("Enter");
    await last.getByText("Yes").waitFor();
    const [question] = (await world.api(`/chat/threads/${page.url().match(/chat\/([0-9a-f-]{36})/)[1]}`)).data.messages;
    assert.deepEqual(question.attached.map(({ kind }) => kind), ["finding", "file"]);
  });
}
