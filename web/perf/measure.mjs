// What a page costs: its paints, how far things moved, and the processor's time in its own thread.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { settled } from "../e2e/lib/world.mjs";

/** The program to measure. A debug build answers later, but the page works the same. */
export const binary = process.env.DEVMENTOR_BIN ?? fileURLToPath(new URL("../../target/release/devmentor", import.meta.url));

/** A task that is longer keeps a person waiting, in milliseconds. */
const LONG_MS = 50;

/** Counts from the first moment of each document; runs in the page before anything of it. */
function watch() {
  const seen = { lcp: 0, cls: 0, shifts: [] };
  Object.defineProperty(window, "__seen", { value: seen });
  const listen = (type, each) => new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
  listen("largest-contentful-paint", (entry) => (seen.lcp = entry.startTime));
  listen("layout-shift", (entry) => {
    if (entry.hadRecentInput) return;
    seen.cls += entry.value;
    for (const { node } of entry.sources) seen.shifts.push([entry.value, node?.outerHTML?.slice(0, 120) ?? String(node?.nodeName)]);
  });
}

/** Lets every page of a context tell what it cost. */
export const watching = (context) => context.addInitScript(watch);

/** What was seen of a page until it was complete and a quiet second had passed. */
export async function cost(page, address, until) {
  await page.goto(address);
  await page.locator(until).first().waitFor();
  await settled(page);
  await page.waitForTimeout(1000);
  const { shifts, ...seen } = await page.evaluate(() => window.__seen);
  return { ...seen, shifts: shifts.sort((a, b) => b[0] - a[0]).slice(0, 4) };
}

/** Does something and adds what the page's own thread did meanwhile, by the trace that the browser keeps. */
export async function traced(camera, run) {
  const events = [];
  camera.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  await camera.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories: ["devtools.timeline", "v8", "toplevel", "loading", "blink.user_timing"] } });
  const seen = await run();
  const done = new Promise((resolve) => camera.once("Tracing.tracingComplete", resolve));
  await camera.send("Tracing.end");
  await done;
  return { ...seen, ...worked(events) };
}

/** The tasks of the busiest page of a trace, in milliseconds of processor time. */
function worked(events) {
  const threads = events.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const of = (thread) => events.filter(({ ph, tid, pid }) => ph === "X" && tid === thread.tid && pid === thread.pid);
  const whole = (all) => all.reduce((sum, { name, tdur = 0 }) => sum + (name === "ThreadControllerImpl::RunTask" ? tdur : 0), 0);
  const own = threads.map(of).sort((a, b) => whole(b) - whole(a))[0] ?? [];
  const tasks = own.filter(({ name }) => name === "ThreadControllerImpl::RunTask");
  if (tasks.length === 0 || tasks.every(({ tdur }) => tdur === undefined)) throw new Error("the trace says nothing of the processor's time");
  const begun = Math.min(...own.map(({ ts }) => ts));
  const paints = events.filter(({ name, ts }) => name === "firstContentfulPaint" && ts >= begun).map(({ ts }) => ts);
  if (paints.length === 0) throw new Error("the trace has no first paint");
  const fcp = Math.min(...paints);
  const ms = ({ tdur = 0 }) => tdur / 1000;
  const late = tasks.filter(({ ts, dur }) => ts + dur >= fcp);
  const parts = (task) => {
    const kinds = new Map();
    for (const each of own) {
      if (each.ts < task.ts || each.ts + each.dur > task.ts + task.dur || ms(each) < 3 || /RunTask|Receive mojo|^v8\.(callFunction|newInstance)/.test(each.name)) continue;
      const what = `${each.name} ${String(each.args?.data?.url ?? "").split("/").at(-1)}`.trim();
      kinds.set(what, (kinds.get(what) ?? 0) + ms(each));
    }
    return [...kinds].sort((a, b) => b[1] - a[1]).slice(0, 5);
  };
  return {
    tbt: late.reduce((sum, task) => sum + Math.max(0, ms(task) - LONG_MS), 0),
    longest: Math.max(0, ...late.map(ms)),
    work: tasks.reduce((sum, task) => sum + ms(task), 0),
    tasks: late.filter((task) => ms(task) > LONG_MS).map((task) => ({ start: (task.ts - begun) / 1000, took: ms(task), parts: parts(task) })),
  };
}

/** The memory of a page after two collections, in MB. */
export async function heap(camera) {
  for (let times = 0; times < 2; times += 1) await camera.send("HeapProfiler.collectGarbage");
  const { usedSize } = await camera.send("Runtime.getHeapUsage");
  return usedSize / 1e6;
}

export const median = (values) => share(values, 0.5);

/** The value that a share of all is below. */
export const share = (values, part) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))];

/** How many processes want the processor: without it no time on a clock says anything. */
export const load = () => readFileSync("/proc/loadavg", "utf8").split(" ")[0];

/** One row of a table in Markdown. */
export const row = (...cells) => console.log(`| ${cells.join(" | ")} |`);
