// Repositories made for one test. Authors and dates are fixed, so that two runs see the same commits.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Runs git in a folder, on a day after the first of August 2026, without anybody's configuration. */
export function git(folder, day, ...args) {
  const date = new Date(Date.UTC(2026, 7, 1 + day, 9)).toISOString();
  return execFileSync("git", args, {
    cwd: folder,
    stdio: "pipe",
    encoding: "utf8",
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_AUTHOR_NAME: day % 3 ? "Fixture One" : "Fixture Two",
      GIT_AUTHOR_EMAIL: day % 3 ? "one@example.invalid" : "two@example.invalid",
      GIT_COMMITTER_NAME: "Fixture One",
      GIT_COMMITTER_EMAIL: "one@example.invalid",
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_DATE: date,
    },
  }).trim();
}

/** Writes a file and the folders above it. */
export function write(folder, path, content) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

/** Commits everything. */
export function commit(folder, day, message) {
  git(folder, day, "add", "--all");
  git(folder, day, "commit", "--quiet", "--message", message);
}

/** A repository without a commit. */
export function init(folder) {
  mkdirSync(folder, { recursive: true });
  git(folder, 0, "init", "--quiet", "--initial-branch=main");
}

/** A repository with these files in one commit. */
export function repository(folder, files) {
  init(folder);
  for (const [path, content] of Object.entries(files)) write(folder, path, content);
  commit(folder, 0, "Begin");
}
