/** One's second factor, and signing in with it. */
import { secondFactorQuery } from "./account";
import { api, body, queryClient } from "./client";

const changed = () => queryClient.invalidateQueries({ queryKey: secondFactorQuery.queryKey });

/** The password, where there is one. */
const proof = (current: string | undefined) => (current ? { current } : {});

export const secondStep = (ticket: string, code: string, trust: boolean) =>
  body(api.POST("/api/v1/auth/second-factor", { body: { ticket, code, trust_browser: trust } }));

/** Asks for a key. Nothing changes until a code of it is given back. */
export const offerSecondFactor = (current?: string) => body(api.POST("/api/v1/me/second-factor", { body: proof(current) }));

/** Gives a code back; the answer holds the recovery codes, this once. */
export async function confirmSecondFactor(code: string): Promise<readonly string[]> {
  const { codes } = await body(api.POST("/api/v1/me/second-factor/confirm", { body: { code } }));
  await changed();
  return codes;
}

export async function renewRecoveryCodes(code: string, current?: string): Promise<readonly string[]> {
  const { codes } = await body(api.POST("/api/v1/me/second-factor/recovery-codes", { body: { code, ...proof(current) } }));
  await changed();
  return codes;
}

export async function removeSecondFactor(code: string, current?: string): Promise<void> {
  await body(api.DELETE("/api/v1/me/second-factor", { body: { code, ...proof(current) } }));
  await changed();
}

export async function forgetTrustedBrowsers(): Promise<void> {
  await body(api.DELETE("/api/v1/me/second-factor/browsers"));
  await changed();
}
