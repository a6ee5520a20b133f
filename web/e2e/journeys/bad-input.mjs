// What cannot be read is said in words that help, and never stops the rest.
import assert from "node:assert/strict";
import { chmodSync, rmSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";

import { emptyFolder, large, noCommits, odd, shallow } from "../lib/bad.mjs";
import { makeFixture } from "../lib/fixture.mjs";
import { startGitHost } from "../lib/git-host.mjs";
import { repository, write } from "../lib/git.mjs";
import { addFolder, addUrl, ended, lookNothingUp, results, said, testUrl, typeFolder } from "../lib/wizard.mjs";

export const title = "bad input has its reason, and the rest goes on";

const LIMIT_MIB = 1;

export async function run({ step, begin, keep }) {
  const host = keep(await startGitHost());
  const repositories = { ...host.settings, max_copy_mib: LIMIT_MIB };
  const world = await begin({ config: { repositories }, unprivileged: true });
  const { server, page, checkpoint } = world;
  const at = (name) => join(server.folder, name);
  makeFixture(at("fixture"));
  emptyFolder(at("nothing"));
  noCommits(at("unborn"));
  repository(at("locked"), { "a.py": "a = 1\n" });
  repository(at("gone"), { "a.py": "a = 1\n" });
  odd(at("odd"));
  shallow(at("shallow"), at("fixture"));
  large(at("large"), LIMIT_MIB);
  host.offer(at("large"), "large.git");
  host.offer(at("fixture"), "private/tool.git");
  write(server.folder, "note.txt", "not a folder\n");
  // The program has to own what it reads, except what it may not read.
  if (process.getuid?.() === 0) execFileSync("chown", ["-R", "65534:65534", server.folder]);
  chmodSync(at("locked"), 0);
  if (process.getuid?.() === 0) execFileSync("chown", ["root:root", at("locked")]);
  await world.enter();

  const refusedFolder = (name, path, words) =>
    step(`${name} is refused with the reason`, async () => {
      await typeFolder(world, path);
      await said(world, words);
      const add = page.getByRole("button", { name: "Add to list" });
      assert.equal(await add.getAttribute("aria-disabled"), "true", "it can be added all the same");
    });
  await refusedFolder("a folder that is not there", at("nowhere"), /does not exist/);
  await refusedFolder("an empty folder", at("nothing"), /is not a Git repository: it has no .?\.git.*Name the top folder of a Git repository/);
  await refusedFolder("a file", at("note.txt"), /is a file, not a folder/);
  await refusedFolder("a repository without a commit", at("unborn"), /has no commit on .*main.* yet.*make a first commit/);
  await refusedFolder("a folder inside a repository", at("fixture/src"), /inside the repository .*fixture.*; name the repository itself/);
  await refusedFolder("a folder outside those that were opened", "/usr/share", /outside the folders that the operator opened/);
  await refusedFolder("a path from somebody's home", "~/project", /Type the whole path .* beginning with \//);
  await refusedFolder("a path from wherever the server is", "project", /Type the whole path .* beginning with \//);
  await refusedFolder("an unreadable folder", at("locked"), /may not be read/);
  await step("a refusal is accessible", () => checkpoint("refused-folder"));

  const refusedUrl = (name, url, words) =>
    step(`${name} is refused with the reason`, async () => {
      await testUrl(world, url);
      await said(world, words);
      await page.getByRole("button", { name: "Test connection" }).waitFor();
    });
  await refusedUrl("an address without encryption", "http://example.invalid/tool.git", /is not encrypted; use .?https/);
  await refusedUrl("an address with a password", "https://me:secret@example.invalid/tool.git", /Leave user names and tokens out/);
  await refusedUrl("an address that runs a command", "ext::sh -c whoami", /./);
  await refusedUrl("no address at all", "tool", /./);
  await refusedUrl("a host of the inner network", "https://127.0.0.1/tool.git", /is not on the public network/);
  await refusedUrl("a repository that the host does not have", host.address("none.git"), /The host has no such repository/);
  await refusedUrl("a repository that wants to know who asks", host.address("private/tool.git"), /does not show this repository to strangers/);
  await step("a refused address is accessible", () => checkpoint("refused-url"));

  await step("what can be read only in part, not at all, or no longer, is chosen at once", async () => {
    await addUrl(world, host.address("large.git"), "large");
    await addFolder(world, at("gone"), "gone");
    await addFolder(world, at("odd"), "odd");
    await addFolder(world, at("shallow"), "shallow");
    await addFolder(world, at("fixture"), "fixture");
    rmSync(at("gone"), { recursive: true });
    await lookNothingUp(world);
    await page.getByRole("button", { name: "Analyse 5 repositories" }).click();
  });

  await step("a folder that vanished is named with the reason, and the others have begun", async () => {
    await page.getByText("Some repositories could not be connected. The others were started.").waitFor();
    const left = page.getByRole("region", { name: "Chosen" }).getByRole("listitem");
    await left.getByText(/gone.*does not exist/).waitFor();
    assert.equal(await left.count(), 1, "what was begun is still on the list");
    await checkpoint("vanished");
  });

  await step("what is too large fails with the reason, and the others end well", async () => {
    await page.getByRole("link", { name: "Follow the others" }).click();
    await ended(world);
    const large = page.getByRole("article", { name: "large" });
    await large.getByText("Failed", { exact: true }).waitFor();
    await large.getByText(/larger than 1 MB, the limit of this server/).waitFor();
    await large.getByRole("button", { name: "Analyse again" }).waitFor();
    for (const name of ["odd", "shallow", "fixture"]) {
      await page.getByRole("article", { name }).getByText("Done", { exact: true }).waitFor();
    }
    await checkpoint("partly-failed");
  });

  await step("the results are those of what could be read", async () => {
    await results(world);
    await page.getByText("3 repositories analysed").waitFor();
    const gaps = (name) => page.getByRole("region", { name: `What was not measured: ${name}` });
    await gaps("shallow").getByText(/The clone is shallow/).waitFor();
    await gaps("odd").getByText(/1 file is kept by Git LFS/).waitFor();
    await checkpoint("partly-results");
  });

  await step("each file that was left out is listed with why", async () => {
    await page.getByRole("region", { name: "What was not measured: odd" }).getByRole("link", { name: "See which and why" }).click();
    const table = page.getByRole("region", { name: "Files left out" }).getByRole("table");
    await table.first().waitFor();
    const rows = await table.first().locator("tbody tr").allInnerTexts();
    const why = (path) => rows.find((row) => row.startsWith(path)) ?? `no row for ${path} in ${rows.join(" | ")}`;
    assert.match(why("src/bomb.js"), /Nested too deeply to parse|parser ran out/);
    assert.match(why("media/film.psd"), /Git LFS/);
    assert.match(why("media/huge.bin"), /Larger than the limit for one file/);
    assert.match(why("vendor/lib"), /Belongs to another repository/);
    await checkpoint("left-out");
  });

  await step("a name that is no UTF-8 is read and shown", async () => {
    const report = await world.api("/repos/odd/report");
    const { files, files_read: read, skipped } = report.data.coverage;
    // Links to other repositories are no files of this one, so they are not among those that could be read.
    // What is too deep was read, and then not parsed.
    const left = skipped.filter((each) => each.reason !== "submodule");
    assert.deepEqual([files, read, left.length], [7, 5, 3]);
    const languages = report.data.languages.map((each) => [each.name, each.files]);
    assert.deepEqual(languages.find(([name]) => name === "JavaScript"), ["JavaScript", 3], "the plain one, the odd one, and the one too deep to parse");
  });
}
