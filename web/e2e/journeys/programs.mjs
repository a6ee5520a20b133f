// Programs that act as somebody: a token that is shown once and revoked, and a sign-in by a code.
import assert from "node:assert/strict";

import { fill, looks } from "../lib/account.mjs";
import { OWNER, setUp, titled } from "../lib/people.mjs";

export const title = "programs that act as somebody: a token shown once and revoked, a sign-in by a code";

export async function run({ step, begin }) {
  const world = await begin();
  const { page, at } = world;
  const look = (name) => looks(world, `programs-${name}`);
  const asProgram = (path, options) => fetch(at(path), options);
  const post = (path, body) => asProgram(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

  let secret;
  await step("a token is made with what it may do, and shown once", async () => {
    await setUp(world);
    await page.goto(at("/settings/tokens"));
    await page.getByText(/^No token yet\./).waitFor();
    await look("none");
    await page.getByRole("button", { name: "New token" }).click();
    const dialog = page.getByRole("dialog", { name: "New token" });
    await fill(dialog, { Name: "nightly" });
    const make = dialog.getByRole("button", { name: "Make token" });
    assert.equal(await make.getAttribute("aria-disabled"), "true", "it may do nothing yet");
    await dialog.getByRole("checkbox").first().check();
    await dialog.getByRole("checkbox").nth(1).check();
    await dialog.getByLabel("Works for").selectOption("7");
    await look("make");
    await make.click();
    const shown = page.getByRole("dialog", { name: "Copy the token now" });
    secret = await shown.locator("code").innerText();
    assert.match(secret, /^\S{20,}$/);
    await page.keyboard.press("Escape");
    await shown.waitFor();
    await look("secret");
    await shown.getByRole("button", { name: "I have it" }).click();
    await page.getByRole("listitem").filter({ hasText: "nightly" }).getByText(/never used/).waitFor();
    assert.equal(await page.getByText(secret).count(), 0);
  });

  await step("it acts within what it was given, and stops when it is revoked", async () => {
    const read = () => asProgram("/api/v1/w/home/repos", { headers: { authorization: `Bearer ${secret}` } });
    assert.equal((await read()).status, 200);
    const more = await asProgram("/api/v1/w/home/invites", { headers: { authorization: `Bearer ${secret}` } });
    assert.equal(more.status, 403);
    await page.reload();
    await page.getByRole("listitem").filter({ hasText: "nightly" }).getByText(/last used/).waitFor();
    await look("one");
    await page.getByRole("button", { name: "Revoke nightly" }).click();
    await page.getByText("nightly is revoked.").waitFor();
    await page.getByText(/^No token yet\./).waitFor();
    assert.equal((await read()).status, 401);
  });

  await step("a program that shows a code is signed in by whoever approves it", async () => {
    const begun = await (await post("/api/v1/auth/device", { client: "devmentor on build-7" })).json();
    assert.equal((await (await post("/api/v1/auth/device/token", { device_code: begun.device_code })).json()).code, "authorization_pending");
    await page.goto(at("/device"));
    await titled(page, "Sign a program in");
    await fill(page, { Code: "QQQQ-QQQQ" });
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("button", { name: /^Code: / }).waitFor();
    await look("code-wrong");
    await page.goto(begun.verification_uri_complete);
    await page.waitForFunction((code) => document.querySelector("input[name=user_code]")?.value === code, begun.user_code);
    assert.equal(new URL(page.url()).hash, "", "the address does not keep the code");
    await look("code");
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByText("devmentor on build-7 asks to be signed in as you.").waitFor();
    await look("approve");
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByText("The program is signed in.").waitFor();
    await look("approved");
    await page.waitForTimeout(begun.interval * 1000);
    const session = await (await post("/api/v1/auth/device/token", { device_code: begun.device_code })).json();
    assert.equal(session.user?.name, OWNER.name, JSON.stringify(session));
    await page.goto(at("/settings/security"));
    await page.getByText(/with an approved code/).waitFor();
  });

  await step("a program that is denied is not", async () => {
    const begun = await (await post("/api/v1/auth/device", { client: "somebody else" })).json();
    await page.goto(begun.verification_uri_complete);
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("button", { name: "Deny" }).click();
    await page.getByText("The program was denied.").waitFor();
    assert.equal((await (await post("/api/v1/auth/device/token", { device_code: begun.device_code })).json()).code, "access_denied");
  });
}
