// A server that speaks Chat Completions as far as conversations need: it streams, waits, fails, breaks off, and counts who
// lets go of it.
import { createServer } from "node:http";

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Starts it on loopback. `state.say` is what it answers next: a text, or pieces of `{ text, after }` with milliseconds
 * before each; `state.fail` a status instead; `state.cut` breaks the connection after that many pieces. `state.asked`
 * holds every question as it came, `state.left` how many answers nobody waited for.
 */
export async function startModelServer() {
  const state = { say: "", fail: 0, cut: -1, asked: [], left: 0 };
  const server = createServer(async (request, reply) => {
    const json = (status, body) => reply.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    if (request.url === "/v1/models") return json(200, { object: "list", data: [{ id: "qwen-coder-7b", object: "model", created: 1_700_000_000, owned_by: "house" }] });
    let body = "";
    for await (const chunk of request) body += chunk;
    const asked = JSON.parse(body);
    state.asked.push(asked);
    if (state.fail) return json(state.fail, { error: { message: "The model is not loaded", type: "server_error" } });
    reply.on("close", () => {
      if (!reply.writableFinished) state.left += 1;
    });
    reply.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    const send = (data) => reply.write(`data: ${JSON.stringify({ id: "a", object: "chat.completion.chunk", created: 1, model: asked.model, ...data })}\n\n`);
    const pieces = typeof state.say === "string" ? (state.say.match(/[\s\S]{1,24}/g) ?? []).map((text) => ({ text, after: 0 })) : state.say;
    for (const [at, { text, after }] of pieces.entries()) {
      if (at === state.cut) return reply.destroy();
      await wait(after);
      if (reply.destroyed) return undefined;
      send({ choices: [{ index: 0, delta: { content: text }, finish_reason: null }] });
    }
    send({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
    send({ choices: [], usage: { prompt_tokens: 900, completion_tokens: 120, total_tokens: 1020 } });
    reply.end("data: [DONE]\n\n");
    return undefined;
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

/** All that a model was told in a question, in order. */
export const told = (asked) => asked.messages.map(({ content }) => (typeof content === "string" ? content : content.map(({ text }) => text).join("")));
