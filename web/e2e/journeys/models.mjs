// Language models: a provider set up with a key that nobody sees again, asked whether it answers, put into an order,
// bounded, switched off and removed; and what the server's configuration gives to those who decided nothing.
import assert from "node:assert/strict";
import { createServer } from "node:http";

import { fill, looks } from "../lib/account.mjs";
import { settled } from "../lib/world.mjs";

export const title = "language models: providers, keys that are never shown, a check, the order of fallback, budgets";

const KEY = "sk-A1b2C3d4E5f6G7h8I9j0";
const NEXT = "sk-Z9y8X7w6V5u4T3s2R1q0";

/** A server that speaks Chat Completions, as far as it lists models; `state.key` is the key that it takes, if any. */
async function startModelServer({ key } = {}) {
  const state = { key, asked: [] };
  const server = createServer((request, reply) => {
    state.asked.push({ path: `${request.method} ${request.url}`, key: request.headers.authorization });
    const json = (status, body) => reply.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    if (state.key && request.headers.authorization !== `Bearer ${state.key}`) {
      return json(401, { error: { message: "Incorrect API key provided", type: "invalid_request_error", param: null, code: "invalid_api_key" } });
    }
    if (request.url !== "/v1/models") return json(404, { error: { message: "Unknown request URL", type: "invalid_request_error" } });
    const data = ["qwen-coder-7b", "llama-small", "mistral-large"].map((id) => ({ id, object: "model", created: 1_700_000_000, owned_by: "house" }));
    return json(200, { object: "list", data });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${server.address().port}`;
  return {
    state,
    host,
    address: `http://${host}/v1`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export async function run({ step, begin, keep }) {
  const [house, other] = [keep(await startModelServer({ key: NEXT })), keep(await startModelServer())];
  // What is refused is told on the console as well.
  const world = await begin({ config: { outbound: { allowed_hosts: [house.host] } }, tolerated: /status of (400|409|422)/ });
  const { page, at, heading } = world;
  const look = (name) => looks(world, `models-${name}`);
  const dialog = page.getByRole("dialog");
  const card = (name) => page.getByRole("article", { name });
  const order = page.getByRole("list", { name: "Who is asked" });
  const form = page.getByRole("form", { name: "Ask this model" });
  const settings = async () => (await world.api("/models")).data;
  const asked = async () => ((await settings()).routes ?? []).map(({ model }) => model);
  // Everything that the page is ever told: keys must not be among it.
  const told = [];
  page.on("requestfinished", (request) => {
    const keepText = async () => told.push(await (await request.response()).text());
    // The body of a page that was left cannot be read any more.
    if (request.url().includes("/api/")) keepText().catch(() => undefined);
  });

  await step("without a model the page says that nothing leaves, and how one is set up", async () => {
    await world.enter();
    await page.goto(at("/w/home/repos"));
    await settled(page);
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").fill("models");
    await page.getByRole("option", { name: "Models", exact: true }).click();
    await heading("Models");
    await page.getByText("No model is asked, and nothing leaves this server.").waitFor();
    await page.getByText("Nothing was asked in the last 30 days.").waitFor();
    await look("none");
  });

  await step("what is wrong with a provider stands at its field, and what was typed stays", async () => {
    await page.getByRole("button", { name: "Add provider" }).click();
    await dialog.getByRole("button", { name: "Save provider" }).click();
    await dialog.getByRole("button", { name: /^Key: / }).waitFor();
    await dialog.getByRole("radio", { name: "OpenAI-compatible" }).check({ force: true });
    await fill(dialog, { Name: "House", Address: "nowhere", Key: KEY });
    await dialog.getByRole("button", { name: "Save provider" }).click();
    await dialog.getByRole("button", { name: /^Address: .*https:\/\/ with a host/ }).waitFor();
    assert.equal(await dialog.getByLabel("Key", { exact: false }).first().inputValue(), KEY);
    await look("provider-wrong");
    await fill(dialog, { Address: house.address });
    await dialog.getByRole("button", { name: "Save provider" }).click();
    await dialog.waitFor({ state: "detached" });
    await card("House").getByText("Not tested").waitFor();
    await card("House").getByText("Key kept, never shown").waitFor();
    assert.deepEqual(house.state.asked, [], "nobody is asked before somebody wants it");
  });

  await step("a check says that the key is refused; with another one it works and offers its models", async () => {
    await card("House").getByRole("button", { name: "Test connection" }).click();
    await card("House").getByText("Key refused").waitFor();
    await look("refused");
    await card("House").getByRole("button", { name: "Change…" }).click();
    assert.equal(await dialog.getByLabel(/^Key/).inputValue(), "", "the key is not there to be read");
    await look("change");
    await fill(dialog, { Key: NEXT });
    await dialog.getByRole("button", { name: "Save provider" }).click();
    await dialog.waitFor({ state: "detached" });
    await card("House").getByRole("button", { name: "Test connection" }).click();
    await card("House").getByText(/^It answered in .* and has 3 models\.$/).waitFor();
    await card("House").getByText("llama-small, mistral-large, qwen-coder-7b").waitFor();
    assert.deepEqual(house.state.asked, [KEY, NEXT].map((key) => ({ path: "GET /v1/models", key: `Bearer ${key}` })));
  });

  await step("a key does not follow its provider to another address", async () => {
    await card("House").getByRole("button", { name: "Change…" }).click();
    await fill(dialog, { Address: other.address.replace("http:", "https:") });
    await dialog.getByRole("button", { name: "Save provider" }).click();
    await dialog.getByRole("button", { name: /^Key: .*given again/ }).waitFor();
    await page.keyboard.press("Escape");
    await dialog.getByRole("button", { name: "Discard it" }).click();
    await dialog.waitFor({ state: "detached" });
    assert.equal((await settings()).providers[0].address, house.address);
    assert.deepEqual(other.state.asked, []);
  });

  await step("an address that the operator did not allow is not asked, and the page says what to do", async () => {
    await page.getByRole("button", { name: "Add provider" }).click();
    await dialog.getByRole("radio", { name: "OpenAI-compatible" }).check({ force: true });
    await fill(dialog, { Name: "Attic", Address: other.address });
    await dialog.getByRole("button", { name: "Save provider" }).click();
    // In the clear nothing is sent to a host that the operator did not name.
    await dialog.getByRole("button", { name: /^Address: .*only sent over https/ }).waitFor();
    await fill(dialog, { Address: other.address.replace("http:", "https:") });
    await dialog.getByRole("button", { name: "Save provider" }).click();
    await card("Attic").getByRole("button", { name: "Test connection" }).click();
    await card("Attic").getByText("Not reachable").waitFor();
    await card("Attic").getByText(/allowed_hosts/).waitFor();
    assert.deepEqual(other.state.asked, []);
    await look("unreachable");
  });

  await step("two models are asked in an order that the keyboard changes, and the focus goes with them", async () => {
    const add = async (model, input, output) => {
      await form.getByLabel("Model", { exact: true }).fill(model);
      await form.getByLabel("Of prompts").fill(input);
      await form.getByLabel("Of answers").fill(output);
      await form.getByRole("button", { name: "Ask this model" }).click();
      await order.getByText(model, { exact: true }).waitFor();
    };
    await add("mistral-large", "2", "6,5");
    await page.getByText("Ready to be asked: mistral-large (House).").waitFor();
    await form.getByText("Context and patience").click();
    await form.getByLabel("Tokens of context").fill("12");
    await form.getByText("Context: a whole number, 1,024 to 10,000,000.").waitFor();
    await form.getByLabel("Tokens of context").fill("8192");
    await add("qwen-coder-7b", "", "");
    const [first, second] = (await settings()).routes;
    assert.deepEqual([first.input_price, first.output_price, first.context_tokens], [2_000_000, 6_500_000, null]);
    assert.deepEqual([second.input_price, second.context_tokens], [0, 8192]);
    await form.getByLabel("Model", { exact: true }).fill("qwen-coder-7b");
    await form.getByText("This model is asked already.").waitFor();
    await form.getByLabel("Model", { exact: true }).fill("");
    const up = order.getByRole("button", { name: "Move up: qwen-coder-7b, House" });
    await up.focus();
    await page.keyboard.press("Enter");
    await order.getByRole("listitem").first().getByText("qwen-coder-7b").waitFor();
    assert.deepEqual(await asked(), ["qwen-coder-7b", "mistral-large"]);
    await world.until("the focus is on the model that moved", () => up.evaluate((button) => button === document.activeElement));
    await page.reload();
    await page.getByText("Ready to be asked: qwen-coder-7b (House), mistral-large (House).").waitFor();
    await look("order");
  });

  await step("budgets are decided, and what is half typed stays while something else is", async () => {
    const everybody = page.getByRole("group", { name: "Everybody together" });
    const each = page.getByRole("group", { name: "Each person" });
    const save = page.getByRole("button", { name: "Save budgets" });
    await everybody.getByLabel("Tokens").fill("many");
    await page.getByText("Write a number, 0 or more").waitFor();
    await everybody.getByLabel("Tokens").fill("2 000 000");
    await order.getByRole("button", { name: "Ask no more: mistral-large, House" }).click();
    await world.counts(order.getByRole("listitem"), 1);
    assert.equal(await everybody.getByLabel("Tokens").inputValue(), "2 000 000");
    await each.getByLabel("Money").fill("0.50");
    await save.click();
    await world.until("the budgets are decided", async () => (await settings()).version === 5);
    const { workspace, person } = await settings();
    assert.deepEqual([workspace.decided, person.decided], [{ tokens: 2_000_000, micros: null }, { tokens: null, micros: 500_000 }]);
    await page.reload();
    await world.until("they are there again", async () => (await each.getByLabel("Money").inputValue()) === "0.5");
    await look("budgets");
  });

  await step("what somebody else decided in the meantime is not overwritten", async () => {
    const { version, workspace, person } = await settings();
    const cookies = await world.context.cookies();
    const token = cookies.find(({ name }) => /csrf/i.test(name))?.value;
    const reply = await page.evaluate(
      async ([body, csrf]) => (await fetch("/api/v1/w/home/models", { method: "PUT", headers: { "Content-Type": "application/json", ...(csrf ? { "X-CSRF-Token": csrf } : {}) }, body })).status,
      [JSON.stringify({ version, routes: [], workspace: workspace.decided, person: person.decided }), token],
    );
    assert.equal(reply, 200);
    await order.getByRole("button", { name: "Ask no more: qwen-coder-7b, House" }).click();
    await page.getByText("Nobody is asked yet.").waitFor();
    assert.equal((await settings()).version, version + 1);
  });

  await step("a provider that is switched off is not asked, and goes with its key and its models", async () => {
    await form.getByLabel("Model", { exact: true }).fill("llama-small");
    await form.getByRole("button", { name: "Ask this model" }).click();
    await page.getByText("Ready to be asked: llama-small (House).").waitFor();
    await card("House").getByRole("button", { name: "Turn off" }).click();
    await card("House").getByText("Off", { exact: true }).waitFor();
    await page.getByText("No model is asked, and nothing leaves this server.").waitFor();
    await card("House").getByRole("button", { name: "Remove…" }).click();
    await dialog.getByText("Its key is deleted, and 1 model of it will not be asked any more.").waitFor();
    await look("remove");
    await dialog.getByRole("button", { name: "Remove provider" }).click();
    await card("House").waitFor({ state: "detached" });
    await page.getByText("Nobody is asked yet.").waitFor();
    const left = await settings();
    assert.deepEqual([left.providers.map(({ name }) => name), left.routes], [["Attic"], []]);
  });

  await step("no key was in anything that the page was told, or in what the program said", async () => {
    const all = told.join("\n") + world.server.output();
    assert.ok(all.includes("has_key"));
    for (const key of [KEY, NEXT]) assert.ok(!all.includes(key), "a key was shown");
  });

  await step("a workspace that decided nothing asks whom the server's configuration says, within its limits", async () => {
    const models = {
      providers: [{ name: "operator", kind: "openai", address: other.address }],
      routes: [{ provider: "operator", model: "qwen-coder-7b", context_tokens: 8192, first_word_seconds: 60 }],
      person_tokens_per_day: 1_000_000,
    };
    const given = await begin({ config: { models } });
    await given.enter();
    await given.page.goto(given.at("/w/home/settings/models"));
    await given.page.getByText("Ready to be asked: qwen-coder-7b (operator).").waitFor();
    const theirs = given.page.getByRole("article", { name: "operator" });
    await theirs.getByText("From the server’s configuration").waitFor();
    assert.equal(await theirs.getByRole("button", { name: "Change…" }).count(), 0);
    await theirs.getByRole("button", { name: "Test connection" }).click();
    await theirs.getByText(/and has 3 models\.$/).waitFor();
    await theirs.getByText("Working", { exact: true }).waitFor();
    other.state.key = KEY;
    await theirs.getByRole("button", { name: "Test connection" }).click();
    await theirs.getByText("operator refused the key: check it in the settings of the provider").waitFor();
    await theirs.getByText("Key refused", { exact: true }).waitFor();
    await given.page.getByText("The server’s configuration allows 1,000,000 tokens.").waitFor();
    await looks(given, "models-inherited");
    const order = given.page.getByRole("list", { name: "Who is asked" });
    await given.page.getByText("Nothing was decided here: the server’s configuration says who is asked.").waitFor();
    await given.page.getByRole("button", { name: "Ask nobody" }).click();
    await given.page.getByText("This workspace decided to ask nobody").waitFor();
    await given.page.getByText("No model is asked, and nothing leaves this server.").waitFor();
    assert.deepEqual((await given.api("/models")).data.routes, []);
    await looks(given, "models-nobody");
    // Of the server's provider its own list is offered, and no price is typed.
    await given.page.getByText("Models of the server, at its prices").waitFor();
    assert.equal(await given.page.getByLabel("Of prompts").count(), 0);
    await given.page.getByRole("form", { name: "Ask this model" }).getByRole("button", { name: "Ask this model" }).click();
    await order.getByText("qwen-coder-7b", { exact: true }).waitFor();
    await given.page.getByRole("button", { name: "Ask as the server’s configuration says" }).click();
    await given.page.getByText("Nothing was decided here: the server’s configuration says who is asked.").waitFor();
    assert.equal((await given.api("/models")).data.routes, null);
  });
}
