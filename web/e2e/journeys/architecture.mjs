// From what runs down to the lines of a function, and back.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { watch } from "../lib/browser.mjs";
import { makeFixture } from "../lib/fixture.mjs";
import { commit, write } from "../lib/git.mjs";
import { analysed } from "../lib/wizard.mjs";
import { PATIENCE_MS } from "../lib/world.mjs";

export const title = "the architecture, from services to definitions";

const COMPOSE = `services:
  web:
    build: ./src/web
    environment:
      LEDGER_URL: http://ledger:8080
    depends_on: [ledger]
  ledger:
    build: ./src
    environment:
      DATABASE_URL: postgres://db:5432/ledger
  db:
    image: postgres:16.4
`;

/** A module and a file of it, open in their places. */
const OPEN = `open=${encodeURIComponent('[["src"],["src","src/settle.ts"]]')}`;

export async function run({ step, begin, browser }) {
  const world = await begin();
  const { server, page, context, checkpoint } = world;
  const folder = join(server.folder, "fixture");
  makeFixture(folder);
  write(folder, "compose.yaml", COMPOSE);
  write(folder, "src/web/Dockerfile", "FROM node:20.18.0\nUSER node\nCOPY server.ts .\n");
  write(folder, "src/Dockerfile", "FROM node:20.18.0\nUSER node\nCOPY . .\n");
  write(folder, "batch/ledger.cbl", "       IDENTIFICATION DIVISION.\n       PROGRAM-ID. LEDGER.\n       PROCEDURE DIVISION.\n           STOP RUN.\n");
  commit(folder, 41, "Describe what runs");
  await analysed(world, [folder, "fixture"]);

  const drawing = page.getByRole("application");
  const peek = page.getByRole("complementary");
  const trail = page.getByRole("navigation", { name: "Where you are" });
  const here = (name) => trail.locator("[aria-current=page]").filter({ hasText: name }).waitFor();
  const box = (name) => drawing.getByRole("img", { name }).first();
  const boxes = drawing.locator("g[role=img]");
  const drawn = () => boxes.count();
  const facts = (name) => peek.locator("section").filter({ has: page.getByRole("heading", { name, exact: true }) });

  await step("the services are drawn, with what each needs and the lines that say so", async () => {
    await page.goto(world.place("fixture", "/architecture"));
    await here("Modules");
    await trail.getByRole("link", { name: "Services" }).click();
    await page.waitForURL(/level=services/);
    await box(/^web,/).waitFor();
    assert.equal(await drawn(), 3);
    await box(/^ledger,/).click();
    await peek.getByRole("link", { name: "db" }).waitFor();
    await peek.getByRole("link", { name: /^compose\.yaml:/ }).first().waitFor();
    await checkpoint("architecture-services");
  });

  await step("a service leads to its modules or files, a file to its definitions, a definition to its lines", async () => {
    await peek.getByRole("link", { name: /^Show its (modules|files)$/ }).click();
    await page.waitForURL(/focus=src/);
    await page.goto(world.place("fixture", "/architecture?level=files&focus=src"));
    await box(/^src\/settle\.ts,/).click();
    await checkpoint("architecture-files");
    await peek.getByRole("link", { name: "Show its definitions" }).click();
    await here("src/settle.ts");
    await box(/^settle,/).waitFor();
    await checkpoint("architecture-symbols");
  });

  await step("a module says who knows it, where it is hot and what was found in it, each with the way to its page", async () => {
    await page.goto(world.place("fixture", "/architecture"));
    await box(/^src,/).click();
    const { ownership, people, items } = await world.api("/repos/fixture/hotspots");
    const own = ownership.find((each) => each.folder === "src");
    await facts("Who knows it").getByText(`${people[own.shares[0].person].name}, ${own.shares[0].percent} %`).waitFor();
    const hot = items.find((each) => /^src\/[^/]+$/.test(each.path));
    await facts("Hotspots in it").getByRole("link", { name: hot.path.slice(4) }).waitFor();
    await checkpoint("architecture-module");
    await page.goto(world.place("fixture", "/architecture?peek=module:src%2Fweb"));
    const { items: found } = await world.api("/repos/fixture/findings?path=src/web&code=shipped");
    assert.ok(found.length > 0);
    await peek.getByRole("link", { name: found[0].message.replaceAll("`", "").slice(0, 20) }).first().click();
    await page.waitForURL(/findings\?.*path=src%2Fweb/);
    await peek.getByText(found[0].rule).first().waitFor();
  });

  await step("a module whose imports are not read, and a language that no module is in, are boxes that say so", async () => {
    await page.goto(world.place("fixture", "/architecture"));
    await box(/^not parsed: Dockerfile/).waitFor();
    await box(/^batch, not parsed: COBOL/).click();
    await peek.getByText("Imports in this language are not read").waitFor();
    await checkpoint("architecture-not-parsed");
    await page.goto(world.place("fixture", "/architecture?view=table"));
    const row = page.locator("tr").filter({ hasText: "batch" });
    await row.waitFor();
    const cells = await row.getByRole("cell").allInnerTexts();
    assert.ok(cells.includes("–") && !cells.includes("0"), `what was not read is no 0: ${cells}`);
    await page.locator("tr").filter({ hasText: "not parsed: Dockerfile" }).waitFor();
  });

  await step("what modules import of each other is also a matrix, with the same numbers", async () => {
    await page.goto(world.place("fixture", "/dependencies"));
    await page.getByRole("navigation", { name: "Which dependencies" }).getByRole("link", { name: "Own modules" }).click();
    await page.waitForURL(/view=internal/);
    const matrix = page.getByRole("region", { name: "What modules import of each other" });
    await matrix.waitFor();
    const { modules, edges } = (await world.api("/repos/fixture/graph")).data;
    for (const { from, to, count } of edges.filter((edge) => edge.from !== edge.to)) {
      const said = `${modules[from].path} imports ${modules[to].path}: ${count} statement${count === 1 ? "" : "s"}`;
      await matrix.getByTitle(said, { exact: true }).waitFor();
    }
    await checkpoint("dependencies-internal");
    await matrix.getByRole("link", { name: "src/web" }).click();
    await page.waitForURL(/architecture.*peek=module/);
    await facts("Who knows it").waitFor();
  });

  await step("keys look closer and go back", async () => {
    await page.goto(world.place("fixture", "/architecture"));
    await drawing.waitFor();
    await drawing.focus();
    await page.keyboard.press("o");
    await page.waitForURL(/level=files/);
    await drawing.waitFor();
    await drawing.focus();
    await page.keyboard.press("Backspace");
    await here("Modules");
    await drawing.waitFor();
    await drawing.focus();
    await page.keyboard.press("Backspace");
    await here("Services");
  });

  /** Where the boxes of the level stand on the screen, by their names; of an open one, its corner. */
  const places = () =>
    drawing.evaluate((frame) => Object.fromEntries([...frame.querySelectorAll("g[role=img]")].map((box) => {
      const { x, y } = box.querySelector("rect").getBoundingClientRect();
      return [box.querySelector("title").textContent, [x, y]];
    })));
  /** Once boxes have gone to where they stand. */
  const still = () => drawing.evaluate((frame) => Promise.all(frame.getAnimations({ subtree: true }).map((each) => each.finished.catch(() => undefined))));
  /** Once the drawing has its size on the page: two readings a frame apart say the same. */
  const fitted = () => world.until("the drawing has its size", async () => {
    const [now, then] = [await places(), await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))).then(places)];
    return JSON.stringify(now) === JSON.stringify(then);
  });
  const openNow = () => JSON.parse(new URL(page.url()).searchParams.get("open") ?? "[]");

  await step("a box opens in its place by its button, and the others keep theirs", async () => {
    await page.goto(world.place("fixture", "/architecture"));
    await box(/^src,/).waitFor();
    await fitted();
    const [before, count] = [await places(), await drawn()];
    const { nodes, edges } = (await world.api("/repos/fixture/diagram?level=files&focus=src")).data;
    await box(/^src,/).locator("[data-knob]").click();
    await box(/^src\/settle\.ts,/).waitFor();
    await still();
    assert.deepEqual(openNow(), [["src"]]);
    assert.equal(await drawn(), count + nodes.length);
    const after = await places();
    const [sx, sy] = before["src"];
    const [dx, dy] = [after["src"][0] - sx, after["src"][1] - sy];
    for (const [name, [x, y]] of Object.entries(before)) {
      const [nowX, nowY] = [after[name][0] - dx, after[name][1] - dy];
      const [right, down] = [nowX - x, nowY - y];
      const above = y < sy - 1 || (y < sy + 1 && x < sx + 1);
      if (above) assert.ok(Math.abs(right) < 1 && Math.abs(down) < 1, `${name} stays`);
      else assert.ok(right > -1 && down > -1 && right + down > 10, `${name} moves to the right or down`);
    }
    const inside = await drawing.evaluate((frame) => {
      const around = frame.querySelector("[data-open] > rect").getBoundingClientRect();
      return [...frame.querySelectorAll("g[role=img]")].filter((each) => {
        const { left, right, top, bottom } = each.querySelector("rect").getBoundingClientRect();
        return left > around.left && right < around.right && top > around.top && bottom < around.bottom;
      }).length;
    });
    assert.equal(inside, nodes.length, "all of its files are in its frame");
    await box(/^src\/settle\.ts,/).hover();
    const settle = nodes.findIndex((node) => node.id === "src/settle.ts");
    await world.counts(drawing.locator("path[data-near]"), edges.filter((edge) => [edge.from, edge.to].includes(settle)).length);
    await checkpoint("architecture-open");
  });

  await step("several levels deep; the way back closes them, and so does the browser's", async () => {
    await box(/^src\/settle\.ts,/).locator("[data-knob]").click();
    await box(/^settle,/).waitFor();
    await here("src/settle.ts");
    await still();
    await checkpoint("architecture-open-deep");
    await page.reload();
    await box(/^settle,/).waitFor();
    await page.goBack();
    await box(/^settle,/).waitFor({ state: "detached" });
    assert.deepEqual(openNow(), [["src"]]);
    await page.goForward();
    await box(/^settle,/).waitFor();
    await trail.getByRole("link", { name: "src", exact: true }).click();
    await box(/^settle,/).waitFor({ state: "detached" });
    await here(/^src$/);
    await trail.getByRole("link", { name: "Modules" }).click();
    await box(/^src\/settle\.ts,/).waitFor({ state: "detached" });
    await here("Modules");
  });

  await step("keys open a box, walk in it, go out of it and close it", async () => {
    await page.goto(world.place("fixture", "/architecture"));
    await box(/^src,/).waitFor();
    await box(/^src,/).click();
    await peek.waitFor();
    await drawing.focus();
    const at = () => drawing.evaluate((frame) => document.getElementById(frame.getAttribute("aria-activedescendant")).querySelector("title").textContent);
    assert.equal(await at(), "src");
    await page.keyboard.press("Enter");
    await box(/^src\/settle\.ts,/).waitFor();
    await page.keyboard.press("ArrowDown");
    const file = await at();
    assert.match(file, /^src\/[^/]+\.ts$/);
    await page.keyboard.press("+");
    await page.waitForFunction((name) => document.querySelectorAll("[data-open]").length === 2 && new URL(location.href).searchParams.get("open").includes(name), file);
    await page.keyboard.press("ArrowDown");
    assert.notEqual(await at(), file);
    await page.keyboard.press("Escape");
    assert.equal(await at(), file);
    await page.keyboard.press("Escape");
    assert.equal(await at(), "src");
    await page.keyboard.press("-");
    await box(/^src\/settle\.ts,/).waitFor({ state: "detached" });
    assert.deepEqual(openNow(), [], "what was open in it is closed, too");
  });

  await step("the table has what is open below its row, and opens rows by itself", async () => {
    await page.goto(world.place("fixture", `/architecture?view=table&open=${encodeURIComponent('[["src"]]')}`));
    const rows = page.locator("tbody tr").filter({ has: page.locator("[data-row]") });
    const { nodes } = (await world.api("/repos/fixture/diagram?level=files&focus=src")).data;
    await rows.filter({ hasText: "src/settle.ts" }).waitFor();
    const names = await rows.locator("[data-row]").allInnerTexts();
    const start = names.indexOf("src");
    assert.deepEqual(names.slice(start + 1, start + 1 + nodes.length).sort(), nodes.map((node) => node.id).sort());
    await checkpoint("architecture-open-table");
    const toggle = page.getByRole("button", { name: "What is in src", exact: true });
    assert.equal(await toggle.getAttribute("aria-expanded"), "true");
    await page.keyboard.press("t");
    await box(/^src\/settle\.ts,/).waitFor();
    assert.equal(await drawn(), names.length);
    await page.keyboard.press("t");
    await toggle.click();
    await world.counts(rows, names.length - nodes.length);
    await toggle.click();
    await world.counts(rows, names.length);
  });

  await step("an address with boxes that are not there keeps those that are", async () => {
    const made = [["src"], ["src", "src/made-up.ts"], ["nowhere"]];
    await page.goto(world.place("fixture", `/architecture?open=${encodeURIComponent(JSON.stringify(made))}`));
    await box(/^src\/settle\.ts,/).waitFor();
    await world.until("the address says what is open", () => JSON.stringify(openNow()) === '[["src"]]');
    // The page follows its address a moment later.
    await here(/^src$/);
    assert.doesNotMatch(await trail.innerText(), /made-up|nowhere/);
  });

  await step("each drawing has its table with as many rows", async () => {
    for (const query of ["level=services", "", "level=files&focus=src", "level=symbols&focus=src/settle.ts"]) {
      await page.goto(world.place("fixture", `/architecture?${query}`));
      await boxes.first().waitFor();
      const count = await drawn();
      await page.keyboard.press("t");
      await page.getByRole("table").waitFor();
      await world.counts(page.locator("tbody tr"), count);
    }
    await page.goto(world.place("fixture", "/architecture?level=services&view=table"));
    await checkpoint("architecture-services-table");
  });

  await step("what is seen is saved as a drawing, a flowchart and data", async () => {
    const save = async (name) => {
      await page.getByRole("main").getByRole("button", { name: "Export" }).last().click();
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
      return { file: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
    };
    const svg = await save("Drawing (SVG)");
    assert.equal(svg.file, "fixture-services.svg");
    assert.match(svg.text, /^<svg[\s\S]*ledger[\s\S]*<\/svg>\s*$/);
    const mermaid = await save("Flowchart (Mermaid)");
    assert.equal(mermaid.file, "fixture-services.mmd");
    assert.match(mermaid.text, /^flowchart/);
    const json = await save("Data (JSON)");
    assert.deepEqual(JSON.parse(json.text).nodes.map((node) => node.id).sort(), ["db", "ledger", "web"]);
    await page.goto(world.place("fixture", `/architecture?open=${encodeURIComponent('[["src"]]')}`));
    // The drawing's own comes after that of the page.
    const exports = page.getByRole("main").getByRole("button", { name: "Export" });
    await world.counts(exports, 2);
    await exports.last().click();
    await page.getByText("Holds the modules, not what is open in them.").waitFor();
    await page.keyboard.press("Escape");
  });

  await step("modules are narrowed to a layer, or to those that changed of late; nothing left says so", async () => {
    const { modules } = (await world.api("/repos/fixture/graph")).data;
    assert.ok(modules.some((each) => each.last_change !== null), "changes are dated");
    const left = (label) => page.goto(world.place("fixture", `/architecture?view=table${label}`));
    await left("&since=30");
    const newest = Math.max(...modules.map((each) => (each.last_change ? Date.parse(each.last_change) : 0)));
    const late = modules.filter((each) => each.last_change && Date.parse(each.last_change) > newest - 30 * 86_400_000);
    await world.counts(page.locator("tbody tr[class]").filter({ has: page.locator("[data-row]") }), late.length);
    assert.equal(await page.getByRole("combobox", { name: "Changed" }).inputValue(), "30");
    await checkpoint("architecture-narrowed");
    await left("&layer=99");
    await page.getByText("No module is left with these filters.").waitFor();
    await page.getByRole("button", { name: "Clear filters" }).click();
    await page.getByRole("table").first().waitFor();
  });

  await step("a place that is not there says so, with the way back", async () => {
    await page.goto(world.place("fixture", "/architecture?level=files&focus=nowhere"));
    await page.getByRole("alert").or(page.getByText(/not found/i)).first().waitFor();
    await trail.getByRole("link", { name: "Modules" }).click();
    await drawing.waitFor();
    await page.goto(world.place("fixture", "/architecture?focus=nowhere"));
    await page.getByText("No source file was found whose imports are read.").waitFor();
  });

  for (const [width, height, theme] of [[768, 1024, "dark"], [390, 844, "light"]]) {
    await step(`every level, ${width} px, ${theme}`, async () => {
      const look = await browser.newContext({ viewport: { width, height }, colorScheme: theme, reducedMotion: "reduce", storageState: await context.storageState() });
      look.setDefaultTimeout(PATIENCE_MS);
      const tab = await look.newPage();
      const seen = watch(tab, server.base);
      for (const [name, query] of [["services", "level=services"], ["services-table", "level=services&view=table"], ["files", "level=files&focus=src"], ["symbols", "level=symbols&focus=src/settle.ts"], ["open", OPEN], ["open-table", `view=table&${OPEN}`]]) {
        await tab.goto(world.place("fixture", `/architecture?${query}`));
        await tab.getByRole("application").or(tab.getByRole("table")).first().waitFor();
        if (name.startsWith("open")) await tab.getByRole("img", { name: /^settle,/ }).or(tab.getByRole("link", { name: "settle", exact: true })).first().waitFor();
        await checkpoint(`architecture-${name}-${theme}-${width}`, { target: tab, seen });
      }
      await tab.goto(world.place("fixture", "/dependencies?view=internal"));
      await tab.getByRole("table").waitFor();
      await checkpoint(`dependencies-internal-${theme}-${width}`, { target: tab, seen });
      await look.close();
    }, { alone: true });
  }
}
