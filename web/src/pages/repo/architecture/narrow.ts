/** Which modules pass the filters. */
import type { Graph } from "@/api/types";
import type { ArchitectureSearch } from "@/app/searches";

type Module = Graph["modules"][number];

/** Days that can be chosen for "changed in the last ..". */
export const SINCE = [30, 91, 182] as const;

const DAY_MS = 86_400_000;

export type ModuleFilter = { [K in "language" | "layer" | "since" | "cycles"]?: ArchitectureSearch[K] | undefined };

/** Whether anything is left out at all. */
export const narrows = ({ language, layer, since, cycles }: ModuleFilter): boolean => Boolean(language || layer || since || cycles);

/**
 * Tells whether a module passes. Days are counted back from the newest change of any module, not from today: an old
 * report answers the same tomorrow.
 */
export function passing(modules: readonly Module[], { language, layer, since, cycles }: ModuleFilter): (module: Module) => boolean {
  const newest = Math.max(...modules.map((each) => (each.last_change === null ? Number.NEGATIVE_INFINITY : Date.parse(each.last_change))));
  const oldest = since ? newest - since * DAY_MS : Number.NEGATIVE_INFINITY;
  return (module) =>
    (!language || module.language === language) &&
    (!layer || module.layer === layer - 1) &&
    (!since || (module.last_change !== null && Date.parse(module.last_change) > oldest)) &&
    (!cycles || module.cyclic);
}
