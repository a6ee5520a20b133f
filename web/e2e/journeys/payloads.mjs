// Everything that strangers can name is a payload here, and every page that shows it shows it as text.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { change, makeHostile } from "../lib/hostile.mjs";
import { PAYLOADS, isLine } from "../lib/payloads.mjs";
import { markupOf, proof, setTrap } from "../lib/trap.mjs";
import { addFolder, begin as analyse, ended, lookNothingUp, results } from "../lib/wizard.mjs";
import { settled } from "../lib/world.mjs";

export const title = "459 payloads in everything that has a name, and none of them runs";

const NAME = "<img src=x onerror=alert(0)>";
const binary = process.env.DEVMENTOR_BIN ?? fileURLToPath(new URL("../../../target/debug/devmentor", import.meta.url));

/** Payloads whose every character is shown as it is: the others are shown with escapes. */
const PLAIN = PAYLOADS.filter(({ text }) => !/[\0-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/.test(text));
const LINES = PAYLOADS.filter((payload) => isLine(payload) && payload.text.length <= 290);

export async function run({ step, begin, browser }) {
  const world = await begin({ tolerated: /status of (400|404|414)/ });
  const { server, page, context, at } = world;
  const folder = join(server.folder, NAME);
  const hits = await setTrap(context);
  page.on("dialog", (dialog) => {
    hits.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });

  /** How many of the payloads stand on the page, letter by letter. */
  const shown = () =>
    page.evaluate((texts) => {
      const values = [...document.querySelectorAll("input, textarea")].map((field) => field.value);
      const all = [document.body.textContent, ...values].join("\n");
      return texts.filter((text) => all.includes(text)).length;
    }, PLAIN.map(({ text }) => text));
  /** The page is text: nothing ran, nothing was refused because it would have run, and nothing of it is markup. */
  async function safe(name, least = 0) {
    await settled(page);
    if (least > 0) await world.until(`${least} payloads on ${name}`, async () => (await shown()) >= least);
    assert.deepEqual(await markupOf(page), [], `markup on ${name}`);
    assert.deepEqual(hits, [], `what ran on ${name}`);
    assert.deepEqual(world.faults, [], `faults on ${name}`);
  }
  /** Goes to an address as a link of the app does, without loading the app anew. */
  const go = (path) => page.evaluate((to) => window.history.pushState({}, "", to), path);
  /** Waits until the page of the address is the one that is shown. */
  const arrived = () =>
    page.waitForFunction(() => {
      const { status, location: wanted, resolvedLocation: there } = window.__TSR_ROUTER__.state;
      return status === "idle" && there?.href === wanted.href && wanted.href === window.location.pathname + window.location.search + window.location.hash;
    });

  await step("there are more than 300 payloads, and most of them run where nobody takes care", async () => {
    const texts = new Set(PAYLOADS.map(({ text }) => text.replaceAll(/\d+/g, "")));
    assert.ok(texts.size >= 300, `${texts.size} that differ in more than their number`);
    const half = PAYLOADS.filter(({ id }) => id % 2);
    const ran = await proof(browser, half);
    assert.ok(ran.size > half.length / 2, `the trap caught only ${ran.size} of ${half.length}`);
  });

  let first;
  let slug;
  await step("the wizard, the progress and the results show them", async () => {
    first = makeHostile(folder);
    await world.enter();
    await addFolder(world, folder, NAME);
    await safe("the wizard");
    await lookNothingUp(world);
    await analyse(world);
    await ended(world);
    await safe("the progress");
    await results(world);
    await page.getByText(NAME).first().waitFor();
    await safe("the results");
    [{ slug }] = (await world.api("/repos")).items;
  });

  const send = async (method, path, body) => {
    const reply = await context.request.fetch(at(`/api/v1/w/home${path}`), { method, data: body, headers: { origin: server.base } });
    assert.ok(reply.ok(), `${method} ${path}: ${reply.status()} ${await reply.text()}`);
    return reply.json();
  };

  await step("people write them into tasks and reasons; a second analysis stands beside the first", async () => {
    for (let from = 0; from < 160; from += 16) {
      await Promise.all(LINES.slice(from, from + 16).map(({ text }) => send("POST", "/tasks", { title: text, description: `**${text}**\n\n- ${text}\n- \`${text}\`` })));
    }
    await send("POST", "/tasks", { title: "All", description: LINES.map(({ text }) => `- ${text}\n- \`${text}\``).join("\n").slice(0, 49_000) });
    const { items } = await world.api(`/repos/${slug}/findings?limit=40`);
    for (const [each, { id }] of items.slice(10).entries()) {
      await send("POST", `/repos/${slug}/suppressions`, { kind: "wont_fix", reason: LINES[each * 9].text, target: { scope: "findings", ids: [id] } });
    }
    change(folder, first);
    await send("POST", `/repos/${slug}/analyses`, {});
    await world.until("a second report", async () => (await world.api(`/repos/${slug}/analyses`)).items.filter(({ state }) => state === "done").length === 2);
  });

  const analyses = (await world.api(`/repos/${slug}/analyses`)).items;
  const path = (rest) => `/w/home/repos/${slug}${rest}`;
  /** Every page, and how many payloads stand on it at the least; 0 where none of what they show can be named so. */
  const PAGES = {
    "the list of repositories": ["/w/home/repos", 0],
    "the overview": [path(""), 1],
    "the insights": [path("/insights"), 0],
    "the findings": [path("/findings"), 80],
    "suppressed findings": [path("/findings?state=suppressed"), 70],
    "the dependencies": [path("/dependencies"), 50],
    "the diagram": [path("/architecture"), 1],
    "the services": [path("/architecture?level=services"), 8],
    "the table of modules": [path("/architecture?view=table"), 1],
    "the symbols of a file": [path("/architecture?level=symbols&focus=symbols.js"), 0],
    "the map of hotspots": [path("/hotspots"), 8],
    "the table of hotspots": [path("/hotspots?view=table"), 9],
    "who knows what": [path("/ownership"), 18],
    "the history": [path("/history"), 0],
    "two reports": [path(`/compare?base=${analyses[1].id}&head=${analyses[0].id}`), 90],
    "the tree": [path("/code/"), 140],
    "the Markdown of the repository": [path("/code/README.md"), 400],
    "a file of symbols": [path("/code/symbols.js"), 380],
    "lines and whose they are": [path("/code/package.json?blame=true"), 130],
    "the surroundings of secrets": [path("/code/config.env"), 130],
    "the lines that a search finds": [path("/search?q=alert+onerror+img"), 40],
    "the definitions that a search finds": [path("/search?q=alert&kind=symbol"), 10],
    "a search for one of them": [path(`/search?${new URLSearchParams({ q: PLAIN[0].text, kind: "symbol" })}`), 1],
    "a run": [path(`/runs/${analyses[0].id}`), 1],
    "the settings": [path("/settings"), 60],
    "the tasks": ["/w/home/tasks", 75],
    "the interface": ["/developers/api", 0],
  };
  for (const [name, [where, least]] of Object.entries(PAGES)) {
    await step(`${name}: text, and nothing runs`, async () => {
      await go(where);
      await page.getByRole("heading", { level: 1 }).first().waitFor({ state: "attached" });
      await arrived();
      await safe(name, least);
    }, { alone: true });
  }

  /** Opens the first row of a list, and looks at the panel beside it. */
  const PEEKS = { finding: path("/findings"), package: path("/dependencies"), hotspot: path("/hotspots?view=table"), task: "/w/home/tasks" };
  for (const [name, where] of Object.entries(PEEKS)) {
    await step(`a ${name} beside its list: text, and nothing runs`, async () => {
      await go(where);
      await page.locator("[data-row]").nth(1).waitFor();
      await page.locator("[data-row]").nth(1).click();
      await page.getByRole("complementary").getByRole("heading").first().waitFor();
      await safe(`the panel of a ${name}`, 1);
    }, { alone: true });
  }

  await step("lines beside a page, a note with everything in it, a module: text, and nothing runs", async () => {
    const notes = (await world.api("/tasks?limit=200")).items.find(({ title }) => title === "All");
    const hot = PAYLOADS.find(({ text }) => text.startsWith("<svg onload="));
    const peeks = [`task:${notes.key}`, `src:${slug}:1-9:${hot.text}.py`, `src:${slug}:1-3:config.env`, "module:<", ...PAYLOADS.slice(0, 12).map(({ text }) => `module:${text}`)];
    for (const peek of peeks) {
      await go(path(`/architecture?peek=${encodeURIComponent(peek)}`));
      await page.waitForTimeout(60);
      await safe(`peek=${peek.slice(0, 30)}`);
    }
  });

  /** Every place of an address that the app reads. Each payload goes through one of them. */
  const PLACES = [
    ...["severity", "kind", "rule", "code", "folder", "language", "owner", "age", "path", "q", "state", "baseline", "peek"].map((key) => [path("/findings"), key]),
    ...["ecosystem", "license", "q", "direct", "peek"].map((key) => [path("/dependencies"), key]),
    ...["level", "focus", "view", "language", "open", "peek"].map((key) => [path("/architecture"), key]),
    ...["folder", "view", "peek"].map((key) => [path("/hotspots"), key]),
    [path("/ownership"), "away"], [path("/compare"), "base"], [path("/compare"), "head"], [path("/code/README.md"), "commit"], [path("/code/README.md"), "blame"],
    [path("/search"), "q"], [path("/search"), "kind"], [path("/search"), "peek"],
    [path(""), "peek"], [path("/insights"), "peek"], [path("/history"), "peek"], [path("/settings"), "peek"], ["/w/home/tasks", "peek"], ["/w/home/repos", "peek"],
    ["/start/progress", "runs"], ["/start/results", "runs"], ["/developers/api", "peek"],
  ];
  const INSIDE = [(text) => path(`/code/${text}`), (text) => path(`/runs/${text}`), (text) => path(`/${text}`), (text) => `/w/home/repos/${text}`, (text) => `/w/${text}/repos`, (text) => `/${text}`];
  await step("every payload in an address, as a parameter, a part and a hash: nothing runs", async () => {
    const each = Math.ceil(PAYLOADS.length / PLACES.length);
    for (const [at, [where, key]] of PLACES.entries()) {
      for (const [number, { text }] of PAYLOADS.slice(at * each, (at + 1) * each).entries()) {
        // What is open is a list of ways to boxes: any other text is dropped before a page sees it.
        const word = encodeURIComponent(key === "open" ? JSON.stringify([["src", text]]) : text);
        await go(number % 5 === 4 ? INSIDE[at % INSIDE.length](word) : `${where}?${key}=${word}#${number % 2 ? word : text.replace(/\s/g, "")}`);
      }
      await safe(`${where}?${key}=`);
    }
  });

  await step("what no parameter may be is nothing, and no page breaks over it", async () => {
    for (const [where, key] of PLACES) {
      for (const value of ["plain", '{"__html":"<img src=x onerror=alert(0)>"}', '[{"a":1}]']) {
        await go(`${where}?${key}=${encodeURIComponent(value)}`);
        await page.waitForTimeout(15);
      }
    }
    await safe("the last of them");
  });

  await step("what is typed into searches stands there as it is: nothing runs", async () => {
    await go(path("/findings"));
    const search = page.getByRole("searchbox", { name: "Search findings" });
    await search.waitFor();
    for (const { text } of PLAIN.filter((_, each) => each % 24 === 0)) {
      await search.fill(text);
      assert.equal(await search.inputValue(), text);
    }
    await safe("the search of findings", 1);
    await page.keyboard.press("Control+k");
    const palette = page.getByRole("dialog").getByRole("combobox");
    await palette.waitFor();
    for (const { text } of PLAIN.filter((_, each) => each % 24 === 1)) await palette.fill(text);
    await safe("the palette", 1);
    await palette.fill("img src");
    await page.getByRole("option").filter({ hasText: NAME }).first().waitFor();
    await safe("the palette with the repository");
    for (const { text } of PLAIN.filter((_, each) => each % 24 === 2)) await palette.fill(`:${text}`);
    await safe("the palette after a colon", 1);
    await palette.fill(":alert");
    await world.counts(page.getByRole("group", { name: "Definitions" }).getByRole("option").filter({ hasText: "symbols.js" }), 20);
    await safe("the palette with definitions", 10);
    await page.keyboard.press("Escape");
  });

  await step("characters that turn or hide text are shown as escapes", async () => {
    await go(path("/code/README.md"));
    const source = page.getByTestId("source");
    await source.waitFor();
    const text = await source.evaluate((code) => code.textContent);
    assert.doesNotMatch(text, /[\u202a-\u202e\u2066-\u2069\u200b\ufeff\u001b]/, "it turns or hides text");
    assert.ok(text.includes("\\u{202e}>tpircs/<"), "the escape stands for it");
  });

  await step("the diagram is saved as SVG and as Mermaid, and neither holds markup of its labels", async () => {
    await go(path("/architecture?level=services"));
    const save = async (name) => {
      await page.getByRole("button", { name: "Export", exact: true }).last().click();
      const saving = page.waitForEvent("download");
      await page.getByRole("button", { name }).click();
      return readFileSync(await (await saving).path(), "utf8");
    };
    const svg = await save(/SVG/);
    const mermaid = await save(/Mermaid/);
    assert.ok(svg.includes("&lt;") && /#60;|#lt;/.test(mermaid), "labels are in both");
    // A name stands between two quotes, without anything that would end it or be markup.
    const labels = mermaid.replaceAll("<br/>", "").match(/"[^"\n]*"/g);
    for (const label of labels) assert.match(label, /^"[^<>"`\[\]{}()|]*"$/);
    assert.doesNotMatch(mermaid.replaceAll(/"[^"\n]*"/g, ""), /["<]|click|href|call|style|%%/);
    await opened("http://saved.invalid/diagram.svg", "image/svg+xml", svg);
    await safe("the pages after a diagram was saved");
  });

  /** A file as a document of its own, without what a server says about it: the worst that can be done with it. */
  async function opened(url, contentType, body, least = 0) {
    const tab = await context.newPage();
    await tab.route(url, (route) => route.fulfill({ contentType: `${contentType}; charset=utf-8`, body }));
    await tab.goto(url);
    await tab.waitForTimeout(100);
    assert.deepEqual(await markupOf(tab), [], `markup in ${url}`);
    assert.deepEqual(hits, [], `what ran in ${url}`);
    const text = await tab.evaluate(() => document.documentElement.textContent);
    const count = PLAIN.filter((payload) => text.includes(payload.text)).length;
    assert.ok(count >= least, `${count} payloads in ${url}`);
    await tab.close();
  }

  await step("the page that the command line writes is text too", async () => {
    const page = join(server.folder, "report.html");
    const drawing = join(server.folder, "report.svg");
    execFileSync(binary, ["--quiet", "--data-dir", join(server.folder, "alone"), "analyze", folder, "--html", page, "--diagram", drawing, "--advisories", "none"], { stdio: "pipe" });
    await opened("http://saved.invalid/report.html", "text/html", readFileSync(page, "utf8"), 50);
    await opened("http://saved.invalid/report.svg", "image/svg+xml", readFileSync(drawing, "utf8"));
  });

  await step("no answer can be taken for a page: types, nosniff, a policy, and exports are attachments", async () => {
    const repo = `/api/v1/w/home/repos/${slug}`;
    const word = (each) => encodeURIComponent(PAYLOADS[each].text);
    const asked = [
      ...["", "/analyses", "/findings", "/dependencies", "/graph", "/hotspots", "/insights", "/report", "/suppressions", "/past-secrets", "/behind", "/tree", "/diagram", "/diagram?format=svg", "/diagram?format=mermaid&level=services", "/source?path=README.md", "/blame?path=README.md"].map((rest) => repo + rest),
      ...["/findings?q=", "/findings?severity=", "/dependencies?license=", "/diagram?focus=", "/source?path=", "/blame?path=", "/tree?path=", "/compare?base=", "/explain?figure="].map((rest, each) => repo + rest + word(each * 20)),
      `/api/v1/w/home/repos/${word(31)}`, `/api/v1/w/${word(33)}/repos`, `/api/v1/${word(35)}`, `/api/v1/w/home/tasks/${word(36)}`, `/api/${word(37)}`, "/api/v1/w/home/tasks", "/api/v1/openapi.json", "/api/v1/server",
      `/assets/${word(40)}`, `/assets/${word(41)}.js`, `/mark.svg/${word(42)}`,
    ];
    for (const where of asked) {
      const reply = await context.request.get(at(where), { headers: { accept: "text/html,*/*;q=0.1" } });
      const headers = reply.headers();
      assert.equal(headers["x-content-type-options"], "nosniff", where);
      assert.match(headers["content-security-policy"] ?? "", /default-src 'none'/, where);
      assert.doesNotMatch(headers["content-security-policy"], /script-src[^;]*'unsafe/, where);
      const type = headers["content-type"] ?? "";
      if (where.startsWith("/api/")) assert.match(type, /^application\/(problem\+)?json/, `${where}: ${type}`);
      if (/html|xml/.test(type)) assert.doesNotMatch(await reply.text(), /alert\(|canary/, where);
    }
    for (const file of ["report.json", "report.sarif", "report.cdx.json"]) {
      const headers = (await context.request.get(at(`${repo}/${file}`), { headers: { accept: "text/html" } })).headers();
      assert.match(headers["content-disposition"], /^attachment; filename="[\w.-]+"/, file);
      assert.match(headers["content-type"], /json/, file);
      assert.equal(headers["x-content-type-options"], "nosniff", file);
    }
    for (const where of [`${repo}/report`, `${repo}/findings`, `${repo}/source?path=README.md`, `/api/v1/${word(0)}`]) {
      await page.goto(at(where));
      assert.deepEqual([hits, await markupOf(page)], [[], []], where);
    }
  });
}
