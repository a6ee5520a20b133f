/** How requests are sent: as whoever is signed in, also when their access token has run out meanwhile. */
import { writeSetting } from "@/lib/storage";

import { patient } from "./patient";

/** When a session was last begun or refreshed in this browser, in milliseconds since the epoch. Windows share it. */
export const REFRESHED = "refreshed";

/** Somebody has just signed in, or was found to be. Every window of this browser hears of it. */
export const noteSignedIn = (): void => writeSetting(REFRESHED, String(Date.now()));

/** Somebody is on their way out: that nobody is signed in any more is what they want. */
export const leaving = { now: false };

/** Somebody is asked to sign in again: until they have, nothing else needs to be tried. */
export const asking = { now: false };

/** What a person sends by hand with a password: how often they try is theirs to decide, so that it waits in no line. */
const BY_HAND = /^\/api\/v1\/(auth|setup|me|session)\b/;

/** Sends a request. One that is refused because nobody is signed in any more is sent again when somebody is. */
export async function signedIn(request: Request): Promise<Response> {
  const [again, sent] = [request.clone(), Date.now()];
  const byHand = request.method !== "GET" && BY_HAND.test(new URL(request.url).pathname);
  const reply = await (byHand ? fetch(request) : patient(request));
  return reply.status === 401 && !leaving.now ? (await import("./refresh")).goOn(again, reply, sent) : reply;
}
