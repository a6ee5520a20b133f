// A repository of 50,000 files and 10,000 findings: what each page costs, whether scrolling stays fluid, how long a change of
// page takes once its data is there, and whether memory grows while events come.
//
//   DEVMENTOR_BIN=target/release/devmentor EVENTS_MIN=10 node web/perf/large.mjs [pages] [scroll] [routes] [events]
import { join } from "node:path";

import { startBrowser } from "../e2e/lib/browser.mjs";
import { repository } from "../e2e/lib/git.mjs";
import { startServer } from "../e2e/lib/server.mjs";
import { settled } from "../e2e/lib/world.mjs";
import { binary, cost, heap, load, median, row, share, traced, watching } from "./measure.mjs";

const FILES = 50_000;
/** Files in a folder. */
const TOGETHER = 20;
/** The first files have so many findings each. */
const [DENSE, EACH] = [100, 110];
/** Visits to each page, of which the middle one counts. */
const RUNS = Number(process.env.RUNS ?? 3);
const SCROLL_MS = 30_000;
/** How long events come, in minutes, and how many a second. */
const EVENTS_MIN = Number(process.env.EVENTS_MIN ?? 10);
const A_SECOND = 5;

const PARTS = ["pages", "scroll", "routes", "events"];
const wanted = process.argv.slice(2);
if (wanted.some((each) => !PARTS.includes(each))) {
  console.log(`There are: ${PARTS.join(", ")}`);
  process.exit(1);
}
const asked = (part) => wanted.length === 0 || wanted.includes(part);

const calls = (file) =>
  Array.from({ length: EACH }, (_, line) => `\n\ndef run${line}(name):\n    subprocess.call("ls ${file} ${line} " + name, shell=True)\n`).join("");
const body = (file) =>
  file < DENSE
    ? `import subprocess\n${calls(file)}`
    : `def value${file}(given):\n    if given > ${file}:\n        return given\n    return ${file}\n`;
const files = Object.fromEntries(
  Array.from({ length: FILES }, (_, file) => [`area${Math.floor(file / 2000)}/part${Math.floor(file / TOGETHER)}/file${file}.py`, body(file)]),
);

const server = await startServer(binary);
const browser = await startBrowser();
/** A window of the owner. */
const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, serviceWorkers: "block", reducedMotion: "reduce" });
context.setDefaultTimeout(120_000);
await watching(context);
const page = await context.newPage();
const place = (path = "") => `${server.base}/w/home/repos/large${path}`;

/** Where the interface answers for the owner's workspace. */
const api = `${server.base}/api/v1/w/home`;

/** Sends something as the window that is signed in. */
const send = (method, path, data) =>
  page.evaluate(
    async ([verb, url, body]) => {
      const reply = await fetch(url, { method: verb, headers: { "content-type": "application/json", "idempotency-key": crypto.randomUUID() }, body: JSON.stringify(body) });
      if (!reply.ok) throw new Error(`${url}: ${await reply.text()}`);
      return reply.json();
    },
    [method, `${api}${path}`, data],
  );

async function analyse() {
  const folder = join(server.folder, "large");
  repository(folder, files);
  const begun = performance.now();
  await send("POST", "/repos", { source: folder });
  for (;;) {
    const { data } = await (await context.request.get(`${api}/repos/large`)).json();
    if (data.last_failure) throw new Error(data.last_failure.failure?.detail);
    if (data.latest) break;
    await page.waitForTimeout(1000);
  }
  const { total, meta } = await (await context.request.get(`${api}/repos/large/findings?limit=1`)).json();
  for (const each of meta.partial) console.log(`partial: ${JSON.stringify(each)}`);
  console.log(`${FILES} files, ${total} findings, analysed in ${Math.round((performance.now() - begun) / 1000)} s\n`);
}

const PAGES = {
  overview: ["", "#page :is(article, section, table)"],
  findings: ["/findings", "[data-row]"],
  architecture: ["/architecture", "#page :is(section, svg, table)"],
  hotspots: ["/hotspots", "#page :is(section, table, p)"],
  dependencies: ["/dependencies", "#page :is(section, table, p)"],
  ownership: ["/ownership", "#page :is(section, table, p)"],
  code: ["/code/area0/part1", "#page section li a"],
};

/** Each page opened anew. */
async function pages() {
  row("page", "LCP ms", "CLS", "TBT ms", "longest ms", "heap MB", "load");
  row("---", "---", "---", "---", "---", "---", "---");
  for (const [name, [path, until]] of Object.entries(PAGES)) {
    const runs = [];
    for (let run = 0; run < RUNS; run += 1) {
      const window = await context.newPage();
      const camera = await context.newCDPSession(window);
      const seen = await traced(camera, () => cost(window, place(path), until));
      runs.push({ ...seen, heap: await heap(camera) });
      await window.close();
    }
    const of = (what) => median(runs.map((each) => each[what]));
    row(name, Math.round(of("lcp")), of("cls").toFixed(3), Math.round(of("tbt")), Math.round(of("longest")), of("heap").toFixed(1), load());
    if (of("cls") > 0.05) for (const [value, what] of runs[0].shifts) console.log(`  moved ${value.toFixed(3)}: ${what}`);
  }
}

/** The list of findings, scrolled steadily: how long a frame takes, and the processor's time in each. */
async function scroll() {
  await page.goto(place("/findings"));
  await page.locator("[data-row]").first().waitFor();
  await settled(page);
  const camera = await context.newCDPSession(page);
  await camera.send("Performance.enable");
  const worked = async () => (await camera.send("Performance.getMetrics")).metrics.find(({ name }) => name === "ThreadTime").value * 1000;
  const before = await worked();
  const { frames, far, drawn } = await page.evaluate(
    (long) =>
      new Promise((resolve) => {
        const box = document.getElementById("page");
        const frames = [];
        const begun = performance.now();
        let last = begun;
        const next = (now) => {
          frames.push(now - last);
          last = now;
          box.scrollBy(0, 600);
          if (now - begun < long) requestAnimationFrame(next);
          else resolve({ frames: frames.slice(1), far: box.scrollTop, drawn: document.querySelectorAll("[data-row]").length });
        };
        requestAnimationFrame(next);
      }),
    SCROLL_MS,
  );
  const work = (await worked()) - before;
  console.log(
    `\nscrolled ${Math.round(far)} px in ${frames.length} frames: the middle one ${median(frames).toFixed(1)} ms, 95 % within ${share(frames, 0.95).toFixed(1)} ms, ` +
      `the longest ${Math.max(...frames).toFixed(0)} ms; ${(work / frames.length).toFixed(1)} ms of work a frame; ${drawn} rows in the page; heap ${(await heap(camera)).toFixed(1)} MB; load ${load()}`,
  );
}

/** From a press on a tab to the frame that shows the other page, whose program and data are there. */
async function routes() {
  await page.goto(place());
  await page.locator("#page :is(article, section)").first().waitFor();
  const tabs = ["Findings", "Hotspots", "Ownership", "Dependencies", "Overview"];
  const took = [];
  for (let round = 0; round < 6; round += 1) {
    for (const name of tabs) {
      const ms = await page.evaluate(
        (wanted) =>
          new Promise((resolve) => {
            const link = [...document.querySelectorAll("#page nav a")].find((each) => each.textContent === wanted);
            const begun = performance.now();
            const look = () => (link.matches("[aria-current=page]") && !document.querySelector("#page [aria-busy=true], #page .skeleton") ? requestAnimationFrame(() => resolve(performance.now() - begun)) : requestAnimationFrame(look));
            link.click();
            requestAnimationFrame(look);
          }),
        name,
      );
      // The first round is cold.
      if (round > 0) took.push(ms);
      await page.waitForTimeout(300);
    }
  }
  console.log(`\n${took.length} changes of page with warm data: the middle one ${median(took).toFixed(0)} ms, 95 % within ${share(took, 0.95).toFixed(0)} ms, the longest ${Math.max(...took).toFixed(0)} ms; load ${load()}`);
}

/** Memory while tasks are changed from elsewhere, as often as a busy team does. */
async function events() {
  const tasks = [];
  for (let number = 0; number < 20; number += 1) tasks.push(await send("POST", "/tasks", { title: `Task ${number}` }));
  const reader = await context.newPage();
  const camera = await context.newCDPSession(reader);
  await reader.goto(`${server.base}/w/home/tasks`);
  await reader.locator("li").filter({ hasText: "Task 19" }).waitFor();
  await settled(reader);
  const first = await heap(camera);
  console.log(`\nheap before the events ${first.toFixed(1)} MB`);
  const begun = performance.now();
  for (let sent = 0; performance.now() - begun < EVENTS_MIN * 60_000; ) {
    const task = tasks[sent % tasks.length];
    const now = await send("PATCH", `/tasks/${task.key}`, { version: task.version, title: `Task ${sent % tasks.length}, ${sent}` });
    task.version = now.version;
    sent += 1;
    if (sent % (A_SECOND * 60) === 0) console.log(`after ${sent} events, ${Math.round((performance.now() - begun) / 1000)} s: ${(await heap(camera)).toFixed(1)} MB, load ${load()}`);
    await page.waitForTimeout(Math.max(0, (sent * 1000) / A_SECOND - (performance.now() - begun)));
  }
  await reader.close();
}

try {
  await page.goto(server.url);
  await page.getByRole("heading", { level: 1, name: "What should DevMentor look at?" }).waitFor();
  if (asked("pages") || asked("scroll") || asked("routes")) await analyse();
  for (const [name, run] of Object.entries({ pages, scroll, routes, events })) if (asked(name)) await run();
} finally {
  await browser.close();
  await server.stop();
}
