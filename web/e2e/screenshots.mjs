// The pictures of the README: the sample's main pages in both themes, taken from the real program.
//
//   DEVMENTOR_BIN=path/to/devmentor npm run screenshots
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { startBrowser } from "./lib/browser.mjs";
import { startServer } from "./lib/server.mjs";
import { PATIENCE_MS, settled } from "./lib/world.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const binary = process.env.DEVMENTOR_BIN ?? at("../../target/debug/devmentor");
const folder = at("../../docs/screenshots/");
/** What a picture may take: people who clone the repository take all of them along. */
const LIMIT = 60_000;

/** The pages, each with what has to be there, and what is done before the picture. */
const PICTURES = {
  overview: { path: "", until: "article" },
  findings: { path: "/findings", until: "[data-row]", then: (page) => page.locator("[data-row]").nth(1).click(), and: "[data-marked=true]" },
  code: { path: "/code/service/app.py#L32", until: "[data-testid=source] [data-marked=true]" },
};

if (!existsSync(binary)) {
  console.log(`No program at ${binary}. Build it with: cargo build -p devmentor`);
  process.exit(1);
}
mkdirSync(folder, { recursive: true });
const server = await startServer(binary);
const browser = await startBrowser();
try {
  for (const theme of ["light", "dark"]) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1.5, colorScheme: theme, reducedMotion: "reduce" });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    // The program writes its sample beside everything else that it does at the start.
    while (!(await page.request.get(`${server.base}/api/v1/w/sample/repos`)).ok()) await page.waitForTimeout(100);
    const camera = await context.newCDPSession(page);
    for (const [name, { path, until, then, and }] of Object.entries(PICTURES)) {
      await page.goto(`${server.base}/w/sample/repos/parcel-desk${path}`);
      await page.locator(until).first().waitFor();
      await then?.(page);
      if (and) await page.locator(and).first().waitFor();
      await settled(page);
      await page.mouse.move(0, 0);
      await page.waitForTimeout(300);
      let picture;
      for (let quality = 90; quality > 40; quality -= 5) {
        const { data } = await camera.send("Page.captureScreenshot", { format: "webp", quality });
        picture = Buffer.from(data, "base64");
        if (picture.length <= LIMIT) break;
      }
      if (picture.length > LIMIT) throw new Error(`${name}-${theme} takes ${picture.length} bytes`);
      writeFileSync(`${folder}${name}-${theme}.webp`, picture);
      console.log(`${name}-${theme}.webp  ${(picture.length / 1000).toFixed(1)} KB`);
    }
    await context.close();
  }
} finally {
  await browser.close();
  await server.stop();
}
