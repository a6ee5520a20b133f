import type { components } from "./schema";

/** What went wrong, as the server says it (RFC 9457). */
export type Problem = components["schemas"]["Problem"];

/** A request that failed: refused by the server, or never answered. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";

  constructor(readonly problem: Problem) {
    super(problem.detail);
  }

  /** Whether no answer came at all. */
  get unreachable(): boolean {
    return this.problem.status === 0;
  }
}

/** The problem of an answer; one is made up from the status where the body holds none. */
export async function problemFrom(response: Response): Promise<Problem> {
  const fallback = blank(response.status, "http_error", response.statusText || "The request failed");
  fallback.request_id = response.headers.get("x-request-id") ?? "";
  try {
    const body: unknown = await response.clone().json();
    return typeof body === "object" && body !== null && "code" in body ? { ...fallback, ...(body as Partial<Problem>) } : fallback;
  } catch {
    return fallback;
  }
}

/** The problem of a request that got no answer. */
export function unreachable(): Problem {
  return blank(0, "unreachable", "The server did not answer.");
}

function blank(status: number, code: string, detail: string): Problem {
  return {
    type: `/problems/${code}`,
    title: detail,
    status,
    detail,
    code,
    request_id: "",
    retry_after: null,
    errors: [],
    grantors: [],
    permission: null,
  };
}
