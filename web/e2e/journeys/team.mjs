// A team: somebody is invited by a link on a closed server, and joins.
import assert from "node:assert/strict";

import { code, fill, letterTo, looks } from "../lib/account.mjs";
import { otherWindow, setUp, titled } from "../lib/people.mjs";
import { settled } from "../lib/world.mjs";

export const title = "a team: invited by a link on a closed server, and joined";

const BEN = { name: "Ben Okoye", email: "ben@example.org", password: "velvet harbour ticket nine" };

/** Sockets end with their session. */
const EXPECTED = /WebSocket connection/;

export async function run({ step, begin, keep, browser }) {
  const world = await begin({ tolerated: EXPECTED });
  const { page, context, at } = world;
  const look = (name, target = page) => looks(world, `team-${name}`, target);
  const row = (target, name) => target.getByRole("listitem").filter({ has: target.getByText(name, { exact: true }) });

  await step("the team page says who is here, and what each role permits", async () => {
    await setUp(world);
    await page.goto(at("/w/home/settings/team"));
    await titled(page, "Team and roles");
    await settled(page);
    const own = row(page, "Ana Lopez");
    await own.getByText("you", { exact: true }).waitFor();
    assert.equal(await own.getByRole("combobox").count(), 0, "the last owner stays one");
    assert.equal(await own.getByRole("button").count(), 0);
    const matrix = page.getByRole("region", { name: "What the roles permit" }).first().getByRole("table");
    assert.ok((await matrix.getByRole("row").count()) > 10);
    await look("alone");
  });

  let link;
  await step("an invitation is a link, shown once, where the server sends no mail", async () => {
    await page.getByRole("button", { name: "Send invitation" }).click();
    await page.getByRole("button", { name: "Email: Email is missing." }).waitFor();
    await fill(page, { Email: BEN.email });
    await page.getByRole("combobox", { name: "Role", exact: true }).selectOption("member");
    await page.getByRole("button", { name: "Send invitation" }).click();
    const told = page.getByRole("status").filter({ hasText: "This server sends no mail." });
    link = await told.locator("code").innerText();
    assert.match(link, new RegExp(`^${at("/invite")}#\\S+$`));
    await row(page, BEN.email).getByText(/^Member · invited by Ana Lopez/).waitFor();
    await look("invited");
    await page.reload();
    await row(page, BEN.email).waitFor();
    await settled(page);
    assert.equal(await page.getByText(link).count(), 0, "it is not shown again");
  });

  await step("a link that was replaced works no longer", async () => {
    const before = link;
    await row(page, BEN.email).getByRole("button", { name: `Send again to ${BEN.email}` }).click();
    link = await page.getByRole("status").locator("code").innerText();
    assert.notEqual(link, before);
    const window = await otherWindow(world, { browser, keep }, EXPECTED);
    await window.goto(before);
    await titled(window, "This invitation cannot be used");
    await window.getByText(/was used or taken back, or has expired/).waitFor();
    await look("link-refused", window);
  });

  let ben;
  await step("who follows it makes an account on a closed server, and joins", async () => {
    ben = await otherWindow(world, { browser, keep }, EXPECTED);
    await ben.goto(at("/sign-up"));
    await titled(ben, "Sign-up is closed");
    await ben.goto(link);
    await titled(ben, /^Join /);
    assert.equal(new URL(ben.url()).hash, "", "the address does not keep the link");
    await look("invitation", ben);
    await ben.getByRole("link", { name: "Make an account" }).click();
    await titled(ben, "Sign up");
    assert.equal(await ben.getByLabel("Email").inputValue(), BEN.email);
    await fill(ben, { Name: BEN.name, Email: "other@example.org", Password: BEN.password });
    await ben.getByRole("button", { name: "Sign up", exact: true }).click();
    await ben.getByRole("button", { name: /^Email: / }).waitFor();
    await fill(ben, { Email: BEN.email });
    await ben.getByRole("button", { name: "Sign up", exact: true }).click();
    await titled(ben, "Enter the code");
    await fill(ben, { Code: code(await letterTo(context, at, BEN.email)) });
    await ben.getByRole("button", { name: "Verify address" }).click();
    await titled(ben, /^Join /);
    await ben.getByText("You are signed in as Ben Okoye.").waitFor();
    await look("join", ben);
    await ben.getByRole("button", { name: "Join" }).click();
    await ben.waitForURL(at("/w/home/repos"));
    assert.deepEqual(ben.faults, []);
  });

  await step("whoever joined stands in that workspace, and goes between it and their own", async () => {
    await ben.goto(at("/w/home/settings/team"));
    await titled(ben, "Team and roles");
    await row(ben, "Ana Lopez").waitFor();
    assert.equal(await ben.getByRole("button", { name: "Send invitation" }).count(), 0, "a member invites nobody");
    const menu = () => ben.getByRole("button", { name: "Account: Ben Okoye" }).click();
    await menu();
    await look("workspaces", ben);
    await ben.locator("[popover] a[href$='/repos']:not([aria-current])").click();
    await ben.waitForURL((url) => /^\/w\/(?!home\/)[^/]+\/repos$/.test(url.pathname));
    const own = new URL(ben.url()).pathname;
    await ben.locator(`nav a[href="${own}"]`).first().waitFor();
    await menu();
    await ben.locator("[popover] a[href='/w/home/repos']").click();
    await ben.waitForURL(at("/w/home/repos"));
    assert.deepEqual(ben.faults, []);
  });

  await step("the page of the one who invited shows it by itself", async () => {
    await row(page, "Ben Okoye").getByLabel("Role of Ben Okoye").waitFor();
    await world.counts(row(page, BEN.email), 0);
    await look("two");
  });

  await step("a lower role is felt at once, and who is taken out finds nothing there", async () => {
    await ben.goto(at("/w/home/repos"));
    await titled(ben, "Repositories");
    const add = ben.locator("#page, nav").getByRole("link", { name: /^Add/ });
    await add.first().waitFor();
    await row(page, "Ben Okoye").getByLabel("Role of Ben Okoye").selectOption("viewer");
    await world.counts(add, 0);
    await row(page, "Ben Okoye").getByRole("button", { name: /Ben Okoye/ }).last().click();
    await page.getByRole("dialog").waitFor();
    await look("take-out");
    await page.getByRole("dialog").getByRole("button", { name: /^Remove|^Take out/ }).click();
    await world.counts(row(page, "Ben Okoye"), 0);
    await ben.goto(at("/w/home/repos"));
    await titled(ben, /^Not found/);
    await look("taken-out", ben);
  });
}
