// Contact sheets for people who look at the design: each page and state in two themes and three widths, on one picture each,
// so that what does not belong together is seen at once. The pages of the sample are shown as anybody sees them, the others
// as the owner of a server does.
//
//   DEVMENTOR_BIN=path/to/devmentor node e2e/sheets.mjs [--of REPOSITORY] [--advisories MIRROR] [--tall] FOLDER [NAME..]
//
// `--of` shows a repository of this machine instead of the small one of the journeys, `--advisories`
// imports a mirror in the OSV layout, and `--tall` shows what stands further down.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { startBrowser } from "./lib/browser.mjs";
import { makeFixture } from "./lib/fixture.mjs";
import { setUp } from "./lib/people.mjs";
import { PATIENCE_MS, settled, startWorld } from "./lib/world.mjs";

const binary = process.env.DEVMENTOR_BIN ?? fileURLToPath(new URL("../../target/debug/devmentor", import.meta.url));
const THEMES = ["light", "dark"];
/** How high a picture is on a sheet, in pixels. */
const HIGH = 420;
const REPO = "/w/sample/repos/parcel-desk";
const first = (page, what) => page.locator(what).first();

/** What anybody sees: an address, what has to be there, and what is done before the picture. */
const OUTSIDE = {
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

const press = (name) => async (page) => {
  await page.getByRole("button", { name }).first().click();
  await page.waitForTimeout(200);
};
const row = (page) => first(page, "[data-row]").click();
const choose = (name) => (page) => page.getByRole("radio", { name }).check({ force: true });

/** What an owner sees. An address may depend on what the world holds. */
const INSIDE = {
  source: ["/start/source", "h1"],
  "source-url": ["/start/source", "h1", choose(/Git URL/)],
  "source-host": ["/start/source", "h1", choose(/Code host|GitHub/)],
  "source-sample": ["/start/source", "h1", choose(/Sample/)],
  progress: [({ run }) => `/start/progress?runs=${run}`, "h1"],
  results: [({ run }) => `/start/results?runs=${run}`, "article"],
  "own-repos": ["/w/home/repos", "table, [data-row]"],
  "own-overview": [({ at }) => at(""), "article"],
  "own-insights": [({ at }) => at("/insights"), "article"],
  "own-findings": [({ at }) => at("/findings"), "[data-row]"],
  "own-finding": [({ at }) => at("/findings"), "[data-row]", row],
  chosen: [({ at }) => at("/findings"), "[data-row]", async (page) => {
    await page.locator("#page table input[type=checkbox]").nth(1).check({ force: true });
    await page.locator("#page table input[type=checkbox]").nth(3).check({ force: true });
  }],
  suppress: [({ at }) => at("/findings"), "[data-row]", async (page) => {
    await page.locator("#page table input[type=checkbox]").nth(1).check({ force: true });
    await press(/^Suppress/)(page);
  }],
  suppressed: [({ at }) => at("/findings"), "[data-row]", (page) => page.getByText(/decisions? not to act/).click()],
  "own-dependencies": [({ at }) => at("/dependencies"), "[data-row]"],
  "own-dependency": [({ at }) => at("/dependencies?vulnerable=true"), "h1", row],
  internal: [({ at }) => at("/dependencies?view=internal"), "table"],
  "own-architecture": [({ at }) => at("/architecture"), "#page :is([role=application], table)"],
  module: [({ at }) => at("/architecture"), "#page :is([role=application], table)", async (page) => {
    await first(page, "[role=application]").focus();
    await page.keyboard.press("Enter");
  }],
  files: [({ at }) => at("/architecture?level=files&focus=src"), "#page :is([role=application], table)"],
  "own-architecture-table": [({ at }) => at("/architecture?view=table"), "table"],
  "own-hotspots": [({ at }) => at("/hotspots"), "#page :is(figure, table, [data-row])"],
  "hotspots-table": [({ at }) => at("/hotspots?view=table"), "[data-row]"],
  hotspot: [({ at }) => at("/hotspots?view=table"), "[data-row]", row],
  "own-ownership": [({ at }) => at("/ownership"), "#page :is(table, h2)"],
  absence: [({ at }) => at("/ownership"), "#page :is(table, h2)", (page) => first(page, "#page [aria-pressed]").click()],
  "own-history": [({ at }) => at("/history"), "#page :is(table, h2)"],
  "own-compare": [({ at }) => at("/compare"), "#page h2"],
  "own-code": [({ at }) => at("/code/"), "section li a"],
  "own-file": [({ at, file }) => at(`/code/${file}`), "[data-testid=source]"],
  blame: [({ at, file }) => at(`/code/${file}?blame=true`), "[data-testid=source]"],
  "code-search": [({ at }) => at("/search?q=where+is+the+total+posted"), "article, [data-found], li"],
  "code-search-empty": [({ at }) => at("/search"), "form"],
  "repo-run": [({ at, run }) => at(`/runs/${run}`), "h1"],
  "repo-settings": [({ at }) => at("/settings"), "form, fieldset, h2"],
  fresh: ["/w/home/repos/fresh", "h1"],
  "fresh-findings": ["/w/home/repos/fresh/findings", "h1"],
  tasks: ["/w/home/tasks", "[data-row]"],
  task: ["/w/home/tasks", "[data-row]", row],
  memory: ["/w/home/memory", "h1"],
  "memory-recall": ["/w/home/memory?q=retries", "h1"],
  "memory-new": ["/w/home/memory#new", "dialog"],
  chat: ["/w/home/chat", "textarea"],
  thread: [({ thread }) => `/w/home/chat/${thread}`, "article, [data-message], h1"],
  "own-palette": [({ at }) => at(""), "article", (page) => page.keyboard.press("Control+k")],
  "help-menu": [({ at }) => at(""), "article", press(/^Help/)],
  "account-menu": [({ at }) => at(""), "article", press(/Ana|Account/)],
  "workspace-switch": [({ at }) => at(""), "article", press(/workspace/i)],
  general: ["/w/home/settings/general", "h1"],
  team: ["/w/home/settings/team", "h1"],
  integrations: ["/w/home/settings/integrations", "h1"],
  models: ["/w/home/settings/models", "h1"],
  "workspace-audit": ["/w/home/settings/audit", "h1"],
  profile: ["/settings/profile", "h1"],
  security: ["/settings/security", "h1"],
  tokens: ["/settings/tokens", "h1"],
  workspaces: ["/settings/workspaces", "h1"],
  health: ["/admin/health", "h1"],
  jobs: ["/admin/jobs", "h1"],
  dead: ["/admin/dead-letters", "h1"],
  caches: ["/admin/caches", "h1"],
  outbox: ["/admin/outbox", "h1"],
  "server-audit": ["/admin/audit", "h1"],
  device: ["/device", "h1"],
  explorer: ["/developers/api", "h1"],
  operation: ["/developers/api", "h1", (page) => first(page, "#page details summary, #page [data-row], #page li a").click()],
  "own-not-found": ["/w/home/nothing", "h1"],
  "repo-not-found": ["/w/home/repos/nothing", "h1"],
};

const { values: { of, advisories, tall }, positionals: [folder, ...names] } = parseArgs({ allowPositionals: true, options: { of: { type: "string" }, advisories: { type: "string" }, tall: { type: "boolean" } } });
const all = { ...OUTSIDE, ...INSIDE };
const strange = names.filter((name) => !(name in all));
if (!folder || strange.length > 0) {
  console.log(`Say where the sheets go${strange.length > 0 ? `; there is no ${strange.join(", ")}` : ""}. There are: ${Object.keys(all).join(", ")}`);
  process.exit(1);
}
mkdirSync(folder, { recursive: true });
const SIZES = [[1280, 800], [768, 1000], [390, 844]].map(([width, height]) => [width, tall ? height * 2 : height]);
const wanted = (sheets) => Object.entries(sheets).filter(([name]) => names.length === 0 || names.includes(name));
const browser = await startBrowser();
const world = await startWorld({ binary, browser, shots: folder });

/** The pictures of one sheet. What does not get as far as it should is told, and shown as it is. */
async function draw([name, [address, until, then]], context, held) {
  const cells = [];
  for (const colorScheme of THEMES) {
    for (const [width, height] of SIZES) {
      const page = await context.newPage();
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      page.setDefaultTimeout(PATIENCE_MS / 3);
      try {
        await page.goto(world.at(typeof address === "string" ? address : address(held)));
        await page.locator(until).first().waitFor();
        await settled(page);
        await then?.(page);
        await page.waitForTimeout(300);
        await settled(page);
      } catch (error) {
        console.log(`${name}, ${colorScheme}, ${width}: ${String(error).split("\n")[0]}`);
      }
      const picture = await page.screenshot();
      cells.push(`<img src="data:image/png;base64,${picture.toString("base64")}" height="${tall ? 2 * HIGH : HIGH}">`);
      await page.close();
    }
  }
  const sheet = await browser.newPage({ viewport: { width: 1260, height: 900 } });
  await sheet.setContent(`<body style="margin:8px;background:#888;display:flex;flex-wrap:wrap;gap:8px">${cells.join("")}</body>`);
  writeFileSync(join(folder, `${name}.png`), await sheet.screenshot({ fullPage: true }));
  await sheet.close();
  console.log(name);
}

/** Waits until an analysis has ended, and gives it. */
async function ended(slug, count) {
  let done = [];
  while (done.length < count) {
    await world.page.waitForTimeout(300);
    done = (await world.api(`/repos/${slug}/analyses`)).items.filter(({ finished_at }) => finished_at);
  }
  return done[0];
}

/** A server with something on every page: two analyses, what was decided about findings, tasks, memories, a conversation. */
async function fill() {
  const { context, at, server } = world;
  const send = async (method, path, data) => {
    const reply = await context.request.fetch(at(`/api/v1/w/home${path}`), { method, data, headers: { origin: server.base } });
    if (!reply.ok()) throw new Error(`${method} ${path}: ${reply.status()} ${await reply.text()}`);
    return reply.json();
  };
  const place = join(server.folder, of ? basename(resolve(of)) : "settler");
  if (of) execFileSync("git", ["clone", "--quiet", "--no-local", resolve(of), place]);
  else makeFixture(place);
  await setUp(world);
  const git = (...args) => execFileSync("git", ["-c", "user.name=Ana Lopez", "-c", "user.email=ana@example.org", ...args], { cwd: place, stdio: "pipe" });
  git("checkout", "--quiet", "--detach", "HEAD~3");
  git("branch", "--force", "main", "HEAD");
  git("checkout", "--quiet", "main");
  if (advisories) {
    execFileSync("cp", ["-r", resolve(advisories), join(server.folder, "mirror")]);
    await send("POST", "/advisories/import", { path: join(server.folder, "mirror") });
  }
  const repo = await send("POST", "/repos", { source: place });
  await send("POST", `/repos/${repo.slug}/analyses`);
  await ended(repo.slug, 1);
  const { items } = await world.api(`/repos/${repo.slug}/findings?limit=40`);
  await send("POST", `/repos/${repo.slug}/suppressions`, { kind: "accepted_risk", reason: "Behind the proxy, and gone with the next release", days: 30, target: { scope: "findings", ids: items.slice(-2).map(({ id }) => id) } });
  git("reset", "--quiet", "--hard", "HEAD@{1}");
  writeFileSync(join(place, "NOTES.md"), "# Notes\n\nRetries are decided by the caller.\n");
  git("add", "--all");
  git("commit", "--quiet", "--message", "Say who decides about retries");
  await send("POST", `/repos/${repo.slug}/analyses`);
  const run = await ended(repo.slug, 2);
  await send("POST", "/repos", { source: place, name: "fresh", branch: "main" }).catch(() => undefined);
  for (const { id } of (await world.api(`/repos/${repo.slug}/insights`)).items.slice(0, 2)) await send("POST", `/insights/${id}/task`);
  for (const title of ["Write down how uploads are retried", "Ask Tom about the ledger's rounding"]) await send("POST", "/tasks", { title });
  for (const [title, text, tags] of [
    ["Uploads need a port of their own", "The proxy closes idle connections after 60 s; uploads go by 8443.", ["uploads", "proxy"]],
    ["Retries are decided by the caller", "A library that retries by itself multiplies what its callers retry.", ["retries"]],
    ["Rebates round half to even", null, ["ledger"]],
  ]) await send("POST", "/memories", { title, text, tags, evidence: [{ kind: "file", repo: repo.id, commit: null, target: "README.md:1" }] }).catch(() => send("POST", "/memories", { title, text, tags }));
  const thread = await send("POST", "/chat/threads", { repo: repo.id });
  await context.request.post(at(`/api/v1/w/home/chat/threads/${thread.id}/messages`), { data: { text: "Who decides about retries, and where is the total posted?" }, headers: { origin: server.base } });
  await context.request.post(at("/api/v1/w/home/invites"), { data: { email: "tom@example.org", role: "member" }, headers: { origin: server.base } });
  const { items: files } = await world.api(`/repos/${repo.slug}/hotspots`);
  return { run: run.id, thread: thread.id, file: files[0]?.path ?? "README.md", at: (rest) => `/w/home/repos/${repo.slug}${rest}` };
}

try {
  // The program writes its sample beside everything else that it does at the start.
  const analysed = async () => {
    const answer = await world.page.request.get(world.at(`/api/v1${REPO}`));
    return answer.ok() && (await answer.json()).data.latest !== null;
  };
  await world.until("the sample's report", analysed);
  const stranger = await browser.newContext({ serviceWorkers: "block" });
  for (const each of wanted(OUTSIDE)) await draw(each, stranger);
  const inside = wanted(INSIDE);
  if (inside.length > 0) {
    const held = await fill();
    for (const each of inside) await draw(each, world.context, held);
  }
} finally {
  await world.stop();
  await browser.close();
}
