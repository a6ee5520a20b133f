// One Chromium, and what is asserted about every page whatever it shows.
import axeCore from "axe-core";
import { chromium } from "playwright-core";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const COLOURS = ["color-contrast", "link-in-text-block"];

/** Starts the system's Chromium without any of its background traffic. */
export const startBrowser = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM_BIN ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

/**
 * Watches a page: errors on its console, refused content and requests to other hosts are faults. `tolerated` matches
 * what a journey causes on purpose, and `elsewhere` is the address that it goes to besides.
 */
export function watch(page, base, tolerated = /(?!)/, elsewhere = base) {
  const faults = [];
  page.on("console", (message) => {
    // A refused request is told on the console as well; pages show it as a problem, and that is tested.
    const expected = /status of (401|404|422)/.test(message.text()) || tolerated.test(message.text());
    if (message.type() === "error" && !expected) faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`page: ${error.message}`));
  page.on("request", (request) => {
    const url = request.url();
    const right = [base, base.replace("http", "ws"), elsewhere, "data:"];
    if (!right.some((start) => url.startsWith(start))) faults.push(`request to ${url}`);
  });
  return faults;
}

/** What the rules of accessibility say about the page as it is; `coloursOnly` asks those about contrast. */
export async function axe(page, { coloursOnly = false } = {}) {
  // Once for each document: it is half a megabyte, and takes longer to read than to run.
  for (const frame of page.frames()) {
    if (!(await frame.evaluate(() => "axe" in window))) await frame.evaluate(axeCore.source);
  }
  const runOnly = coloursOnly ? { type: "rule", values: COLOURS } : { type: "tag", values: TAGS };
  return page.evaluate(async (only) => {
    const { violations } = await window.axe.run(document, { runOnly: only, resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
  }, runOnly);
}

/** Whether the page is wider than its window. */
export const overflows = (page) => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
