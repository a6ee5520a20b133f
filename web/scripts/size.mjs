// Fails when what a first visit loads is larger than the budget. Sizes are gzip level 9; KB is 1,000 bytes.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET = { js: 127_000, css: 20_000, html: 6_000 };
const dist = new URL("../dist/", import.meta.url);
const size = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));

/** The chunk and everything it imports before it can run. */
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const each of manifest[key].imports ?? []) closure(each, seen);
  return seen;
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const base = closure(entry);
// Pages that can be the first one: with the frame of a nested page where there is one.
const direct = manifest[entry].dynamicImports.filter((key) => key.startsWith("src/pages/"));
// These frames know their pages by themselves.
const tabbed = direct.filter((key) => /^src\/pages\/(admin|settings|workspace)\/frame\.tsx$/.test(key));
const pages = [...direct, ...tabbed.flatMap((key) => manifest[key].dynamicImports ?? []).filter((key) => key.startsWith("src/pages/"))];
const frames = Object.fromEntries(
  ["src/pages/repo/frame.tsx", "src/pages/start/frame.tsx", ...tabbed].map((key) => [key.replace("frame.tsx", ""), key]),
);
frames["src/pages/chat/"] = "src/pages/chat.tsx";

const rows = pages.map((page) => {
  const frame = Object.entries(frames).find(([folder]) => page.startsWith(folder))?.[1];
  const keys = new Set([...base, ...closure(page), ...(frame ? closure(frame) : [])]);
  const js = [...keys].reduce((sum, key) => sum + size(manifest[key].file), size("theme.js"));
  const css = [...new Set([...keys].flatMap((key) => manifest[key].css ?? []))].reduce((sum, file) => sum + size(file), 0);
  return { page: page.slice("src/pages/".length), js, css };
});
rows.sort((a, b) => b.js - a.js);

let over = false;
const line = (name, bytes, budget) => {
  over ||= bytes > budget;
  console.log(`${bytes > budget ? "OVER" : "ok  "} ${name.padEnd(36)} ${(bytes / 1000).toFixed(1).padStart(6)} of ${budget / 1000} KB`);
};
line("index.html", size("index.html"), BUDGET.html);
line("landing.html", size("landing.html"), BUDGET.html);
for (const row of rows) line(`js  ${row.page}`, row.js, BUDGET.js);
line("css", Math.max(...rows.map((row) => row.css)), BUDGET.css);
if (over) process.exit(1);
