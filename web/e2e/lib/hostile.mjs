// A repository in which everything that people can name is a payload: files, folders, branches, tags, authors, messages,
// symbols, packages, services, reasons, and the text around what is found.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";

import { git, init } from "./git.mjs";
import { PAYLOADS, isLine, isName, isPath, isPerson, isRef } from "./payloads.mjs";

/** Files that change again and again, so that they are hotspots. */
const BUSY = 24;
/** Packages, services and reasons that are named by payloads: enough to fill a page. */
const SOME = 120;

// Looks like a credential, and is none: it is put together here so that no scanner finds it in this file.
const KEY = ["AKIA", "Z7QF3M2LXNPB4W6T"].join("");

const lines = PAYLOADS.filter(isLine);
const people = PAYLOADS.filter(isPerson);

/** The file that a payload names: itself, or the only one in the folder that it names. */
const fileOf = (payload) => (payload.id % 2 && isName(payload) ? `${payload.text}/main.py` : `${payload.text}.py`);

/** A module with a finding, a name and a comment that are the payload's. */
const module = ({ id, text }, revision = 0) => `# ${text.replace(/[\r\n]/g, " ")}
import os


def run_${id}(name, rows):
    total = ${revision}
    for row in rows:
${Array.from({ length: 4 + (revision % 5) }, (_, at) => `        if row == ${at} and total > ${at}:\n            total += row\n`).join("")}    os.system("ls " + name)  # ${text.replace(/[\r\n]/g, " ")}
    return eval(name)
`;

/** What a file's name in a stream for `git fast-import` looks like. */
const quoted = (path) =>
  `"${[...Buffer.from(path)].map((byte) => (byte < 0x20 || byte > 0x7e || byte === 0x22 || byte === 0x5c ? `\\${byte.toString(8).padStart(3, "0")}` : String.fromCharCode(byte))).join("")}"`;

const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
const among = (list, count) => list.filter((_, at) => at % Math.ceil(list.length / count) === 0);

/** Files whose content is the payloads. */
function fixed() {
  const some = among(lines, SOME);
  const packages = Object.fromEntries(some.map(({ text }) => [text, text]));
  const locked = some.map(({ text }) => [`node_modules/${text}`, { version: text, license: text, resolved: text }]);
  return {
    "README.md": lines.map(({ text }) => `${text}\n`).join("\n"),
    "package.json": json({ name: some[0].text, version: some[1].text, license: some[2].text, dependencies: packages }),
    "package-lock.json": json({ name: "x", lockfileVersion: 3, packages: { "": { dependencies: packages }, ...Object.fromEntries(locked) } }),
    "docker-compose.yml": json({ services: Object.fromEntries(some.map(({ text }) => [text, { image: text, ports: [text], depends_on: [some[0].text] }])) }),
    "symbols.js": `export class All {\n${lines.map(({ text }) => `  ${JSON.stringify(text)}(a) {\n    return eval(a);\n  }\n`).join("")}}\n`,
    "config.env": some.map(({ text }) => `A="${text}" AWS_ACCESS_KEY_ID=${KEY} # ${text}\n`).join(""),
    "devmentor.toml": some.map(({ text }, at) => `[[suppress]]\nrule = "py.*"\npath = "put/away${at}.py"\nreason = ${JSON.stringify(text)}\nkind = "false_positive"\n`).join("\n"),
    ...Object.fromEntries(some.map((payload, at) => [`put/away${at}.py`, module(payload)])),
  };
}

/** One commit with every file, then one for each change, as a stream. */
function stream() {
  const files = Object.entries(fixed());
  for (const payload of PAYLOADS.filter(isPath)) files.push([fileOf(payload), module(payload)]);
  const busy = among(PAYLOADS.filter(isPath), BUSY);
  const blob = ([path, content]) => `M 100644 inline ${quoted(path)}\ndata ${Buffer.byteLength(content)}\n${content}\n`;
  const one = (at, changes) => `commit refs/heads/main\nmark :${at + 1}\ncommitter F <f@example.invalid> ${1_785_000_000 + at} +0000\ndata 1\nx\n${changes.map(blob).join("")}\n`;
  return [one(0, files), ...lines.map((_, at) => one(at + 1, [[fileOf(busy[at % busy.length]), module(busy[at % busy.length], at + 1)]]))].join("");
}

/** Keeps a commit as Git would never make it, and says its name. */
function keep(folder, body) {
  const whole = Buffer.concat([Buffer.from(`commit ${Buffer.byteLength(body)}\0`), Buffer.from(body)]);
  const id = createHash("sha1").update(whole).digest("hex");
  mkdirSync(join(folder, ".git/objects", id.slice(0, 2)), { recursive: true });
  writeFileSync(join(folder, ".git/objects", id.slice(0, 2), id.slice(2)), deflateSync(whole));
  return id;
}

/** Whose commit number `at` is; every third is of somebody whose name is markup, which Git itself would not write. */
const author = (at) => {
  const who = people[at % people.length].text;
  if (at % 3 === 2) return `${lines[at % lines.length].text} <${lines[at % lines.length].text}@example.invalid>`;
  return `${who} <${people[(at + 7) % people.length].text}@example.invalid>`;
};

/** Makes the repository in a folder that does not exist yet. */
export function makeHostile(folder) {
  init(folder);
  execFileSync("git", ["fast-import", "--quiet", "--done"], { cwd: folder, input: `${stream()}done\n`, stdio: ["pipe", "pipe", "pipe"] });
  const trees = git(folder, 0, "log", "--reverse", "--format=%T", "main").split("\n");
  let parent = "";
  trees.forEach((tree, at) => {
    const time = `${1_785_000_000 + at * 3_600} +0000`;
    const message = lines[at % lines.length].text;
    parent = keep(folder, `tree ${tree}\n${parent && `parent ${parent}\n`}author ${author(at)} ${time}\ncommitter ${author(at + 1)} ${time}\n\n${message}\n\n${message}\n`);
  });
  const refs = PAYLOADS.filter(isRef);
  const packed = [...refs.map(({ text }) => `refs/heads/${text}`), ...refs.map(({ text }) => `refs/tags/${text}`)].sort();
  writeFileSync(join(folder, ".git/packed-refs"), `# pack-refs with: peeled fully-peeled\n${packed.map((ref) => `${parent} ${ref}\n`).join("")}`);
  git(folder, 0, "symbolic-ref", "HEAD", `refs/heads/${refs.find(({ text }) => text.includes("onerror")).text}`);
  return { head: parent };
}

/** One more commit, which takes the last change back: for a second analysis to hold against the first. */
export function change(folder, { head }) {
  const tree = git(folder, 0, "rev-parse", `${head}~60^{tree}`);
  const message = "\"><svg/onload=alert(0)>";
  const next = keep(folder, `tree ${tree}\nparent ${head}\nauthor ${author(2)} 1787000000 +0000\ncommitter ${author(5)} 1787000000 +0000\n\n${message}\n`);
  git(folder, 0, "update-ref", "HEAD", next);
  return { head: next };
}
