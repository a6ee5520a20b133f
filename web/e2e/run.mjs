// The journeys of people in a real browser over the real program.
//
//   DEVMENTOR_BIN=path/to/devmentor node e2e/run.mjs [JOURNEY..]
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { startBrowser } from "./lib/browser.mjs";
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
mkdirSync(shots, { recursive: true });

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

const browser = await startBrowser();
for (const name of known) {
  if (wanted.length === 0 || wanted.includes(name)) await travel(name, browser);
}
await browser.close();
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed === 0 ? 0 : 1);
