// A report that grows old: the page says how far the repository has moved on, by itself, and how to catch up.
import { join } from "node:path";

import { makeFixture } from "../lib/fixture.mjs";
import { commit, git, write } from "../lib/git.mjs";
import { addFolder, begin as analyse, ended, lookNothingUp } from "../lib/wizard.mjs";

export const title = "a repository that moves on after its report";

export async function run({ step, begin }) {
  const world = await begin();
  const { server, page, checkpoint } = world;
  const folder = join(server.folder, "fixture");
  makeFixture(folder);
  const header = page.locator("main, #page").first();
  const behind = (words) => page.getByRole("status").filter({ hasText: words });
  const again = header.getByRole("button", { name: "Re-analyse" });

  await step("a report of the newest commit says nothing of the kind", async () => {
    await world.enter();
    await addFolder(world, folder, "fixture");
    await lookNothingUp(world);
    await analyse(world);
    await ended(world);
    await page.goto(world.place("fixture"));
    await world.heading("fixture");
    await page.locator("nav [role=status]").filter({ hasText: "Live" }).first().waitFor();
    await world.until("nothing is behind", async () => (await world.api("/repos/fixture/behind")).data.state === "current");
    await world.counts(behind("behind"), 0);
    await world.counts(again, 0);
  });

  await step("commits that come are counted while the page is open", async () => {
    write(folder, "src/more.ts", "export const more = 1;\n");
    commit(folder, 41, "More");
    await behind("1 commit behind").waitFor();
    write(folder, "src/more.ts", "export const more = 2;\n");
    commit(folder, 42, "Even more");
    await behind("2 commits behind").waitFor();
    await again.waitFor();
    await checkpoint("behind");
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    await checkpoint("behind-dark");
    await page.setViewportSize({ width: 390, height: 800 });
    await checkpoint("behind-phone");
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  });

  await step("the way to catch up is reached by keyboard, and then nothing is behind", async () => {
    await again.focus();
    await page.keyboard.press("Enter");
    await world.counts(again, 0);
    await page.getByText(git(folder, 0, "rev-parse", "HEAD").slice(0, 7)).first().waitFor();
    await world.counts(behind("behind"), 0);
  });

  await step("a history that was written anew is said to be that", async () => {
    git(folder, 43, "reset", "--quiet", "--hard", "HEAD~3");
    write(folder, "src/other.ts", "export const other = 1;\n");
    commit(folder, 43, "Another way");
    await behind("Its history was rewritten since").waitFor();
    await checkpoint("behind-rewritten");
  });

  await step("another branch that is checked out is no rewritten history", async () => {
    await again.click();
    await world.counts(again, 0);
    git(folder, 44, "checkout", "--quiet", "-b", "feature", "HEAD~1");
    await behind("not of feature").waitFor();
    await checkpoint("behind-other-branch");
  });
}
