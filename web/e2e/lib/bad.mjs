// Repositories that cannot be read, or not wholly.
import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";

import { commit, git, init, repository, write } from "./git.mjs";

/** A folder with nothing in it. */
export const emptyFolder = (folder) => mkdirSync(folder);

/** A repository in which nothing was committed yet. */
export const noCommits = (folder) => init(folder);

/** A repository that takes more than `mebibytes`, whatever is done to pack it. */
export function large(folder, mebibytes) {
  repository(folder, { "README.md": "# Large\n", "noise.bin": randomBytes((mebibytes + 1) << 20) });
}

/** The newest commit alone of a repository that has more. */
export function shallow(folder, from) {
  git(from, 0, "clone", "--quiet", "--depth", "1", `file://${from}`, folder);
  // A clone is called what its origin is called.
  git(folder, 0, "remote", "remove", "origin");
}

/** One repository with everything that cannot be read, and one file that can. */
export function odd(folder) {
  repository(folder, {
    "src/plain.js": "export function plain(list) {\n  return list.filter(Boolean);\n}\n",
    "src/bomb.js": `export const bomb = ${"(\n".repeat(100_000)}`,
    "media/film.psd": "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n",
    "media/huge.bin": Buffer.alloc(6 << 20, 7),
    ".gitmodules": '[submodule "vendor/lib"]\n\tpath = vendor/lib\n\turl = https://example.invalid/lib.git\n',
  });
  // A name that is no UTF-8: Latin-1, as old systems wrote it.
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9]), Buffer.from(".js")]), "export const cafe = 1;\n");
  write(folder, "vendor/.keep", "");
  commit(folder, 1, "More");
  git(folder, 2, "update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},vendor/lib`);
  git(folder, 2, "commit", "--quiet", "--message", "A submodule");
}
