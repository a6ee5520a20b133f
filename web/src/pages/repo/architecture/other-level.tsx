import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { diagramQuery } from "@/api/report";
import type { Diagram, Graph } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { visible } from "@/lib/visible";
import { useSlug } from "@/repo/slug";
import { architecture as texts } from "@/texts/architecture";
import { Tag } from "@/ui/tag";
import { Loaded, SkeletonRows } from "@/ui/loaded";

import { chartOfDiagram } from "../diagram/chart";
import { Boxes } from "./boxes";
import type { Place } from "./levels";

/** The services, the files of a module, or the definitions of a file. */
export default function OtherLevel({ place, graph }: { place: Place; graph: Graph }) {
  const query = useQuery(diagramQuery(useWorkspace(), useSlug(), place.level, place.focus));
  return (
    <Loaded query={query} what={texts.what} skeleton={<SkeletonRows rows={1} height="h-[60vh]" />}>
      {({ data, meta }) => <Drawn diagram={data} place={place} graph={graph} partial={meta.partial} />}
    </Loaded>
  );
}

interface Props {
  diagram: Diagram;
  place: Place;
  graph: Graph;
  partial: readonly string[];
}

function Drawn({ diagram, place, graph, partial }: Props) {
  const chart = useMemo(() => chartOfDiagram(diagram), [diagram]);
  return (
    <Boxes
      chart={chart}
      place={place}
      graph={graph}
      summary={texts.shown(texts.counted[diagram.level](chart.nodes.length, chart.edges.length), chart.nodes.length, diagram.hidden)}
      partial={diagram.hidden > 0 ? [...partial, texts.leftOut(diagram.hidden)] : partial}
      columns={[{ title: texts.about, of: (node) => visible(node.detail), narrow: true, text: true }]}
      tags={(node) => node.detail && <Tag>{visible(node.detail)}</Tag>}
    />
  );
}
