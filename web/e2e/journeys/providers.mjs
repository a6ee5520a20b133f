// Signing in with the account of an OpenID provider that others wrote: in, back again, refused, linked, unlinked.
import assert from "node:assert/strict";

import { fill, looks, signIn } from "../lib/account.mjs";
import { startOpenIdProvider } from "../lib/openid-provider.mjs";
import { codeOf, otherWindow, OWNER, setUp, titled } from "../lib/people.mjs";

export const title = "an OpenID provider: signed up and in, refused in words, linked, unlinked, not the last way in";

/** Its accounts. One of them has the address of the owner here, and one an address that the provider has not seen read. */
const PEOPLE = {
  dana: { name: "Dana Reyes", email: "dana@example.org", email_verified: true },
  ana: { name: OWNER.name, email: OWNER.email, email_verified: true },
  eli: { name: "Eli Novak", email: "eli@example.org", email_verified: false },
};

/** Refusals are told on the console as well, and sockets end with their session. */
const EXPECTED = /status of (403|409)|WebSocket connection/;

export async function run({ step, begin, keep, browser }) {
  const provider = keep(await startOpenIdProvider(PEOPLE));
  const world = await begin({
    tolerated: EXPECTED,
    elsewhere: provider.issuer,
    config: { identity: { sign_up: "open", providers: [provider.entry("work", "Work")] } },
  });
  const { page, at } = world;
  provider.serve(world.server.base, "work");
  const look = (name, target = page) => looks(world, `providers-${name}`, target);
  const other = () => otherWindow(world, { browser, keep }, EXPECTED, provider.issuer);
  const panelOf = (target) => target.getByRole("region", { name: "Linked accounts" });

  /** What somebody answers on the page of the provider. */
  const answer = async (target, account, word = "Allow") => {
    await titled(target, "Sign in to devmentor");
    assert.equal(new URL(target.url()).origin, provider.issuer);
    await fill(target, { Account: account });
    await target.getByRole("button", { name: word }).click();
  };
  /** Goes to the provider from the page to sign in. */
  const depart = async (target, path = "/sign-in") => {
    await target.goto(at(path));
    await target.getByRole("button", { name: "Continue with Work" }).click();
  };
  /** Answers at the provider with the cookies of the window, which stays where it is: where it would be sent back to. */
  const held = async (target, account) => {
    await titled(target, "Sign in to devmentor");
    const submitted = await target.request.post(target.url(), { form: { account, allowed: "yes" }, maxRedirects: 0 });
    const sent = await target.request.get(submitted.headers().location, { maxRedirects: 0 });
    const back = sent.headers().location;
    assert.match(back, /\/oauth\/work\/callback\?.*code=/);
    return back;
  };
  const over = (target) => target.getByText(/^This sign-in was used, took too long, or began in another browser\./).waitFor();
  const session = async (target) => (await target.request.get(at("/api/v1/session"))).status();
  const signOut = async (target) => {
    await target.goto(at("/settings/security"));
    await target.getByRole("button", { name: /^Account/ }).click();
    await target.getByRole("button", { name: "Sign out", exact: true }).click();
    await target.waitForURL(at("/"));
  };

  await setUp(world);
  const dana = await other();

  await step("who is new signs up with the provider's account, and nothing of it stays in the address", async () => {
    await dana.goto(at("/sign-up"));
    await dana.getByRole("button", { name: "Continue with Work" }).waitFor();
    await look("sign-up", dana);
    await dana.goto(at("/sign-in"));
    await dana.getByRole("button", { name: "Continue with Work" }).waitFor();
    await look("sign-in", dana);
    await dana.getByRole("button", { name: "Continue with Work" }).click();
    await answer(dana, "dana");
    await titled(dana, "What should DevMentor look at?");
    assert.doesNotMatch(dana.url(), /code|state|callback/);
    const me = await (await dana.request.get(at("/api/v1/me"))).json();
    assert.deepEqual([me.data.user.name, me.data.email, me.data.password_at], [PEOPLE.dana.name, PEOPLE.dana.email, null]);
  });

  await step("the only way in cannot be taken away, and says what to do first", async () => {
    await dana.goto(at("/settings/security"));
    const panel = panelOf(dana);
    await panel.getByText(/^dana@example\.org · linked /).waitFor();
    await look("no-password", dana);
    await panel.getByRole("button", { name: "Unlink Work" }).click();
    const dialog = dana.getByRole("dialog", { name: "Unlink your Work account?" });
    assert.equal(await dialog.getByLabel("Present password").count(), 0, "who has no password is asked for none");
    await dialog.getByRole("button", { name: "Unlink Work" }).click();
    await dialog.getByText(/^This is the only way into the account\. Set a password or link another account first\.$/).waitFor();
    await look("only-way", dana);
    await dana.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await panel.getByRole("button", { name: "Unlink Work" }).waitFor();
  });

  await step("the same account comes in again, to the page that was wanted, also after the provider changed its key", async () => {
    await signOut(dana);
    assert.equal(await session(dana), 401);
    provider.serve(world.server.base, "work");
    await depart(dana, "/sign-in?to=/settings/security");
    await answer(dana, "dana");
    await titled(dana, "Security");
    await panelOf(dana).getByText(/^dana@example\.org · linked .* · last used /).waitFor();
  });

  const stranger = await other();
  await step("who denies it at the provider is told that nothing changed, and can try again", async () => {
    await depart(stranger);
    await answer(stranger, "dana", "Deny");
    await titled(stranger, "Not signed in with Work");
    await stranger.getByText("Work was told not to let DevMentor know who you are. Nothing was changed.").waitFor();
    assert.equal(new URL(stranger.url()).search, "");
    await look("denied", stranger);
    await stranger.getByRole("button", { name: "Try again" }).click();
    await titled(stranger, "Sign in to devmentor");
    assert.equal(await session(stranger), 401);
  });

  await step("an address that the provider does not vouch for makes no account", async () => {
    await depart(stranger);
    await answer(stranger, "eli");
    await titled(stranger, "Not signed in with Work");
    await stranger.getByText(/^The provider vouches for no address of mail\./).waitFor();
    await look("no-address", stranger);
    assert.equal(await session(stranger), 401);
  });

  await step("what came back for one browser is worth nothing in another, and once in its own", async () => {
    // A window of its own: the provider ends what it has before somebody else signs in.
    const own = await other();
    await depart(own);
    const back = await held(own, "dana");
    // Without a sign-in of its own, and with one.
    const thief = await other();
    await thief.goto(back);
    await titled(thief, "Not signed in with Work");
    await over(thief);
    await look("elsewhere", thief);
    await depart(thief);
    await titled(thief, "Sign in to devmentor");
    await thief.goto(back);
    await over(thief);
    assert.equal(await session(thief), 401);
    await own.goto(back);
    await titled(own, "What should DevMentor look at?");
    await signOut(own);
    await own.goto(back);
    await over(own);
    assert.equal(await session(own), 401);
  });

  await step("an address that has an account here leads not into it: its owner is told to link the two", async () => {
    await depart(stranger);
    await answer(stranger, "ana");
    await titled(stranger, "Not signed in with Work");
    await stranger.getByText("Its address has an account here. Sign in to that, and link the two in its settings.").waitFor();
    assert.equal(await stranger.getByRole("button", { name: "Try again" }).count(), 0, "it would end the same way");
    await look("known", stranger);
    assert.equal(await session(stranger), 401);
    await stranger.getByRole("link", { name: "Sign in to link them" }).click();
    await signIn(stranger, OWNER.email, OWNER.password);
    await titled(stranger, "Security");
  });

  await step("linking asks for the password, and the account signs in from then on", async () => {
    const panel = panelOf(stranger);
    await panel.getByText("No account is linked.").waitFor();
    await panel.getByRole("button", { name: "Link Work" }).click();
    const dialog = stranger.getByRole("dialog", { name: "Link your Work account?" });
    await fill(dialog, { "Present password": "not the right one" });
    await dialog.getByRole("button", { name: "Link Work" }).click();
    await dialog.getByRole("button", { name: /^Present password: / }).waitFor();
    await look("link", stranger);
    await fill(dialog, { "Present password": OWNER.password });
    await dialog.getByRole("button", { name: "Link Work" }).click();
    // Somebody else's account is not theirs to link.
    await answer(stranger, "dana");
    await titled(stranger, "Your Work account is not linked");
    await stranger.getByText(/^This account is linked to somebody else here/).waitFor();
    await look("taken", stranger);
    await stranger.getByRole("link", { name: "Back to Security" }).click();
    await panel.getByRole("button", { name: "Link Work" }).click();
    await fill(dialog, { "Present password": OWNER.password });
    await dialog.getByRole("button", { name: "Link Work" }).click();
    await answer(stranger, "ana");
    await titled(stranger, "Security");
    await panel.getByText(/^ana@example\.org · linked .* · never used to sign in$/).waitFor();
    await look("linked", stranger);
    await signOut(stranger);
    await depart(stranger, "/sign-in?to=/settings/security");
    await answer(stranger, "ana");
    await panel.getByText(/^ana@example\.org · linked .* · last used /).waitFor();
  });

  await step("who has a second factor shows a code of it besides, whoever says who they are", async () => {
    const factor = stranger.getByRole("region", { name: "Two-factor sign-in" });
    await factor.getByRole("button", { name: "Set up an app" }).click();
    const dialog = stranger.getByRole("dialog", { name: "Set up an app for codes" });
    await fill(dialog, { "Present password": OWNER.password });
    await dialog.getByRole("button", { name: "Go on" }).click();
    const key = await dialog.locator("code").innerText();
    await fill(dialog, { "Code of the app": codeOf(key) });
    await dialog.getByRole("button", { name: "Turn on" }).click();
    await stranger.getByRole("checkbox", { name: "I saved them" }).check();
    await stranger.getByRole("button", { name: "Done" }).click();
    await signOut(stranger);
    await depart(stranger, "/sign-in?to=/settings/security");
    await answer(stranger, "ana");
    await stranger.getByText("Your account is right. Open your authenticator app.").waitFor();
    assert.equal(await session(stranger), 401, "nobody is signed in yet");
    await look("code", stranger);
    await fill(stranger, { "Code of the app": codeOf(key, 1) });
    await stranger.getByRole("button", { name: "Sign in", exact: true }).click();
    await titled(stranger, "Security");
  });

  await step("unlinked for the password, it signs nobody in any more", async () => {
    const panel = panelOf(stranger);
    await panel.getByRole("button", { name: "Unlink Work" }).click();
    const dialog = stranger.getByRole("dialog", { name: "Unlink your Work account?" });
    await look("unlink", stranger);
    await fill(dialog, { "Present password": OWNER.password });
    await dialog.getByRole("button", { name: "Unlink Work" }).click();
    await panel.getByRole("status").filter({ hasText: "Work is unlinked." }).waitFor();
    await panel.getByText("No account is linked.").waitFor();
    await look("unlinked", stranger);
    await signOut(stranger);
    await depart(stranger);
    await answer(stranger, "ana");
    await stranger.getByText(/^Its address has an account here\./).waitFor();
    assert.equal(await session(stranger), 401);
  });
}
