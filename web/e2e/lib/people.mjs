// Several people in one journey: the one who runs the server, and windows of others.
import { createHmac } from "node:crypto";

import { watch } from "./browser.mjs";
import { fill } from "./account.mjs";
import { PATIENCE_MS } from "./world.mjs";

export const OWNER = { name: "Ana Lopez", email: "ana@example.org", password: "orbit lantern quarry seven" };

/** Gives the account of the one-time link an address and a password. */
export async function setUp({ enter, page, at, heading }) {
  await enter();
  await page.goto(at("/setup"));
  await fill(page, { Name: OWNER.name, Email: OWNER.email, Password: OWNER.password });
  await page.getByRole("button", { name: "Set up" }).click();
  await heading("What should DevMentor look at?");
}

/** A window of somebody else, or of the same person on another machine. */
export async function otherWindow({ server }, { browser, keep }, tolerated, elsewhere) {
  const apart = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce", serviceWorkers: "block" });
  keep({ stop: () => apart.close() });
  apart.setDefaultTimeout(PATIENCE_MS);
  const window = await apart.newPage();
  window.faults = watch(window, server.base, tolerated, elsewhere);
  return window;
}

export const titled = (target, name) => target.getByRole("heading", { level: 1, name }).waitFor();

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** What an authenticator app shows for a key, that many steps from now (RFC 6238: 30 s, SHA-1, six digits). */
export function codeOf(key, ahead = 0) {
  const bits = [...key.replace(/[\s=]/g, "")].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const digest = createHmac("sha1", secret).update(counter).digest();
  const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}
