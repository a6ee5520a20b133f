// A small repository with something for every part of the analysis. Authors and dates are fixed, so that two runs
// see the same commits.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The file whose lines an evidence link must show, as they are. */
export const HARD = "src/settle.ts";

const branches = (count) =>
  Array.from({ length: count }, (_, index) => `    if (line.kind === ${index} && (line.amount > ${index} || line.late)) {
      for (const part of line.parts) {
        if (part.tax) total += part.amount * ${index}; else if (part.rebate) total -= part.amount;
      }
    }`).join("\n");

const hard = (revision) => `import { post } from "./ledger";

// Revision ${revision}
export function settle(lines: any[]): number {
  let total = 0;
  for (const line of lines) {
${branches(6 + (revision % 4))}
  }
  return post(total);
}
`;

// Looks like a credential, and is none: it is put together here so that no scanner finds it in this file.
const key = ["AKIA", "Z7QF3M2LXNPB4W6T"].join("");

const files = {
  "package.json": JSON.stringify(
    { name: "fixture", version: "1.0.0", license: "MIT", dependencies: { minimist: "1.2.5", express: "4.17.1" }, devDependencies: { vitest: "1.0.0" } },
    null,
    2,
  ),
  "package-lock.json": JSON.stringify(
    {
      name: "fixture",
      version: "1.0.0",
      lockfileVersion: 3,
      packages: {
        "": { name: "fixture", version: "1.0.0", dependencies: { minimist: "1.2.5", express: "4.17.1" }, devDependencies: { vitest: "1.0.0" } },
        "node_modules/minimist": { version: "1.2.5", license: "MIT" },
        "node_modules/express": { version: "4.17.1", license: "MIT" },
        "node_modules/vitest": { version: "1.0.0", dev: true, license: "MIT" },
      },
    },
    null,
    2,
  ),
  "README.md": "# Fixture\n\nSettles invoices.\n",
  "src/ledger.ts": 'import { settle } from "./settle";\n\nexport const post = (total: number): number => total;\nexport const replay = (): number => settle([]);\n',
  "src/web/server.ts": 'import express from "express";\nimport { settle } from "../settle";\n\nconst app = express();\napp.get("/run", (request: any, reply: any) => {\n  reply.send(String(eval(request.query.code)) + settle([]));\n});\n',
  "src/db/store.ts": 'import { replay } from "../ledger";\n\nexport const load = (): number => replay();\n',
  "config/deploy.env": `REGION=eu-west-1\nAWS_ACCESS_KEY_ID=${key}\n`,
  "tools/report.py": "import os\n\n\ndef report(rows):\n    total = 0\n    for row in rows:\n        if row:\n            total += row\n    return total\n",
};

/** Makes the repository in a folder that does not exist yet. */
export function makeFixture(folder) {
  mkdirSync(folder, { recursive: true });
  let day = 0;
  const git = (...args) => {
    const date = new Date(Date.UTC(2026, 7, 1 + day, 9)).toISOString();
    execFileSync("git", args, {
      cwd: folder,
      stdio: "pipe",
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
    });
  };
  const write = (path, text) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  git("init", "--quiet", "--initial-branch=main");
  for (const [path, text] of Object.entries(files)) write(path, text);
  write(HARD, hard(0));
  git("add", ".");
  git("commit", "--quiet", "-m", "Begin");
  for (day = 1; day <= 40; day += 1) {
    write(HARD, hard(day));
    if (day % 4 === 0) write("src/ledger.ts", files["src/ledger.ts"] + `// ${day}\n`);
    git("commit", "--quiet", "-am", day % 3 === 0 ? `Fix rounding of rebates (${day})` : `Refine settling (${day})`);
  }
}
