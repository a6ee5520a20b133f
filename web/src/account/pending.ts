/** What waits in this window: a sign-up for its code, an invitation for somebody who is signed in. */

interface SignUp {
  name: string;
  email: string;
  password: string;
  /** The token of the invitation that opens a closed server. */
  invite?: string;
}

interface Waiting {
  /** What the code belongs to. */
  ticket: string;
  email: string;
  sendsMail: boolean;
}

const KEY = "devmentor.sign-up";

/** What was typed, for another message. It stays in the page: a password is never put into storage. */
let typed: SignUp | undefined;

export const typedBefore = (): SignUp | undefined => typed;

/** A message was asked for. The ticket outlives a reload of the page: the mail may be read in the same window. */
export function waitFor(person: SignUp, asked: { ticket: string; sends_mail: boolean }): void {
  typed = person;
  const waiting: Waiting = { ticket: asked.ticket, email: person.email, sendsMail: asked.sends_mail };
  sessionStorage.setItem(KEY, JSON.stringify(waiting));
}

export function waiting(): Waiting | undefined {
  const text = sessionStorage.getItem(KEY);
  return text ? (JSON.parse(text) as Waiting) : undefined;
}

/** The account is there. */
export function done(): void {
  typed = undefined;
  sessionStorage.removeItem(KEY);
}

const INVITE = "devmentor.invite";

/** The invitation of this window, while its person signs in or up: in the address of those pages it would reach a log. */
export function keepInvite(token: string, email: string): void {
  sessionStorage.setItem(INVITE, token);
  typed ??= { name: "", email, password: "" };
}

export const keptInvite = (): string => sessionStorage.getItem(INVITE) ?? "";

export const dropInvite = (): void => sessionStorage.removeItem(INVITE);
