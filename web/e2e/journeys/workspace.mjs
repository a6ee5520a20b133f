// A workspace: made, named, guarded by roles, looked over in its audit log, and ended.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { code, fill, letterTo, looks } from "../lib/account.mjs";
import { makeFixture } from "../lib/fixture.mjs";
import { otherWindow, setUp, titled } from "../lib/people.mjs";
import { addFolder, begin as analyse, ended, lookNothingUp } from "../lib/wizard.mjs";
import { settled } from "../lib/world.mjs";

export const title = "a workspace: made, named, who may what and asking for it, its audit log, and its end";

const BEN = { name: "Ben Okoye", email: "ben@example.org", password: "velvet harbour ticket nine" };

/** Sockets end with their workspace, and what a role does not permit is refused. */
const EXPECTED = /WebSocket connection|status of 403/;

export async function run({ step, begin, keep, browser }) {
  const world = await begin({ tolerated: EXPECTED });
  const { page, context, at, server } = world;
  const look = (name, target = page) => looks(world, `workspace-${name}`, target);
  const row = (target, name) => target.getByRole("listitem").filter({ has: target.getByText(name, { exact: true }) });

  await step("a workspace is made from the account's menu, and one stands in it", async () => {
    await setUp(world);
    makeFixture(join(server.folder, "fixture"));
    await page.getByRole("button", { name: /^Account/ }).click();
    await page.getByRole("group", { name: "Account" }).getByRole("link", { name: "New workspace" }).click();
    await titled(page, "Workspaces");
    await row(page, "Ana Lopez").or(page.getByRole("listitem").filter({ hasText: "/w/home" })).first().waitFor();
    await look("list");
    await page.getByRole("button", { name: "Make workspace" }).click();
    await page.getByRole("button", { name: "Name: Name is missing." }).waitFor();
    await fill(page, { Name: "Payments team" });
    await page.getByRole("button", { name: "Make workspace" }).click();
    await page.waitForURL(at("/w/payments-team/repos"));
    await titled(page, "Repositories");
    await page.getByText("Payments team", { exact: true }).first().waitFor();
  });

  await step("its name changes everywhere, its address stays", async () => {
    await page.goto(at("/w/payments-team/settings/general"));
    await titled(page, "General");
    await page.getByText("1 person, 0 repositories, 0 tasks").waitFor();
    await look("general");
    await fill(page, { Name: "Money movers" });
    await page.getByRole("button", { name: "Save name" }).click();
    await page.getByText("Saved. Everybody in it sees the new name.").waitFor();
    await page.getByRole("navigation", { name: "Main" }).getByText("Money movers").waitFor();
    assert.equal(new URL(page.url()).pathname, "/w/payments-team/settings/general");
  });

  let ben;
  await step("whose role does not permit something is told who can grant it, and asks", async () => {
    await page.getByRole("link", { name: "Team and roles" }).click();
    await titled(page, "Team and roles");
    await fill(page, { Email: BEN.email });
    await page.getByRole("combobox", { name: "Role", exact: true }).selectOption("member");
    await page.getByRole("button", { name: "Send invitation" }).click();
    const link = await page.getByRole("status").locator("code").innerText();
    ben = await otherWindow(world, { browser, keep }, EXPECTED);
    await ben.goto(link);
    await ben.getByRole("link", { name: "Make an account" }).click();
    await fill(ben, { Name: BEN.name, Password: BEN.password });
    await ben.getByRole("button", { name: "Sign up", exact: true }).click();
    await fill(ben, { Code: code(await letterTo(context, at, BEN.email)) });
    await ben.getByRole("button", { name: "Verify address" }).click();
    await ben.getByRole("button", { name: "Join" }).click();
    await ben.waitForURL(at("/w/payments-team/repos"));

    await ben.goto(at("/w/payments-team/settings/general"));
    await titled(ben, "General");

    await ben.getByText(/takes the role Admin in this workspace\. Ana Lopez can grant it\./).waitFor();
    assert.equal(await ben.getByRole("button", { name: "Delete workspace" }).count(), 0, "only an owner ends it");
    assert.equal(await ben.getByRole("button", { name: "Save name" }).count(), 0);
    await look("general-denied", ben);

    await ben.getByRole("link", { name: "Audit log" }).click();
    await titled(ben, "Audit log");
    const denied = ben.getByRole("region", { name: "Your role does not permit this" });
    await denied.getByText(/^To read what was done in the workspace.* Ana Lopez can grant it\.$/).waitFor();
    await look("audit-denied", ben);
    await denied.getByRole("button", { name: "Ask for access" }).click();
    await ask(ben, "The review needs it.");
    await denied.getByText(/^Asked just now\./).waitFor();
    await look("audit-asked", ben);
    await ben.reload();
    await denied.getByText(/^Asked/).waitFor();
  });

  await step("the answer arrives by itself: a refusal, and then what was asked for", async () => {
    const request = row(page, BEN.name).filter({ hasText: "asks to be allowed to" });
    await request.getByText("The review needs it.").waitFor();
    await look("request");
    await request.getByRole("button", { name: "Decline" }).click();
    const denied = ben.getByRole("region", { name: "Your role does not permit this" });
    await denied.getByText("Your request was declined.").waitFor();
    await look("audit-declined", ben);
    await denied.getByRole("button", { name: "Ask again" }).click();
    await ask(ben, "");
    await request.getByRole("button", { name: "Make Admin" }).click();
    const log = ben.getByRole("region", { name: "Audit log" }).getByRole("table");
    await log.getByRole("row").filter({ hasText: "Role changed" }).filter({ hasText: BEN.name }).first().waitFor();
    await world.counts(denied, 0);
    assert.deepEqual(ben.faults, []);
  });

  await step("the log tells who did what, refused acts too; filters are in its address", async () => {
    await page.getByRole("link", { name: "Audit log" }).click();
    await titled(page, "Audit log");
    const rows = page.getByRole("region", { name: "Audit log" }).getByRole("table").getByRole("row");
    await rows.filter({ hasText: "Role changed" }).filter({ hasText: "member to admin" }).waitFor();
    await look("audit");
    await page.getByLabel("Result").focus();
    await page.getByLabel("Result").selectOption("no");
    await page.waitForURL(/\?done=no$/);
    await rows.filter({ hasText: "audit.read" }).first().waitFor();
    await page.getByLabel("Person").selectOption({ label: "Ana Lopez" });
    await page.getByText("No act passes these filters.").waitFor();
    await look("audit-filtered");
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), "SELECT", "the filters keep the focus");
    await page.goBack();
    await page.goForward();
    await page.getByRole("button", { name: "Clear filters" }).first().click();
    await rows.filter({ hasText: "Workspace renamed" }).waitFor();
    const today = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    const [year, month, day] = today.split("-");
    // Typed as in its own order, one digit after the other: the first of the year is a year already.
    await page.getByLabel("To", { exact: true }).pressSequentially(month + day + year);
    assert.equal(await page.getByLabel("To", { exact: true }).inputValue(), today);
    await page.getByText("No act passes these filters.").waitFor();
    await page.getByRole("button", { name: "Clear filters" }).first().click();
    await page.getByLabel("Act", { exact: true }).selectOption("workspace.renamed");
    await page.getByText("1 act", { exact: true }).waitFor();
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Export as CSV" }).click()]);
    const [head, ...lines] = readFileSync(await file.path(), "utf8").trim().split("\r\n");
    assert.match(head, /^at,actor,action,/);
    assert.equal(lines.length, 1, "the file has what the filters let through");
    assert.match(lines[0], /workspace\.renamed/);
  });

  await step("whoever runs the server reads the log of all of it", async () => {
    await page.goto(at("/admin/audit"));
    await titled(page, "Audit log");
    const rows = page.getByRole("region", { name: "Audit log" }).getByRole("table").getByRole("row");
    await rows.filter({ hasText: "Account made" }).first().waitFor();
    await look("audit-server");
    await page.getByLabel("Act", { exact: true }).selectOption("audit.exported");
    await page.getByText("1 act", { exact: true }).waitFor();
    await ben.goto(at("/admin/audit"));
    await titled(ben, "Not found");
  });

  await step("its end names what is lost, offers to take it along, and asks for its name", async () => {
    await page.goto(at("/w/payments-team/repos"));
    await page.goto(at("/start/source"));
    await addFolder(world, join(server.folder, "fixture"), "fixture");
    await lookNothingUp(world);
    await analyse(world);
    await ended(world);
    await page.goto(at("/w/payments-team/settings/general"));
    await titled(page, "General");
    await page.getByRole("button", { name: "Delete workspace" }).click();
    const dialog = page.getByRole("dialog", { name: "Delete Money movers?" });
    await dialog.getByText(/^Removed for good: 1 repository .* 1 other person loses this workspace/).waitFor();
    await dialog.getByRole("link", { name: "Report of fixture" }).waitFor();
    await look("delete");
    const [file] = await Promise.all([page.waitForEvent("download"), dialog.getByRole("button", { name: "Tasks, memories and people" }).click()]);
    const kept = JSON.parse(readFileSync(await file.path(), "utf8"));
    assert.equal(kept.workspace.workspace.name, "Money movers");
    assert.equal(kept.members.length, 2);
    assert.equal(kept.repos.length, 1);
    await dialog.getByLabel("Type Money movers to confirm").fill("Money");
    await dialog.getByRole("button", { name: "Delete workspace" }).click();
    await dialog.getByRole("button", { name: /Type Money movers to confirm: / }).waitFor();
    await dialog.getByLabel("Type Money movers to confirm").fill("Money movers");
    await dialog.getByRole("button", { name: "Delete workspace" }).click();
    await page.getByText("Money movers was deleted.").waitFor();
    await page.waitForURL((url) => !url.pathname.includes("payments-team"));
    await page.goto(at("/w/payments-team/repos"));
    await titled(page, /^Not found/);
    await ben.goto(at("/w/payments-team/repos"));
    await titled(ben, /^Not found/);
    await ben.goto(at("/"));
    await titled(ben, "What should DevMentor look at?");
    await settled(ben);
    assert.deepEqual(ben.faults, []);
  });
}

/** Sends a request with a word to those who can grant it. */
async function ask(target, note) {
  const dialog = target.getByRole("dialog", { name: "Ask for access" });
  await fill(dialog, { "A word to them": note });
  await dialog.getByRole("button", { name: "Ask for access" }).click();
  await dialog.waitFor({ state: "detached" });
}
