import { useMemo } from "react";

import type { Graph } from "@/api/types";
import { formatCount } from "@/lib/count";
import { architecture as texts } from "@/texts/architecture";
import { Tag } from "@/ui/tag";

import { chartOfGraph } from "../diagram/chart";
import { Boxes } from "./boxes";
import type { Place } from "./levels";

/** The modules of the repository, or of a folder. */
export default function Modules({ graph, place, partial }: { graph: Graph; place: Place; partial: readonly string[] }) {
  const chart = useMemo(() => chartOfGraph(graph, place.focus), [graph, place.focus]);
  const known = useMemo(() => new Map(graph.modules.map((each) => [each.path, each])), [graph]);
  return (
    <Boxes
      chart={chart}
      place={place}
      modules={graph.modules.map((each) => each.path)}
      summary={summaryOf(graph, chart)}
      partial={limits(graph, partial)}
      columns={[
        { title: texts.columns.files, of: (node) => formatCount(known.get(node.id)?.files ?? 0) },
        { title: texts.columns.code, of: (node) => formatCount(known.get(node.id)?.code ?? 0), narrow: true },
      ]}
      word={(node) => known.get(node.id)?.language}
      tags={(node) => {
        const module = known.get(node.id);
        return (
          module && (
            <>
              {module.language && <Tag>{module.language}</Tag>}
              <Tag>
                {texts.columns.files}: {formatCount(module.files)}
              </Tag>
              <Tag>
                {texts.columns.code}: {formatCount(module.code)}
              </Tag>
            </>
          )
        );
      }}
    />
  );
}

/** The modules in one sentence. Modules and files go in circles of their own: both are counted, each by its name. */
function summaryOf(graph: Graph, { nodes, edges }: ReturnType<typeof chartOfGraph>): string {
  if (nodes.length < graph.modules.length) return texts.counted.modules(nodes.length, edges.length);
  return texts.summary(nodes.length, edges.length, nodes.filter((each) => each.cyclic).length, graph.cycles.length);
}

/** What keeps the drawing from being complete. */
function limits(graph: Graph, partial: readonly string[]): string[] {
  return [
    ...partial,
    ...(graph.unparsed.length > 0 ? [texts.unparsed(graph.unparsed.join(", "))] : []),
    ...(graph.unresolved > 0 ? [texts.unresolved(graph.unresolved)] : []),
  ];
}
