// The journeys of people in a real browser over the real program.
//
//   DEVMENTOR_BIN=path/to/devmentor node e2e/run.mjs [JOURNEY..]
//
// Several are made side by side (E2E_JOBS of them), each by a process of its own with its own browser and program.
// E2E_LATE lets answers come late, in another way for each number: what only holds because everything is fast, fails.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";

import { startBrowser } from "./lib/browser.mjs";
import { late } from "./lib/late.mjs";
import { startWorld } from "./lib/world.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const binary = process.env.DEVMENTOR_BIN ?? at("../../target/debug/devmentor");
const shots = at("./shots/");
const wanted = process.argv.slice(2);
const known = readdirSync(at("./journeys/")).map((file) => file.replace(/\.mjs$/, "")).sort();
const strange = wanted.filter((name) => !known.includes(name));

if (!existsSync(binary)) {
  console.log(`No program at ${binary}. Build it with: cargo build -p devmentor`);
  process.exit(1);
}
if (strange.length > 0) {
  console.log(`No journey ${strange.join(", ")}. There are: ${known.join(", ")}`);
  process.exit(1);
}
/** What a variable of the environment says, if it is a whole number from 1 on: with anything else, nothing would be tried and nothing would fail. */
function whole(name, otherwise) {
  const value = Number(process.env[name] || otherwise);
  if (Number.isInteger(value) && value >= 1) return value;
  console.log(`${name} is "${process.env[name]}". It has to be a whole number, 1 or more.`);
  process.exit(1);
}
/** Journeys side by side: most of them wait for the program half of the time. */
const JOBS = whole("E2E_JOBS", Math.min(4, Math.max(2, availableParallelism())));
/** In which of many ways answers are late; in none where nothing is said. */
const LATE = process.env.E2E_LATE ? whole("E2E_LATE") : undefined;
mkdirSync(shots, { recursive: true });

const LONGEST = ["pages", "figures", "code", "payloads", "long"];

const count = { passed: 0, failed: 0 };
const seconds = (start) => ((performance.now() - start) / 1000).toFixed(1);

/** What ends a journey: the steps after a failed one would only fail for the same reason. */
class Stopped extends Error {}

/** One step. `alone` says that the next ones do not build on it, so that they are tried even if it fails. */
async function step(name, run, { alone = false } = {}) {
  const start = performance.now();
  try {
    await run();
    count.passed += 1;
    console.log(`ok    ${name} (${seconds(start)} s)`);
  } catch (error) {
    count.failed += 1;
    console.log(`FAIL  ${name}\n      ${String(error.stack ?? error).split("\n").slice(0, 12).join("\n      ")}`);
    if (!alone) throw new Stopped(`stopped at: ${name}`);
  }
}

/** One journey, with everything it starts; all of it ends with the journey, the newest first. */
async function travel(name, browser) {
  const { title, run } = await import(`./journeys/${name}.mjs`);
  const start = performance.now();
  const before = count.passed + count.failed;
  const open = [];
  /** Keeps something that has to be ended. */
  const keep = (thing) => {
    open.unshift(thing);
    return thing;
  };
  const begin = async (options) => keep(await startWorld({ binary, browser, shots }, options));
  console.log(`\n${name}: ${title}`);
  try {
    await run({ step, begin, keep, browser });
    if (count.passed + count.failed === before) throw new Error("it has no step");
  } catch (error) {
    for (const { page } of open) await page?.screenshot({ path: `${shots}failed-${name}.png` });
    if (!(error instanceof Stopped)) {
      count.failed += 1;
      console.log(`FAIL  ${name} could not go on\n      ${String(error.stack ?? error)}`);
    }
  }
  for (const thing of open) await thing.stop();
  console.log(`${name}: ${seconds(start)} s`);
}

/** One journey in this process. */
async function alone(name) {
  const browser = await startBrowser();
  if (LATE !== undefined) late(browser, LATE);
  await travel(name, browser);
  await browser.close();
}

/** One journey in a process of its own: what it said, in one piece, and what it counted. */
function apart(name) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url), name], { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (said += text));
    child.on("error", (error) => (said += String(error)));
    child.on("close", () => {
      const counted = /\n(\d+) passed, (\d+) failed\n$/.exec(said);
      count.passed += Number(counted?.[1] ?? 0);
      // A process that did not come to its end is a failure, whatever it said.
      count.failed += Number(counted?.[2] ?? 1);
      process.stdout.write(said.slice(0, counted?.index) + "\n");
      resolve();
    });
  });
}

const chosen = wanted.length === 0 ? known : known.filter((name) => wanted.includes(name));
if (chosen.length === 1) {
  await alone(chosen[0]);
} else {
  // What takes longest begins first, so that nothing is left to wait for alone.
  const waiting = [...LONGEST.filter((name) => chosen.includes(name)), ...chosen.filter((name) => !LONGEST.includes(name))];
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await apart(name);
  };
  await Promise.all(Array.from({ length: JOBS }, work));
}
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed === 0 ? 0 : 1);
