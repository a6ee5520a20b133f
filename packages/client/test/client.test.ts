import { describe, expect, it } from "vitest";

import { createClient, pauseBefore, ProblemError } from "../src/index";

/** A server that answers with what it is given, one answer for each request, and records the requests. */
function scripted(...answers: (Response | Error)[]) {
  const seen: Request[] = [];
  const send = (request: Request): Promise<Response> => {
    seen.push(request);
    const answer = answers.shift();
    if (!answer) return Promise.reject(new Error("no answer is left"));
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const client = createClient({
    baseUrl: "http://127.0.0.1",
    fetch: send,
    newKey: () => "key-1",
    pause: () => Promise.resolve(),
  });
  return { client, seen };
}

const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", "x-request-id": "r1" } });

const remove = (client: ReturnType<typeof createClient>) =>
  client.DELETE("/api/v1/w/{workspace}/tasks/{key}", { params: { path: { workspace: "w", key: "DEV-1" }, query: { version: 1 } } });

describe("writes", () => {
  it("repeat with the same key until an answer comes", async () => {
    const { client, seen } = scripted(new TypeError("reset"), new TypeError("reset"), json({}));
    await remove(client);
    expect(seen.map((request) => request.headers.get("Idempotency-Key"))).toEqual(["key-1", "key-1", "key-1"]);
  });

  it("give up after three retries", async () => {
    const lost = new TypeError("lost");
    const { client, seen } = scripted(lost, lost, lost, lost, json({}));
    await expect(remove(client)).rejects.toMatchObject({ unreachable: true });
    expect(seen).toHaveLength(4);
  });

  it("are sent once where the server keeps to no keys", async () => {
    const { client, seen } = scripted(new TypeError("reset"), json({}));
    await expect(client.DELETE("/api/v1/session")).rejects.toMatchObject({ unreachable: true });
    expect(seen.map((request) => request.headers.get("Idempotency-Key"))).toEqual([null]);
  });
});

describe("requests", () => {
  it("fill in the path, leave out what was not given, and escape both", async () => {
    const { client, seen } = scripted(json({}));
    const query = { path: "src/a b&c", q: undefined } as never;
    await client.GET("/api/v1/w/{workspace}/repos/{repo}/findings", {
      params: { path: { workspace: "w", repo: "a/b?c" }, query },
    });
    expect(seen[0]?.url).toBe("http://127.0.0.1/api/v1/w/w/repos/a%2Fb%3Fc/findings?path=src%2Fa+b%26c");
    expect(seen[0]?.headers.get("Idempotency-Key")).toBeNull();
  });

  it("send a body as JSON with the key that was given", async () => {
    const { client, seen } = scripted(json({ meta: {}, data: { id: "t" } }));
    const { data } = await client.POST("/api/v1/w/{workspace}/tasks", {
      params: { path: { workspace: "w" }, header: { "Idempotency-Key": "mine" } },
      body: { title: "Mend it" } as never,
    });
    expect(await seen[0]?.json()).toEqual({ title: "Mend it" });
    expect(seen[0]?.headers.get("Content-Type")).toBe("application/json");
    expect(seen[0]?.headers.get("Idempotency-Key")).toBe("mine");
    expect(data).toEqual({ meta: {}, data: { id: "t" } });
  });

  it("have no data when the answer has none", async () => {
    const { client } = scripted(new Response(null, { status: 204 }));
    expect((await client.DELETE("/api/v1/session")).data).toBeUndefined();
  });
});

describe("refusals", () => {
  it("throw the problem the server sent", async () => {
    const { client } = scripted(json({ code: "not_found", detail: "There is no such thing.", status: 404 }, 404));
    const error = await client.GET("/api/v1/session").catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProblemError);
    expect((error as ProblemError).problem).toMatchObject({ code: "not_found", request_id: "r1", errors: [] });
  });

  it("make a problem of an answer that holds none", async () => {
    const { client } = scripted(new Response("<h1>Bad gateway</h1>", { status: 502, statusText: "Bad Gateway" }));
    await expect(client.GET("/api/v1/session")).rejects.toMatchObject({ problem: { status: 502, code: "http_error" } });
  });
});

it("waits longer before each retry, with bounded jitter", () => {
  expect([0, 1, 2].map((retry) => pauseBefore(retry, () => 0))).toEqual([1000, 2000, 4000]);
  expect(pauseBefore(2, () => 0.999)).toBeLessThan(5000);
});
