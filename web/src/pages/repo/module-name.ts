import type { Graph } from "@/api/types";
import { visible } from "@/lib/format";
import { architecture as texts } from "@/texts/architecture";

/** What a module is called on the screen: its folder, or a word for the root. */
export function nameOf(graph: Graph, index: number): string {
  const module = graph.modules[index];
  return visible(module?.path || module?.label || texts.root);
}

/** The diagram in one sentence. Modules and files go in circles of their own: both are counted, each by its name. */
export const summaryOf = (graph: Graph): string =>
  texts.summary(graph.modules.length, graph.edges.length, graph.modules.filter((each) => each.cyclic).length, graph.cycles.length);
