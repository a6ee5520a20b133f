import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { contrast, readThemes, type Theme } from "./contrast";

const themes = readThemes(readFileSync("src/styles/tokens.css", "utf8"));
const surfaces = ["bg", "subtle", "raised", "sunken"];

function ratio(theme: Theme, front: string, back: string): number {
  const foreground = theme[front];
  const background = theme[back];
  if (!foreground || !background) throw new Error(`${front} or ${back} is not declared`);
  return contrast(foreground, background);
}

describe.each(Object.entries(themes))("theme %s", (name, theme) => {
  it.each(["text", "muted", "faint"])("%s reads on every surface", (role) => {
    for (const surface of surfaces) expect(ratio(theme, role, surface), surface).toBeGreaterThanOrEqual(4.8);
  });

  it("accent reads as text and under its label", () => {
    expect(ratio(theme, "accent", "bg")).toBeGreaterThanOrEqual(4.9);
    expect(ratio(theme, "on-accent", "accent")).toBeGreaterThanOrEqual(4.9);
  });

  it("borders of controls and the focus ring stand out", () => {
    for (const surface of surfaces) expect(ratio(theme, "focus", surface), surface).toBeGreaterThanOrEqual(4.0);
    for (const surface of surfaces) expect(ratio(theme, "control", surface), surface).toBeGreaterThanOrEqual(3.5);
  });

  it.each([
    ["critical", 7.0],
    ["high", 5.1],
    ["medium", 5.6],
    ["low", 5.6],
    ["info", 6.8],
    ["ok", 5.4],
  ])("%s reads on its own background", (role, least) => {
    expect(ratio(theme, role, `${role}-bg`)).toBeGreaterThanOrEqual(least);
  });

  it.each([1, 2, 3, 4, 5, 6])("series %i stands out from the page", (index) => {
    expect(ratio(theme, `series-${index}`, "bg")).toBeGreaterThanOrEqual(5.5);
  });

  it.each([1, 2, 3, 4, 5])("the label on heat %i reads", (index) => {
    expect(ratio(theme, `on-heat-${index}`, `heat-${index}`)).toBeGreaterThanOrEqual(4.5);
  });

  it("declares what the light theme declares", () => {
    expect(Object.keys(theme).sort(), name).toEqual(Object.keys(themes["light"] ?? {}).sort());
  });
});

it("has exactly the three themes", () => {
  expect(Object.keys(themes).sort()).toEqual(["contrast", "dark", "light"]);
});
