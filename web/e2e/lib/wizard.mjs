// The wizard, as a person uses it.
import { FIRST_VALUE_MS } from "./world.mjs";

const chosen = (page, name) =>
  page.getByRole("region", { name: "Chosen" }).getByRole("listitem").filter({ hasText: name }).waitFor();

/** What is said below the field about what stands in it. */
export const said = ({ page }, words) => page.locator("form [role=status]").filter({ hasText: words }).waitFor();

/** Types a folder. */
export async function typeFolder({ page }, path) {
  await page.getByRole("radio", { name: /This machine/ }).check({ force: true });
  await page.getByRole("combobox", { name: "Folder" }).fill(path);
}

/** Puts a folder on the list. */
export async function addFolder(world, path, name) {
  await typeFolder(world, path);
  await said(world, /Git repository, /);
  await world.page.getByRole("button", { name: "Add to list" }).click();
  await chosen(world.page, name);
}

/** Types an address and asks about it. */
export async function testUrl({ page }, url) {
  await page.getByRole("radio", { name: /Git URL/ }).check({ force: true });
  await page.getByRole("textbox", { name: "Git URL" }).fill(url);
  await page.getByRole("button", { name: "Test connection" }).click();
}

/** Puts an address on the list. */
export async function addUrl(world, url, name) {
  await testUrl(world, url);
  await world.page.getByRole("button", { name: "Add to list" }).click();
  await chosen(world.page, name);
}

/** Answers the question about known vulnerabilities with no. */
export const lookNothingUp = ({ page }) => page.getByRole("radio", { name: /Not at all/ }).check();

/** Presses the button that begins; the page that shows the runs is there afterwards. */
export async function begin({ page }) {
  await page.getByRole("button", { name: /^Analyse (repository|\d+ repositories)$/ }).click();
  await page.waitForURL(/start\/progress/);
  await page.getByRole("heading", { level: 1, name: /^(Analysing|Analysis finished)$/ }).waitFor();
}

/** Waits until every run has ended. */
export const ended = ({ page }) =>
  page.getByRole("heading", { level: 1, name: "Analysis finished" }).waitFor({ timeout: FIRST_VALUE_MS });

/** Goes on to the results. */
export async function results(world) {
  await world.page.getByRole("button", { name: "Show results" }).click();
  await world.heading("Results");
}

/** From the link to the results of some folders. */
export async function analysed(world, ...folders) {
  await world.enter();
  for (const [path, name] of folders) await addFolder(world, path, name);
  await lookNothingUp(world);
  await begin(world);
  await ended(world);
}
