/** An address of this app, so that no link leads from signing in to somewhere else. */
export const ownAddress = (text: unknown): string | undefined =>
  typeof text === "string" && /^\/(?![/\\])/.test(text) && !/^\/(sign-in|sign-up|verify|forgot|reset|enter)\b/.test(text) ? text : undefined;
