// Contact sheets for people who look at the design: each page and state of the sample in two themes and three widths, on one
// picture each, so that what does not belong together is seen at once.
//
//   DEVMENTOR_BIN=path/to/devmentor node e2e/sheets.mjs FOLDER [NAME..]
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { startBrowser } from "./lib/browser.mjs";
import { startServer } from "./lib/server.mjs";
import { PATIENCE_MS, settled } from "./lib/world.mjs";

const binary = process.env.DEVMENTOR_BIN ?? fileURLToPath(new URL("../../target/debug/devmentor", import.meta.url));
const THEMES = ["light", "dark"];
const SIZES = [[1280, 800], [768, 1000], [390, 844]];
/** How high a picture is on a sheet, in pixels. */
const HIGH = 420;
const REPO = "/w/sample/repos/parcel-desk";
const first = (page, what) => page.locator(what).first();

/** What is shown: an address, what has to be there, and what is done before the picture. */
const SHEETS = {
  landing: ["/", "[data-marked=true]"],
  "sign-in": ["/sign-in", "h1"],
  setup: ["/setup", "form"],
  "not-found": ["/w/sample/nowhere", "h1"],
  repos: ["/w/sample/repos", "table, [data-row]"],
  overview: [REPO, "article"],
  explain: [REPO, "article", (page) => first(page, "button[aria-label*=xplain], button[title*=ow]").click()],
  palette: [REPO, "article", (page) => page.keyboard.press("Control+k")],
  shortcuts: [REPO, "article", (page) => page.keyboard.press("?")],
  architecture: [`${REPO}/architecture`, "#page :is([role=img], table)"],
  "architecture-table": [`${REPO}/architecture?view=table`, "table"],
  dependencies: [`${REPO}/dependencies`, "[data-row]"],
  "dependency-peek": [`${REPO}/dependencies`, "[data-row]", (page) => first(page, "[data-row]").click()],
  hotspots: [`${REPO}/hotspots`, "#page :is(figure, table, [data-row])"],
  ownership: [`${REPO}/ownership`, "#page :is(table, h2)"],
  findings: [`${REPO}/findings`, "[data-row]"],
  "finding-peek": [`${REPO}/findings`, "[data-row]", (page) => first(page, "[data-row]").click()],
  "findings-none": [`${REPO}/findings?q=nothing-is-called-so`, "h1"],
  insights: [`${REPO}/insights`, "article"],
  history: [`${REPO}/history`, "#page :is(table, h2)"],
  compare: [`${REPO}/compare`, "h1"],
  code: [`${REPO}/code/`, "section li a"],
  file: [`${REPO}/code/service/app.py#L32`, "[data-testid=source] [data-marked=true]"],
  "missing-file": [`${REPO}/code/no/such.file`, "h1"],
};

const [folder, ...names] = process.argv.slice(2);
const strange = names.filter((name) => !(name in SHEETS));
if (!folder || strange.length > 0) {
  console.log(`Say where the sheets go${strange.length > 0 ? `; there is no ${strange.join(", ")}` : ""}. There are: ${Object.keys(SHEETS).join(", ")}`);
  process.exit(1);
}
mkdirSync(folder, { recursive: true });
const server = await startServer(binary);
const browser = await startBrowser();

async function shot([path, until, then], theme, [width, height]) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, reducedMotion: "reduce", serviceWorkers: "block" });
  context.setDefaultTimeout(PATIENCE_MS);
  try {
    const page = await context.newPage();
    // The program writes its sample beside everything else that it does at the start.
    const analysed = async () => {
      const answer = await page.request.get(`${server.base}/api/v1${REPO}`);
      return answer.ok() && (await answer.json()).data.latest !== null;
    };
    while (!(await analysed())) await page.waitForTimeout(100);
    await page.goto(`${server.base}${path}`);
    await page.locator(until).first().waitFor();
    await settled(page);
    await then?.(page);
    await page.waitForTimeout(300);
    await settled(page);
    return await page.screenshot();
  } finally {
    await context.close();
  }
}

try {
  for (const [name, what] of Object.entries(SHEETS).filter(([name]) => names.length === 0 || names.includes(name))) {
    const cells = [];
    for (const theme of THEMES) {
      for (const size of SIZES) {
        try {
          const picture = await shot(what, theme, size);
          cells.push(`<img src="data:image/png;base64,${picture.toString("base64")}" height="${HIGH}">`);
        } catch (error) {
          console.log(`${name}, ${theme}, ${size[0]}: ${String(error).split("\n")[0]}`);
        }
      }
    }
    const sheet = await browser.newPage({ viewport: { width: 1260, height: 900 } });
    await sheet.setContent(`<body style="margin:8px;background:#888;display:flex;flex-wrap:wrap;gap:8px">${cells.join("")}</body>`);
    writeFileSync(join(folder, `${name}.png`), await sheet.screenshot({ fullPage: true }));
    await sheet.close();
    console.log(name);
  }
} finally {
  await browser.close();
  await server.stop();
}
