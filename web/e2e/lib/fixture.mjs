// A small repository with something for every part of the analysis.
import { commit, repository, write } from "./git.mjs";

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
  repository(folder, { ...files, [HARD]: hard(0) });
  for (let day = 1; day <= 40; day += 1) {
    write(folder, HARD, hard(day));
    if (day % 4 === 0) write(folder, "src/ledger.ts", files["src/ledger.ts"] + `// ${day}\n`);
    commit(folder, day, day % 3 === 0 ? `Fix rounding of rebates (${day})` : `Refine settling (${day})`);
  }
}
