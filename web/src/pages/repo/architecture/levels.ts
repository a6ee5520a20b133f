/** From how far the architecture is looked at, and the ways from one level to the next. */
import type { ArchitectureSearch } from "@/app/searches";
import { visible } from "@/lib/visible";
import { architecture as texts } from "@/texts/architecture";

import { isIn, type Chart, type ChartNode, type Level } from "../diagram/chart";
import type { Chain } from "../diagram/open";

/** What a page of this level looks at. */
export interface Place {
  level: Level;
  /** A folder or a file; the root's folder is empty, and nothing means the repository as a whole. */
  focus?: string;
}

/** The place that an address means. */
export function placeOf({ level, focus }: ArchitectureSearch): Place {
  if (level === "services") return { level };
  if (level === undefined) return focus === undefined ? { level: "modules" } : { level: "modules", focus };
  return { level, focus: focus ?? "" };
}

/** The place as an address says it, with the rest of the page as it was left. */
export function searchOf({ level, focus }: Place, view?: "table"): ArchitectureSearch {
  return { ...(level === "modules" ? {} : { level }), ...(focus ? { focus } : {}), ...(view ? { view } : {}) };
}

/** The folder of the module that a path is in: the longest of those that hold it. */
export const moduleAround = (modules: readonly string[], path: string): string | undefined =>
  modules.filter((folder) => isIn(path, folder)).reduce<string | undefined>((best, folder) => (best === undefined || folder.length > best.length ? folder : best), undefined);

/** What is seen when a box is looked at more closely. */
export function closer(level: Level, { opens }: Pick<ChartNode, "opens">, modules: readonly string[]): Place | null {
  if (opens === null || level === "symbols") return null;
  if (level === "modules") return { level: "files", focus: opens };
  if (level === "files") return { level: "symbols", focus: opens };
  if (modules.some((folder) => isIn(folder, opens))) return opens === "" ? { level: "modules" } : { level: "modules", focus: opens };
  // A service whose folder is only a part of a module.
  const around = moduleAround(modules, opens);
  return around === undefined ? null : { level: "files", focus: around };
}

/** A step on the way to a place. */
export interface Step {
  name: string;
  place: Place;
  /** Whether it is the place itself. */
  here: boolean;
}

/** The way to a place, from far to near. The services and all modules are always on it. */
export function trail({ level, focus }: Place, modules: readonly string[]): Step[] {
  const step = (name: string, place: Place): Step => ({ name, place, here: place.level === level && place.focus === focus });
  const steps = [step(texts.levels.services, { level: "services" }), step(texts.levels.modules, { level: "modules" })];
  if (level === "services" || focus === undefined) return steps;
  const around = level === "symbols" ? moduleAround(modules, focus) : undefined;
  if (around !== undefined) steps.push(step(visible(around) || texts.root, { level: "files", focus: around }));
  return [...steps, step(visible(focus) || texts.root, { level, focus })];
}

/** The place that is one step further away. */
export function away(place: Place, modules: readonly string[]): Place | undefined {
  const steps = trail(place, modules);
  return steps[steps.findIndex((each) => each.here) - 1]?.place;
}

/**
 * What is in a box, by its chain: a module or a file is named by its path, so that nothing has to be read to know what is
 * in it. Nothing for a box that is not there, or that holds nothing.
 */
export function placeIn(chart: Chart, chain: Chain, modules: readonly string[]): Place | null {
  const [name, outer] = [chain.at(-1), chain.slice(0, -1)];
  if (name === undefined) return null;
  if (outer.length === 0) return closer(chart.level, { opens: chart.nodes.find((node) => node.id === name)?.opens ?? null }, modules);
  const around = placeIn(chart, outer, modules);
  return around && closer(around.level, { opens: name }, modules);
}
