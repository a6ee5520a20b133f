/**
 * Typed client of the DevMentor API.
 *
 * `schema.ts` is generated from `openapi/devmentor.json` (`npm run generate`). Around it: one error type for every
 * failure, an idempotency key on every write in a workspace, and retries that can never do a write twice: what has no key,
 * such as a sign-in, is sent once.
 */
import type { Client } from "openapi-fetch";

import type { Pause } from "./retry";
import type { paths } from "./schema";
import { type RequestParts, sender } from "./send";

export type { components, operations, paths } from "./schema";
export { ProblemError, problemFrom, type Problem, unreachable } from "./problem";
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

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * The typed client: `client.GET("/api/v1/…", { params })`. Failures are thrown as {@link ProblemError}. Only the types
 * are taken from `openapi-fetch`: of what its program can do, a first visit would load a tenth that is used.
 */
export type DevMentorClient = Pick<Client<paths>, Method>;

/** Makes a client. */
export function createClient(options: ClientOptions = {}): DevMentorClient {
  const send = sender({
    baseUrl: options.baseUrl ?? "",
    fetch: options.fetch ?? ((request) => globalThis.fetch(request)),
    newKey: options.newKey ?? (() => crypto.randomUUID()),
    ...(options.pause ? { pause: options.pause } : {}),
  });
  const by = (method: Method) => (path: string, parts?: RequestParts) => send(method, path, parts);
  const methods: Record<Method, ReturnType<typeof by>> = {
    GET: by("GET"),
    POST: by("POST"),
    PUT: by("PUT"),
    PATCH: by("PATCH"),
    DELETE: by("DELETE"),
  };
  // What the types promise is what the document says; the server's tests hold it to that.
  return methods as unknown as DevMentorClient;
}
