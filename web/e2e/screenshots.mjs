// The pictures of the README: the sample's main pages, and an answer about it, in both themes, taken from the real program.
//
//   DEVMENTOR_BIN=path/to/devmentor npm run screenshots
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { startBrowser } from "./lib/browser.mjs";
import { PATIENCE_MS, settled, startWorld } from "./lib/world.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const binary = process.env.DEVMENTOR_BIN ?? at("../../target/debug/devmentor");
const folder = at("../../docs/screenshots/");
/** What a picture may take: people who clone the repository take all of them along. */
const LIMIT = 60_000;

const REPO = "/w/sample/repos/parcel-desk";

/** The pages, each with what has to be there, and what is done before the picture. */
const PICTURES = {
  overview: { path: REPO, until: "article" },
  findings: { path: `${REPO}/findings`, until: "[data-row]", then: (page) => page.locator("[data-row]").nth(1).click(), and: "[data-marked=true]" },
  code: { path: `${REPO}/code/service/app.py#L32`, until: "[data-testid=source] [data-marked=true]" },
};

if (!existsSync(binary)) {
  console.log(`No program at ${binary}. Build it with: cargo build -p devmentor`);
  process.exit(1);
}
mkdirSync(folder, { recursive: true });
const browser = await startBrowser();
const world = await startWorld({ binary, browser, shots: folder });

/** A conversation about the sample, in a workspace of its own; gives its address. */
async function conversation() {
  const send = async (path, data) => {
    const reply = await world.context.request.post(world.at(`/api/v1/w/home${path}`), { data, headers: { origin: world.server.base } });
    if (!reply.ok()) throw new Error(`${path}: ${reply.status()} ${await reply.text()}`);
    return reply;
  };
  await world.enter();
  const repo = await (await send("/repos", { source: "sample:" })).json();
  await send(`/repos/${repo.slug}/analyses`);
  await world.until("the sample is analysed", async () => (await world.api(`/repos/${repo.slug}`)).data.latest !== null);
  const thread = await (await send("/chat/threads", { repo: repo.id })).json();
  // It ends with the answer.
  await (await send(`/chat/threads/${thread.id}/messages`, { text: "Where is the price of a parcel decided?" })).text();
  return `/w/home/chat/${thread.id}`;
}

try {
  const pictures = { ...PICTURES, chat: { path: await conversation(), until: "[data-testid=passage], pre, code" } };
  const storageState = await world.context.storageState();
  for (const theme of ["light", "dark"]) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1.5, colorScheme: theme, reducedMotion: "reduce", serviceWorkers: "block", storageState });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    // The program writes its sample beside everything else that it does at the start.
    while (!(await page.request.get(`${world.server.base}/api/v1/w/sample/repos`)).ok()) await page.waitForTimeout(100);
    const camera = await context.newCDPSession(page);
    for (const [name, { path, until, then, and }] of Object.entries(pictures)) {
      await page.goto(world.at(path));
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
  await world.stop();
  await browser.close();
}
