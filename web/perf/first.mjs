// First visits under profile T: 10 Mbps, 40 ms there and back, a processor half as fast. The middle of RUNS visits to each page of
// the sample. Blocking time is processor time of the page's own thread, so that it says the same on a machine that others
// use as well; LCP is time on a clock, and does not. With --trace, what the long tasks were made of.
//
//   DEVMENTOR_BIN=target/release/devmentor node web/perf/first.mjs [--trace] [PAGE..]
import { startBrowser } from "../e2e/lib/browser.mjs";
import { startServer } from "../e2e/lib/server.mjs";
import { binary, cost, load, median, row, traced, watching } from "./measure.mjs";

const RUNS = Number(process.env.RUNS ?? 3);
const PROFILE = { offline: false, latency: 40, downloadThroughput: 10e6 / 8, uploadThroughput: 10e6 / 8 };
const SLOWER = 2;
const SAMPLE = "/w/sample/repos/parcel-desk";
const PAGES = {
  landing: ["/", "[data-marked=true]"],
  "sign-in": ["/sign-in", "h1"],
  overview: [SAMPLE, "article"],
  findings: [`${SAMPLE}/findings`, "[data-row]"],
  hotspots: [`${SAMPLE}/hotspots`, "[data-row], svg rect"],
  architecture: [`${SAMPLE}/architecture`, "svg"],
  code: [`${SAMPLE}/code/service/app.py`, "[data-testid=source]"],
};

const given = process.argv.slice(2);
const names = given.filter((each) => !each.startsWith("--"));
const strange = names.filter((name) => !(name in PAGES));
if (strange.length > 0) {
  console.log(`No page ${strange.join(", ")}. There are: ${Object.keys(PAGES).join(", ")}`);
  process.exit(1);
}

/** One first visit, in a browser that has nothing of the app. */
async function visit(browser, base, [path, until]) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, serviceWorkers: "block" });
  try {
    await watching(context);
    const page = await context.newPage();
    // The program writes its sample beside everything else that it does at the start.
    while (!(await page.request.get(`${base}/api/v1/w/sample/repos`)).ok()) await page.waitForTimeout(100);
    const camera = await context.newCDPSession(page);
    await camera.send("Network.enable");
    await camera.send("Network.emulateNetworkConditions", PROFILE);
    await camera.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    return await traced(camera, () => cost(page, `${base}${path}`, until));
  } finally {
    await context.close();
  }
}

const server = await startServer(binary);
const browser = await startBrowser();
try {
  row("page", "LCP ms", "TBT ms", "longest ms", "all script ms", "CLS", "load");
  row("---", "---", "---", "---", "---", "---", "---");
  for (const [name, place] of Object.entries(PAGES).filter(([name]) => names.length === 0 || names.includes(name))) {
    const runs = [];
    for (let run = 0; run < RUNS; run += 1) runs.push(await visit(browser, server.base, place));
    const of = (what) => median(runs.map((each) => each[what]));
    row(name, ...["lcp", "tbt", "longest", "work"].map((what) => Math.round(of(what))), of("cls").toFixed(3), load());
    if (given.includes("--trace")) {
      for (const { start, took, parts } of runs[0].tasks) {
        console.log(`  at ${Math.round(start)} ms, ${Math.round(took)} ms: ${parts.map(([what, ms]) => `${what} ${Math.round(ms)}`).join(", ")}`);
      }
    }
  }
} finally {
  await browser.close();
  await server.stop();
}
