// A second factor: set up with an app, asked for at sign-in, replaced by a recovery code, trusted, turned off.
import assert from "node:assert/strict";

import { fill, looks, signIn } from "../lib/account.mjs";
import { codeOf, otherWindow, OWNER, setUp, titled } from "../lib/people.mjs";

export const title = "a second factor: set up, asked for, a recovery code, a trusted browser, turned off";

/** Sockets end with their session. */
const EXPECTED = /WebSocket connection/;

export async function run({ step, begin, keep, browser }) {
  const world = await begin({ tolerated: EXPECTED });
  const { page, at } = world;
  const look = (name, target = page) => looks(world, `second-factor-${name}`, target);
  const panel = page.getByRole("region", { name: "Two-factor sign-in" });

  let key;
  let recovery;
  await step("an app is set up with the password, a key and a code of it", async () => {
    await setUp(world);
    await page.goto(at("/settings/security"));
    await panel.getByText(/^Signing in asks for no code\./).waitFor();
    await panel.getByRole("button", { name: "Set up an app" }).click();
    const dialog = page.getByRole("dialog", { name: "Set up an app for codes" });
    await fill(dialog, { "Present password": "not the right one" });
    await dialog.getByRole("button", { name: "Go on" }).click();
    await dialog.getByRole("button", { name: /^Present password: / }).waitFor();
    await fill(dialog, { "Present password": OWNER.password });
    await dialog.getByRole("button", { name: "Go on" }).click();
    const picture = dialog.getByRole("img", { name: "QR code of the key" });
    await picture.waitFor();
    assert.ok(await picture.evaluate((image) => image.decode().then(() => image.naturalWidth > 100)), "the picture is one");
    key = await dialog.locator("code").innerText();
    await look("key");
    await fill(dialog, { "Code of the app": codeOf(key) === "000000" ? "111111" : "000000" });
    await dialog.getByRole("button", { name: "Turn on" }).click();
    await dialog.getByRole("button", { name: /^Code of the app: / }).waitFor();
    await fill(dialog, { "Code of the app": codeOf(key) });
    await dialog.getByRole("button", { name: "Turn on" }).click();
    const codes = page.getByRole("dialog", { name: "Recovery codes" });
    await world.counts(codes.getByRole("listitem"), 10);
    recovery = await codes.getByRole("listitem").allInnerTexts();
    await look("codes");
    const done = codes.getByRole("button", { name: "Done" });
    assert.equal(await done.getAttribute("aria-disabled"), "true", "the codes are to be kept first");
    const [file] = await Promise.all([page.waitForEvent("download"), codes.getByRole("button", { name: "Download" }).click()]);
    assert.equal(file.suggestedFilename(), "devmentor-recovery-codes.txt");
    await codes.getByRole("checkbox", { name: "I saved them" }).check();
    await done.click();
    await panel.getByText("10 recovery codes are left, of 10.").waitFor();
    await look("on");
  });

  await step("the password alone no longer signs in: a code of the app follows, and may be trusted", async () => {
    const window = await otherWindow(world, { browser, keep }, EXPECTED);
    await window.goto(at("/sign-in?to=/settings/security"));
    await signIn(window, OWNER.email, OWNER.password);
    await window.getByText("The password is right. Open your authenticator app.").waitFor();
    assert.equal((await window.request.get(at("/api/v1/session"))).status(), 401, "nobody is signed in yet");
    await look("step", window);
    const next = codeOf(key, 1);
    await fill(window, { "Code of the app": next === "000000" ? "111111" : "000000" });
    await window.getByRole("button", { name: "Sign in" }).click();
    await window.getByRole("button", { name: /^Code of the app: / }).waitFor();
    await look("step-wrong", window);
    await fill(window, { "Code of the app": next });
    await window.getByRole("checkbox", { name: /^Trust this browser/ }).check();
    await window.getByRole("button", { name: "Sign in" }).click();
    await titled(window, "Security");
    await window.getByText("1 browser signs in without a code.").waitFor();
    await window.request.post(at("/api/v1/auth/sign-out"), { data: { which: "this" }, headers: { origin: at("") } });
    await window.goto(at("/sign-in?to=/settings/security"));
    await signIn(window, OWNER.email, OWNER.password);
    await titled(window, "Security");
  });

  await step("a recovery code signs in where the app is lost, once", async () => {
    const window = await otherWindow(world, { browser, keep }, EXPECTED);
    const tryWith = async (code) => {
      await window.goto(at("/sign-in?to=/settings/security"));
      await signIn(window, OWNER.email, OWNER.password);
      await window.getByRole("button", { name: "Use a recovery code" }).click();
      await fill(window, { "Recovery code": code });
      await window.getByRole("button", { name: "Sign in" }).click();
    };
    await tryWith(recovery[0]);
    await titled(window, "Security");
    await window.getByText("9 recovery codes are left, of 10.").waitFor();
    await window.request.post(at("/api/v1/auth/sign-out"), { data: { which: "this" }, headers: { origin: at("") } });
    await tryWith(recovery[0]);
    await window.getByRole("button", { name: /^Recovery code: / }).or(window.getByText(/This code is not right/)).first().waitFor();
    await look("recovery-used", window);
    assert.deepEqual(window.faults, []);
  });

  await step("browsers are asked again, codes are renewed, and it is turned off with a code", async () => {
    await page.reload();
    await panel.getByRole("button", { name: "Ask in every browser" }).click();
    await panel.getByText("Every browser is asked for a code again.").waitFor();
    await panel.getByText("No browser is trusted to sign in without a code.").waitFor();
    await panel.getByRole("button", { name: "New recovery codes" }).click();
    const renew = page.getByRole("dialog", { name: "Make ten new recovery codes?" });
    await fill(renew, { "Present password": OWNER.password, "Code of the app, or a recovery code": recovery[1] });
    await look("renew");
    await renew.getByRole("button", { name: "New recovery codes" }).click();
    const codes = page.getByRole("dialog", { name: "Recovery codes" });
    await world.counts(codes.getByRole("listitem"), 10);
    const fresh = await codes.getByRole("listitem").allInnerTexts();
    await codes.getByRole("checkbox", { name: "I saved them" }).check();
    await codes.getByRole("button", { name: "Done" }).click();
    await panel.getByRole("button", { name: "Turn off" }).click();
    const off = page.getByRole("dialog", { name: "Turn two-factor sign-in off?" });
    await fill(off, { "Present password": OWNER.password, "Code of the app, or a recovery code": fresh[0] });
    await look("off");
    await off.getByRole("button", { name: "Turn off" }).click();
    await panel.getByText("Two-factor sign-in is off.").waitFor();
    await panel.getByRole("button", { name: "Set up an app" }).waitFor();
  });
}
