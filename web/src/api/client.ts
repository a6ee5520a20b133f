import { createClient, ProblemError, type Problem } from "@devmentor/client";
import { QueryClient } from "@tanstack/react-query";

import { signedIn } from "./signed-in";
import { keeping } from "./keeping";
import type { Meta } from "./types";

/** The one client of the page. */
export const api = createClient({ fetch: signedIn });

/** Takes the body out of an answer. Failures were thrown before this. */
export async function body<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}

/** One thing with its freshness. */
export interface Answer<T> {
  meta: Meta;
  data: T;
}

/**
 * Takes one thing out of an answer. The document repeats the thing inside each `Answer_*` schema instead of naming
 * it; this gives it its name back.
 */
export async function answer<T>(reply: Promise<{ data?: Answer<object> }>): Promise<Answer<T>> {
  return (await reply).data as Answer<T>;
}

/** Some rows of a list with their freshness. */
export interface Listing<T> {
  meta: Meta;
  items: T[];
  next: string | null;
  total: number;
}

/** Takes a list out of an answer, for the same reason. */
export async function listing<T>(reply: Promise<{ data?: Omit<Listing<object>, "next"> }>): Promise<Listing<T>> {
  return (await reply).data as Listing<T>;
}

/** The problem behind an error; a fault of this program is shown as one too. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  const detail = error instanceof Error ? error.message : String(error);
  return {
    type: "/problems/client_fault",
    title: "This page failed",
    status: 0,
    detail,
    code: "client_fault",
    request_id: "",
    retry_after: null,
    errors: [],
    grantors: [],
    permission: null,
  };
}

/** How often a failed read is tried again: once after a fault, some more where the server rests. Too many requests wait below. */
const RETRIES: Record<number, number> = { 500: 1, 502: 1, 503: 5 };

const retryRead = (failures: number, error: unknown): boolean =>
  error instanceof ProblemError && failures < (RETRIES[error.problem.status] ?? 0);

/** The pause before the next try, in milliseconds: what the server asks for. */
export const retryDelay = (_failures: number, error: unknown): number =>
  (error instanceof ProblemError && error.problem.retry_after ? error.problem.retry_after : 1) * 1000;

/** The cache of everything read. Events keep it fresh, so that nothing is read again on its own. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: retryRead,
      retryDelay,
      persister: keeping,
      staleTime: 60_000,
      refetchOnWindowFocus: false,
      // The client itself repeats what got no answer; a browser that says "offline" may still reach loopback.
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});
