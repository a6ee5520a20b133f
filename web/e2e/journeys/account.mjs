// An account from its beginning to its end: set up, signed up, signed in elsewhere, forgotten, deleted.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { watch } from "../lib/browser.mjs";
import { code, fill, letters, letterTo, looks, signIn, tokenIn } from "../lib/account.mjs";
import { PATIENCE_MS, settled } from "../lib/world.mjs";

export const title = "accounts: set up, signed up by code and by link, signed in and out elsewhere, forgotten, deleted";

const OWNER = { name: "Ana Lopez", email: "ana@example.org", password: "orbit lantern quarry seven" };
const NEW_PASSWORD = "marble compass ticket eleven";
const MEMBER = { name: "Ben Okoye", email: "ben@example.org", password: "velvet harbour ticket nine" };
const THIRD = { name: "Cleo Marsh", email: "cleo@example.org", password: "copper window anchor five" };

/** Too many tries, and sockets that end with their session, are told on the console as well. */
const EXPECTED = /status of 429|WebSocket connection/;

export async function run({ step, begin, keep, browser }) {
  const world = await begin({ tolerated: EXPECTED, config: { identity: { sign_up: "open" } } });
  const { page, context, at, heading } = world;
  const look = (name, target = page) => looks(world, name, target);

  /** A window of somebody else, or of the same person on another machine. */
  const other = async () => {
    const apart = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce", serviceWorkers: "block" });
    keep({ stop: () => apart.close() });
    apart.setDefaultTimeout(PATIENCE_MS);
    const window = await apart.newPage();
    window.faults = watch(window, world.server.base, EXPECTED);
    return window;
  };
  const titled = (target, name) => target.getByRole("heading", { level: 1, name }).waitFor();
  const wrong = (target) => target.locator("form [role=group][tabindex='-1']");
  const signOut = async (target) => {
    await target.getByRole("button", { name: /^Account/ }).click();
    await target.getByRole("button", { name: "Sign out" }).click();
    await target.waitForURL(at("/"));
  };

  await step("who only has the link is told so, and gives the account an address and a password", async () => {
    await world.enter();
    await page.goto(at("/settings/security"));
    await page.getByText("No password: this machine only").waitFor();
    await look("security-no-password");
    await page.getByRole("link", { name: "Set address and password" }).click();
    await heading("Set up this server");
    assert.equal(await page.getByLabel("Set-up code").count(), 0, "who is signed in shows no code");
    await fill(page, { Name: "", Email: "ana", Password: "short" });
    await page.getByRole("button", { name: "Set up" }).click();
    await wrong(page).getByText("2 fields need a change.").waitFor();
    assert.equal(await wrong(page).evaluate((summary) => summary === document.activeElement), true, "the summary has the focus");
    await page.getByRole("button", { name: "Name: Name is missing." }).click();
    assert.equal(await page.getByLabel("Name").evaluate((field) => field === document.activeElement), true);
    await look("setup-wrong");
    await fill(page, { Name: OWNER.name, Email: "ana", Password: OWNER.password });
    await page.getByRole("button", { name: "Set up" }).click();
    await wrong(page).getByRole("button", { name: /^Email: / }).waitFor();
    assert.equal(await page.getByLabel("Password (").inputValue(), OWNER.password, "what was typed is kept");
    await fill(page, { Email: OWNER.email });
    await page.getByRole("button", { name: "Set up" }).click();
    await heading("What should DevMentor look at?");
    await page.goto(at("/setup"));
    await heading("This server is set up");
    await look("setup-done");
  });

  await step("a name is changed, and is the new one everywhere", async () => {
    await page.goto(at("/settings/profile"));
    await page.getByText(OWNER.email).waitFor();
    await fill(page, { Name: "Ana L." });
    await page.getByRole("button", { name: "Save name" }).click();
    await page.getByText("Saved.").waitFor();
    await page.getByRole("button", { name: "Account: Ana L." }).waitFor();
    await look("profile");
    await page.getByRole("button", { name: "Account: Ana L." }).click();
    await page.getByRole("group", { name: "Account" }).getByRole("link", { name: "Security" }).waitFor();
    await world.checkpoint("account-menu");
    await page.keyboard.press("Escape");
  });

  await step("nobody learns from a refusal whether an address has an account, and the page that was wanted opens", async () => {
    await signOut(page);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    assert.equal(await page.getByText("devmentor link").count(), 0, "there is no link where people have passwords");
    await world.checkpoint("landing-set-up");
    await page.goto(at("/settings/security"));
    await page.waitForURL(/\/sign-in\?to=/);
    await heading("Sign in");
    await look("sign-in");
    const said = [];
    for (const email of [OWNER.email, "nobody@example.org"]) {
      await signIn(page, email, "not the right password");
      said.push(await wrong(page).innerText());
      await settled(page);
    }
    assert.deepEqual(said, ["Email or password is not right.", "Email or password is not right."]);
    await look("sign-in-refused");
    await signIn(page, OWNER.email, OWNER.password);
    await heading("Security");
    await page.waitForURL(at("/settings/security"));
  });

  await step("too many tries wait, with the time in the button, and nobody else waits with them", async () => {
    const window = await other();
    await window.goto(at("/sign-in"));
    for (let tries = 0; tries < 8; tries += 1) {
      await signIn(window, "nobody@example.org", "not the right password");
      await window.getByRole("button", { name: /^(Sign in|Try again in)/ }).and(window.locator(":not([aria-busy])")).waitFor();
      if (await window.getByText(/^Too many tries\./).count()) break;
    }
    await window.getByText(/^Too many tries\. Try again in \d+ s\.$/).waitFor();
    const button = window.getByRole("button", { name: /^Try again in \d+ s$/ });
    await button.waitFor();
    assert.equal(await button.getAttribute("aria-disabled"), "true");
    await world.checkpoint("sign-in-waits", { target: window, seen: window.faults });
    await button.waitFor({ state: "detached" });
    await window.getByRole("button", { name: "Sign in" }).waitFor();
  });

  let member;
  await step("signing up says the same for a new and for a known address, and the code of the message lets in", async () => {
    member = await other();
    await member.goto(at("/sign-in"));
    await member.getByRole("link", { name: "Sign up" }).click();
    await titled(member, "Sign up");
    await fill(member, { Name: MEMBER.name, Email: MEMBER.email, Password: "passwordpassword" });
    await look("sign-up", member);
    await member.getByRole("button", { name: "Sign up" }).click();
    await wrong(member).getByRole("button", { name: /^Password: / }).waitFor();
    await look("sign-up-weak", member);
    const texts = [];
    for (const email of [OWNER.email, MEMBER.email]) {
      await fill(member, { Name: MEMBER.name, Email: email, Password: MEMBER.password });
      await member.getByRole("button", { name: "Sign up" }).click();
      await titled(member, "Enter the code");
      await member.getByText(email).waitFor();
      texts.push((await member.getByRole("main").innerText()).replace(email, "").replace(/\d+ s/, ""));
      if (email !== MEMBER.email) await member.getByRole("link", { name: "Use another address" }).click();
    }
    assert.equal(texts[0], texts[1]);
    assert.match(texts[0], /If this address can be used, a message is on its way\./);
    assert.match(texts[0], /This server sends no mail\. Its operator can give you the code or the link\./);
    await look("verify", member);
    const letter = await letterTo(context, at, MEMBER.email);
    await fill(member, { Code: code(letter) === "000000" ? "111111" : "000000" });
    await member.getByRole("button", { name: "Verify address" }).click();
    await wrong(member).getByText(/This code or link does not work/).waitFor();
    await look("verify-wrong", member);
    const digits = code(letter);
    await fill(member, { Code: `${digits.slice(0, 3)} ${digits.slice(3)}` });
    await member.getByRole("button", { name: "Verify address" }).click();
    await titled(member, "What should DevMentor look at?");
  });

  await step("another message is asked for after half a minute, and its link makes the account too", async () => {
    const window = await other();
    await window.goto(at("/sign-up"));
    await fill(window, { Name: THIRD.name, Email: THIRD.email, Password: THIRD.password });
    await window.getByRole("button", { name: "Sign up" }).click();
    await titled(window, "Enter the code");
    assert.equal(await window.getByRole("button", { name: /^Another code in \d+ s$/ }).getAttribute("aria-disabled"), "true");
    await window.getByRole("button", { name: "Send another code" }).click({ timeout: 60_000 });
    await window.getByText("Another message is on its way.").waitFor();
    const held = await letters(context, at, THIRD.email);
    assert.equal(held.length, 2);
    await window.goto(at(`/verify#${tokenIn(held[0])}`));
    await titled(window, "Verify your address");
    await fill(window, { Password: THIRD.password });
    await window.getByRole("button", { name: "Verify address" }).click();
    await titled(window, "Your address is verified");
    assert.equal(new URL(window.url()).hash, "", "the address does not keep the link");
    await look("verified", window);
    await window.getByRole("link", { name: "Go to sign-in" }).click();
    await signIn(window, THIRD.email, THIRD.password);
    await titled(window, "What should DevMentor look at?");
    await window.goto(at(`/verify#${tokenIn(held[0])}`));
    await titled(window, "Verify your address");
    await fill(window, { Password: THIRD.password });
    await window.getByRole("button", { name: "Verify address" }).click();
    await titled(window, "This link cannot be used");
    await look("verify-used", window);
    assert.deepEqual(window.faults, []);
  });

  await step("whoever runs the server finds the messages, and nobody else finds the page", async () => {
    await page.goto(at("/admin/outbox"));
    await heading("Outbox");
    await page.getByRole("article", { name: "Your DevMentor code" }).first().waitFor();
    await look("outbox");
    await member.goto(at("/admin/outbox"));
    await titled(member, "Not found");
    assert.deepEqual(member.faults, []);
  });

  let second;
  await step("a session that is ended elsewhere asks over the page, which keeps what was typed", async () => {
    second = await other();
    await second.goto(at("/sign-in?to=/w/home/tasks"));
    await signIn(second, OWNER.email, OWNER.password);
    const field = second.getByRole("textbox", { name: "New task" });
    await field.fill("Half a sen");
    await second.locator("nav [role=status]").filter({ hasText: /^Live/ }).first().waitFor();
    await page.goto(at("/settings/security"));
    const sessions = page.getByRole("region", { name: /^Sessions/ });
    await world.counts(sessions.getByRole("listitem"), 2);
    await look("security");
    await sessions.getByRole("listitem").filter({ hasNotText: "This one" }).getByRole("button", { name: /^Sign out/ }).click();
    const dialog = second.getByRole("dialog", { name: "You were signed out" });
    const start = performance.now();
    await dialog.waitFor();
    console.log(`      the dialog came after ${Math.round(performance.now() - start)} ms`);
    assert.ok(performance.now() - start < 3000, "within three seconds on a loaded machine");
    await world.counts(sessions.getByRole("listitem"), 1);
    await look("signed-out-dialog", second);
    for (let press = 0; press < 3; press += 1) await second.keyboard.press("Escape");
    await dialog.waitFor();
    await signIn(dialog, OWNER.email, OWNER.password);
    await dialog.waitFor({ state: "detached" });
    assert.equal(await field.inputValue(), "Half a sen");
    await field.fill("Half a sentence");
    await field.press("Enter");
    await second.getByRole("link", { name: /Half a sentence/ }).waitFor();
    assert.deepEqual(second.faults, []);
  });

  await step("a password is changed, and every other session ends", async () => {
    await page.goto(at("/settings/security"));
    await fill(page, { "Present password": "not the right one", "New password": NEW_PASSWORD });
    await page.getByRole("button", { name: "Change password" }).click();
    await wrong(page).getByRole("button", { name: /^Present password: The present password is not right\./ }).waitFor();
    await look("password-wrong");
    await fill(page, { "Present password": OWNER.password });
    await page.getByRole("button", { name: "Change password" }).click();
    await page.getByText("The password is changed, and every other session has ended.").waitFor();
    await second.getByRole("dialog", { name: "You were signed out" }).waitFor();
  });

  await step("somebody else who signs in there finds nothing of the one before", async () => {
    const dialog = second.getByRole("dialog", { name: "You were signed out" });
    await signIn(dialog, MEMBER.email, MEMBER.password);
    await titled(second, "What should DevMentor look at?");
    await second.goto(at("/w/home/tasks"));
    await settled(second);
    assert.equal(await second.getByText("Half a sentence").count(), 0);
  });

  await step("a forgotten password: a neutral answer, the sessions that end, and the old one is refused", async () => {
    const window = await other();
    await window.goto(at("/sign-in"));
    await window.getByRole("link", { name: "Forgot your password?" }).click();
    await titled(window, "Set a new password");
    await look("forgot", window);
    const texts = [];
    for (const email of ["nobody@example.org", MEMBER.email]) {
      await window.goto(at("/forgot"));
      await fill(window, { Email: email });
      await window.getByRole("button", { name: "Send the link" }).click();
      await titled(window, "Look at your mail");
      texts.push(await window.getByRole("main").innerText());
    }
    assert.equal(texts[0], texts[1]);
    await look("forgot-sent", window);
    const letter = await letterTo(context, at, MEMBER.email);
    await window.goto(at(`/reset#${tokenIn(letter)}`));
    await titled(window, "Choose a new password");
    await window.getByText("These 2 sessions end:").waitFor();
    await look("reset", window);
    await fill(window, { "New password": NEW_PASSWORD });
    await window.getByRole("button", { name: "Set password and sign in" }).click();
    await titled(window, "What should DevMentor look at?");
    await member.getByRole("dialog", { name: "You were signed out" }).or(member.getByRole("heading", { level: 1, name: "Sign in" })).first().waitFor();
    const refused = await window.request.post(at("/api/v1/auth/sign-in"), { data: { email: MEMBER.email, password: MEMBER.password }, headers: { origin: at("") } });
    assert.equal(refused.status(), 401);
    await window.goto(at(`/reset#${tokenIn(letter)}`));
    await titled(window, "This link cannot be used");
    await look("reset-used", window);
    member = window;
  });

  await step("one's data is a file, and an account that is deleted is gone", async () => {
    await member.goto(at("/settings/profile"));
    const [file] = await Promise.all([member.waitForEvent("download"), member.getByRole("button", { name: "Download my data" }).click()]);
    assert.equal(file.suggestedFilename(), "devmentor-account.json");
    const data = JSON.parse(readFileSync(await file.path(), "utf8"));
    assert.equal(data.account.email, MEMBER.email);
    assert.ok(data.acts.length > 0);
    await member.getByRole("button", { name: "Delete account" }).click();
    const dialog = member.getByRole("dialog", { name: "Delete your account?" });
    await dialog.getByRole("button", { name: "Delete account" }).click();
    await dialog.getByText("2 fields need a change.").waitFor();
    await look("delete-account", member);
    await fill(dialog, { "Type ben to confirm": "ben", "Present password": NEW_PASSWORD });
    await dialog.getByRole("button", { name: "Delete account" }).click();
    await member.waitForURL(at("/"));
    const refused = await member.request.post(at("/api/v1/auth/sign-in"), { data: { email: MEMBER.email, password: NEW_PASSWORD }, headers: { origin: at("") } });
    assert.equal(refused.status(), 401);
    assert.deepEqual(member.faults, []);
  });
}
