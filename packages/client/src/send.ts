import { ProblemError, problemFrom } from "./problem";
import { type Pause, resilient } from "./retry";

/** What a request is made of besides its path and method. The typed client sees to it that these fit the document. */
export interface RequestParts {
  params?: {
    path?: Record<string, unknown>;
    query?: Record<string, unknown>;
    header?: Record<string, unknown>;
  };
  body?: unknown;
  signal?: AbortSignal;
}

/** An answer that was not refused. */
export interface Reply {
  data?: unknown;
  response: Response;
}

/** What sending needs from outside. */
export interface Sending {
  baseUrl: string;
  fetch: (request: Request) => Promise<Response>;
  newKey: () => string;
  pause?: Pause;
}

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** Below here the server keeps to idempotency keys. A write elsewhere (a sign-in, a password) must not be repeated unasked. */
const KEYED = "/api/v1/w/";

/** Makes the function that sends one request of the document and reads its answer. */
export function sender({ baseUrl, fetch, newKey, pause }: Sending) {
  const send = resilient(fetch, pause);
  return async (method: string, path: string, { params, body, signal }: RequestParts = {}): Promise<Reply> => {
    const headers = new Headers(given(params?.header));
    if (body !== undefined) headers.set("Content-Type", "application/json");
    // The key by which the server recognises a repeated attempt of a write.
    if (!SAFE.has(method) && path.startsWith(KEYED) && !headers.has("Idempotency-Key")) headers.set("Idempotency-Key", newKey());
    const request = new Request(baseUrl + address(path, params), {
      method,
      headers,
      credentials: "same-origin",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
    const response = await send(request);
    // 304 is an answer: the browser's own cache has the body.
    if (!response.ok && response.status !== 304) throw new ProblemError(await problemFrom(response));
    const text = await response.text();
    return text ? { data: JSON.parse(text) as unknown, response } : { response };
  };
}

/** A path of the document with its places filled in and what is asked for after it. */
function address(path: string, params: RequestParts["params"]): string {
  const filled = path.replace(/\{(\w+)\}/g, (_place, name: string) => encodeURIComponent(String(params?.path?.[name])));
  const query = new URLSearchParams(given(params?.query)).toString();
  return query ? `${filled}?${query}` : filled;
}

/** The pairs that have a value. */
const given = (values: Record<string, unknown> = {}): [string, string][] =>
  Object.entries(values).flatMap(([name, value]) => (value === undefined || value === null ? [] : [[name, String(value)]]));
