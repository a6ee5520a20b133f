/**
 * Typed client of the DevMentor API.
 *
 * `schema.ts` is generated from `openapi/devmentor.json` (`npm run generate`). Around it: one error type for every
 * failure, an idempotency key on every write, and retries that can never do a write twice.
 */
import createFetchClient, { type Client, type Middleware } from "openapi-fetch";

import { ProblemError, problemFrom } from "./problem";
import { resilient, type Pause } from "./retry";
import type { paths } from "./schema";

export type { components, operations, paths } from "./schema";
export { ProblemError, type Problem } from "./problem";
export { pauseBefore } from "./retry";

/** What a client is made of. Everything that is not given is the browser's own. */
export interface ClientOptions {
  /** Where the server is; empty for the page's own origin. */
  baseUrl?: string;
  /** Sends a request. */
  fetch?: (request: Request) => Promise<Response>;
  /** Makes a new idempotency key. */
  newKey?: () => string;
  /** Waits between two attempts. */
  pause?: Pause;
}

/** The typed client: `client.GET("/api/v1/…", { params })`. Failures are thrown as {@link ProblemError}. */
export type DevMentorClient = Client<paths>;

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** Makes a client. */
export function createClient(options: ClientOptions = {}): DevMentorClient {
  const send = options.fetch ?? ((request: Request) => globalThis.fetch(request));
  const newKey = options.newKey ?? (() => crypto.randomUUID());
  const client = createFetchClient<paths>({
    baseUrl: options.baseUrl ?? "",
    credentials: "same-origin",
    fetch: resilient(send, options.pause),
  });
  client.use(keyed(newKey), throwing);
  return client;
}

/** Gives every write the key by which the server recognises a repeated attempt. */
function keyed(newKey: () => string): Middleware {
  return {
    onRequest({ request }) {
      if (!SAFE.has(request.method) && !request.headers.has("Idempotency-Key")) {
        request.headers.set("Idempotency-Key", newKey());
      }
      return request;
    },
  };
}

const throwing: Middleware = {
  async onResponse({ response }) {
    // 304 is an answer: the browser's own cache has the body.
    if (!response.ok && response.status !== 304) throw new ProblemError(await problemFrom(response));
    return undefined;
  },
};
