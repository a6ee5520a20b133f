/** Signing in with an account of somebody else's, and the accounts that are linked to one's own. */
import { queryOptions } from "@tanstack/react-query";

import { answer, api, body, queryClient } from "./client";
import type { LinkedAccount } from "./types";

export const linkedQuery = queryOptions({
  queryKey: ["me", "linked"],
  queryFn: ({ signal }) => answer<LinkedAccount[]>(api.GET("/api/v1/me/linked-accounts", { signal })),
});

/** What this window goes on with when it is back from a provider. */
interface Journey {
  /** The account there is to be linked to the one here. */
  link: boolean;
  /** The address that was wanted. */
  to?: string | undefined;
}

const JOURNEY = "devmentor.provider";

/** Where a provider asks who it is: the page goes there, and comes back to `/oauth/{provider}/callback`. */
export async function depart(provider: string, journey: Journey, current?: string): Promise<string> {
  const { address } = await body(
    api.POST("/api/v1/auth/providers/{provider}", {
      params: { path: { provider } },
      body: { link: journey.link, ...(current ? { current } : {}) },
    }),
  );
  sessionStorage.setItem(JOURNEY, JSON.stringify(journey));
  return address;
}

/** What this window went out for; also where it went out in another way, which the server refuses. */
export function journeyBefore(): Journey {
  try {
    return { link: false, ...(JSON.parse(sessionStorage.getItem(JOURNEY) ?? "{}") as Partial<Journey>) };
  } catch {
    return { link: false }; // Somebody else wrote there.
  }
}

/** Brings back what the provider answered. It counts once. */
export const arrive = (provider: string, back: { code: string; state: string; iss?: string }) =>
  body(api.POST("/api/v1/auth/providers/{provider}/finish", { params: { path: { provider } }, body: back }));

export async function unlink(provider: string, current?: string): Promise<void> {
  await body(
    api.DELETE("/api/v1/me/linked-accounts/{provider}", { params: { path: { provider } }, body: current ? { current } : {} }),
  );
  await queryClient.invalidateQueries({ queryKey: linkedQuery.queryKey });
}
