// @vitest-environment node
import { readFileSync } from "node:fs";

import { expect, it } from "vitest";

const source = readFileSync(new URL("../src/offline/worker.js", import.meta.url), "utf8")
  .replace("__VERSION__", JSON.stringify("1"))
  .replace("__FILES__", JSON.stringify(["/", "/assets/a.js"]));

/** Installs the worker in front of a server; what it stored, by address. */
async function installed(serve: (path: string) => Response): Promise<Map<string, string>> {
  const stored = new Map<string, string>();
  const cache = {
    put: async (path: string, reply: Response) => void stored.set(path, await reply.text()),
    addAll: async (requests: { path: string }[]) => {
      for (const { path } of requests) stored.set(path, await serve(path).text());
    },
  };
  const work: Promise<void>[] = [];
  const self = {
    skipWaiting: () => undefined,
    addEventListener: (type: string, listen: (event: object) => void) => {
      if (type === "install") listen({ waitUntil: (done: Promise<void>) => void work.push(done) });
    },
  };
  const Asked = class {
    constructor(readonly path: string) {}
  };
  const run = new Function("self", "caches", "fetch", "Request", source) as (...given: unknown[]) => void;
  run(self, { open: async () => cache }, async ({ path }: { path: string }) => serve(path), Asked);
  await Promise.all(work);
  return stored;
}

it("keeps the app as its page, also when nobody is signed in and / is the landing page", async () => {
  const stored = await installed((path) => new Response(path === "/" ? "landing" : path.startsWith("/w/") ? "app" : "file"));
  expect([...stored]).toEqual([
    ["/assets/a.js", "file"],
    ["/", "app"],
  ]);
});

it("is not installed without the page", async () => {
  await expect(installed((path) => new Response("", { status: path.startsWith("/w/") ? 503 : 200 }))).rejects.toThrow("503");
});
