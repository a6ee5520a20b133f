// The files of the analysed commit: tree, lines, where they come from, findings beside them; by mouse and by keyboard.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { watch } from "../lib/browser.mjs";
import { makeFixture, HARD } from "../lib/fixture.mjs";
import { commit, write } from "../lib/git.mjs";
import { analysed } from "../lib/wizard.mjs";
import { PATIENCE_MS, settled } from "../lib/world.mjs";

export const title = "the code page, its blame, and the way to it from evidence";

export async function run({ step, begin, browser }) {
  const world = await begin({ tolerated: /404/ });
  const { server, page, context, checkpoint } = world;
  const folder = join(server.folder, "fixture");
  makeFixture(folder);
  writeFileSync(join(folder, "logo.bin"), Buffer.from([0x89, 0, 1, 2]));
  writeFileSync(join(folder, "long.txt"), Array.from({ length: 4_500 }, (_, at) => `line ${at + 1}`).join("\n"));
  write(folder, "tests/test_run.py", "import subprocess\n\n\ndef run(name):\n    subprocess.call(\"ls \" + name, shell=True)\n");
  symlinkSync("/etc/passwd", join(folder, "out"));
  commit(folder, 41, "Add <img src=x onerror=alert(1)> and more");
  await analysed(world, [folder, "fixture"]);
  const lines = page.getByTestId("source").locator("[data-line]");
  const code = (path, rest = "") => world.place("fixture", `/code/${path}${rest}`);

  await step("the tree opens folders one at a time and leads to a file", async () => {
    await page.goto(world.place("fixture"));
    await page.getByRole("link", { name: "Code", exact: true }).click();
    await page.waitForURL(/\/code/);
    await checkpoint("code-root");
    const files = page.getByRole("complementary", { name: "Files" });
    await files.getByRole("button", { name: "src" }).click();
    await files.getByRole("link", { name: "settle.ts" }).click();
    await page.waitForURL(/\/code\/src\/settle\.ts$/);
    await lines.first().waitFor();
    const text = readFileSync(join(folder, HARD), "utf8").replace(/\n$/, "").split("\n");
    const shown = await page.getByTestId("source").locator(".code-text").allTextContents();
    assert.deepEqual(shown, text, "the file as it is");
    assert.ok((await page.locator(".tk-4").count()) > 5, "keywords are told apart");
    await checkpoint("code-file");
  });

  await step("line numbers mark lines in the address, and the keyboard goes from one to the next", async () => {
    const number = (at) => page.getByRole("link", { name: `Line ${at}`, exact: true });
    await number(10).click();
    await page.waitForURL(/#L10$/);
    await number(14).click({ modifiers: ["Shift"] });
    await page.waitForURL(/#L10-L14$/);
    assert.equal(await page.locator("[data-marked=true]").count(), 5);
    await number(10).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/#L12$/);
    await page.reload();
    await page.locator('[data-line="12"][data-marked=true]').waitFor();
  });

  await step("blame names the commit of each line, as git does, and runs nothing of its text", async () => {
    const answered = page.waitForResponse(/\/blame\?/);
    await page.keyboard.press("b");
    await page.waitForURL(/blame=true/);
    const blame = (await (await answered).json()).data;
    const git = execFileSync("git", ["blame", "-l", "-s", "HEAD", "--", HARD], { cwd: folder, encoding: "utf8" });
    const told = git.trim().split("\n").map((line) => line.split(" ")[0].replace("^", ""));
    const ours = blame.runs.flatMap((each) => Array(each.end - each.start + 1).fill(blame.commits[each.commit].id));
    assert.deepEqual(ours.map((id) => id.slice(0, 39)), told.map((id) => id.slice(0, 39)));
    const origin = page.locator("[data-origin]").first();
    await origin.focus();
    await page.getByRole("status").filter({ hasText: /Refine|Fix|Begin|Start/ }).waitFor();
    await checkpoint("code-blame");
    await page.keyboard.press("Escape");
    await page.keyboard.press("b");
    await page.locator("[data-origin]").first().waitFor({ state: "detached" });
  });

  await step("a finding stands beside its line and opens there", async () => {
    await page.goto(code("src/web/server.ts"));
    await page.getByRole("link", { name: /^Line \d+: \d+ finding/ }).first().click();
    await page.getByRole("complementary").filter({ hasText: "server.ts" }).first().waitFor();
    await checkpoint("code-finding");
    await page.keyboard.press("Escape");
  });

  await step("a finding in a test stands there too, can be judged, and suppressed; undo says that it is back", async () => {
    await page.goto(code("tests/test_run.py"));
    const mark = page.getByRole("link", { name: /^Line 5: 1 finding/ });
    await mark.click();
    const panel = page.getByRole("complementary").filter({ hasText: "Is this useful?" });
    await panel.getByRole("button", { name: "Suppress…" }).click();
    const dialog = page.getByRole("dialog", { name: "Suppress findings" });
    await dialog.getByRole("button", { name: "Suppress 1 finding" }).click();
    await dialog.waitFor({ state: "hidden" });
    await mark.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Undo" }).last().click();
    await page.getByText("Brought back").waitFor();
    await mark.waitFor();
  });

  await step("the source beside a page opens as a page", async () => {
    await page.goto(world.place("fixture", `/findings?peek=${encodeURIComponent(`src:fixture:3-4:${HARD}`)}`));
    await page.getByRole("link", { name: "Open as page (O)" }).waitFor();
    await page.keyboard.press("o");
    await page.waitForURL(/\/code\/src\/settle\.ts#L3-L4$/);
    await page.locator('[data-line="3"][data-marked=true]').waitFor();
  });

  await step("what is long, no text, elsewhere or gone is said", async () => {
    await page.goto(code("long.txt", "#L4321"));
    await page.locator('[data-line="4321"][data-marked=true]').waitFor();
    await page.getByRole("button", { name: "Earlier lines" }).click();
    await page.locator('[data-line="2001"]').waitFor();
    await page.goto(code("logo.bin"));
    await page.getByText("This file is not text").waitFor();
    await checkpoint("code-binary");
    await page.goto(code("out"));
    await page.getByText("never followed").waitFor();
    assert.equal(await page.getByText("root:x:0").count(), 0);
    await page.goto(code("src/nothing.ts"));
    await page.getByText("is not in commit").waitFor();
    await checkpoint("code-gone");
    await page.goto(code(HARD, `?commit=${"0".repeat(40)}`));
    await page.getByText("Nothing is known here of commit 0000000").waitFor();
    assert.equal(await page.getByText("is not in commit").count(), 0);
    await checkpoint("code-unknown");
    await page.getByRole("link", { name: "Show the newest" }).click();
    await lines.first().waitFor();
    await page.goto(code("..%2F..%2Fetc%2Fpasswd"));
    await page.getByText("is not in commit").waitFor();
  });

  await step("F finds a file anywhere by a part of its path", async () => {
    await page.goto(code(""));
    await page.getByRole("complementary", { name: "Files" }).getByRole("button", { name: "src" }).waitFor();
    await page.keyboard.press("f");
    await page.keyboard.type("STORE");
    await page.getByRole("link", { name: /^store\.ts/ }).click();
    await page.waitForURL(/\/code\/src\/db\/store\.ts/);
  });

  await step("lines are found by words and meaning, definitions by their names, and each opens beside the page", async () => {
    await page.goto(code(""));
    await page.getByRole("link", { name: "Search the code" }).click();
    const field = page.getByRole("searchbox", { name: "Words, a name or a question" });
    const found = page.getByRole("region", { name: "Search the code" });
    const place = found.getByRole("link", { name: /^src\/settle\.ts:\d+/ });
    await page.getByRole("navigation", { name: "Repository pages" }).locator("[aria-current]").filter({ hasText: "Code" }).waitFor();
    await field.fill("settle the lines of an invoice");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/search\?q=settle/);
    await place.first().waitFor();
    assert.ok((await found.locator("mark").count()) > 0, "the words are marked");
    await checkpoint("code-search");
    await page.getByRole("heading", { level: 1 }).focus();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.getByRole("complementary").locator("[data-marked=true]").first().waitFor();
    await checkpoint("code-search-peek");
    await page.keyboard.press("Escape");
    await page.getByRole("complementary").waitFor({ state: "hidden" });

    await field.fill("settle");
    await page.getByRole("button", { name: "Definitions" }).click();
    await page.waitForURL(/kind=symbol/);
    await found.getByText("function").first().waitFor();
    await place.first().waitFor();
    await checkpoint("code-search-definitions");
    await field.fill("zzqqxx");
    await page.keyboard.press("Enter");
    await page.getByText("Nothing fits “zzqqxx”.").waitFor();
    await checkpoint("code-search-none");
    await page.goBack();
    await place.first().waitFor();
    assert.equal(await field.inputValue(), "settle", "Back shows what was looked for");

    await page.keyboard.press("Control+k");
    const palette = page.getByRole("dialog", { name: "Search or run a command" });
    await palette.getByRole("combobox").waitFor();
    await page.keyboard.type(":settle");
    await palette.locator("[role=option][aria-selected=true]").filter({ hasText: "src/settle.ts" }).waitFor();
    await checkpoint("palette-definitions");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/code\/src\/settle\.ts#L\d+/);
    await page.locator("[data-marked=true]").first().waitFor();
  });

  for (const [width, height] of [[1280, 800], [390, 844]]) {
    const look = await browser.newContext({ viewport: { width, height }, reducedMotion: "reduce", storageState: await context.storageState() });
    look.setDefaultTimeout(PATIENCE_MS);
    const tab = await look.newPage();
    const seen = watch(tab, server.base, /404/);
    for (const [name, path] of [["code-root", ""], ["code-file", `${HARD}#L12-L16`], ["code-blame", `${HARD}?blame=true`], ["code-yaml", "package.json"]]) {
      await step(`${name}, ${width} px`, async () => {
        await tab.goto(world.place("fixture", `/code/${path}`));
        await settled(tab);
        for (const theme of ["light", "dark"]) {
          await tab.emulateMedia({ colorScheme: theme });
          await tab.waitForFunction((wanted) => document.documentElement.dataset.theme === wanted, theme);
          await checkpoint(`${name}-${theme}-${width}`, { target: tab, seen });
        }
      }, { alone: true });
    }
    await look.close();
  }
}
