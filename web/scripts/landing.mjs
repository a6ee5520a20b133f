// Draws the landing page into a document of its own, `dist/landing.html`, so that whoever comes for the first time reads
// what this is before any script has arrived. Runs after `vite build`.
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "vite";

const dist = new URL("../dist/", import.meta.url);
const page = readFileSync(new URL("index.html", dist), "utf8");

const vite = await createServer({
  root: new URL("..", import.meta.url).pathname,
  appType: "custom",
  logLevel: "error",
  server: { middlewareMode: true, ws: false, watch: null },
  ssr: { noExternal: ["lucide-react"] },
});
const { markup, title } = await vite.ssrLoadModule("/src/drawn/landing.tsx");
const drawn = page
  .replace(/<title>[^<]*<\/title>/, () => `<title>${title}</title>`)
  .replace(/<div class="boot"[\s\S]*?<\/div>\s*<\/div>/, () => `${markup()}</div>`);
await vite.close();
if (!drawn.includes("data-drawn") || /<style|\sstyle=/.test(drawn)) {
  console.error("The landing page could not be drawn into index.html the way scripts/landing.mjs expects.");
  process.exit(1);
}
writeFileSync(new URL("landing.html", dist), drawn);
