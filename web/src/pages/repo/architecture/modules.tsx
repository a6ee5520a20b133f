import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";

import type { Graph } from "@/api/types";
import { useNow } from "@/lib/clock";
import { formatCount } from "@/lib/count";
import { formatAge } from "@/lib/format";
import { part } from "@/lib/part";
import { architecture as texts } from "@/texts/architecture";
import { Button } from "@/ui/button";
import { Empty } from "@/ui/loaded";
import { Tag } from "@/ui/tag";

import { chartOfGraph, isLanguage, narrowed, startingIn } from "../diagram/chart";
import { Boxes } from "./boxes";
import Filters from "./filters";
import type { Place } from "./levels";
import { narrows, passing } from "./narrow";

const ModuleFacts = part(() => import("./module-facts"));

/** The modules of the repository, or of a folder. */
export default function Modules({ graph, place, partial }: { graph: Graph; place: Place; partial: readonly string[] }) {
  const all = useMemo(() => chartOfGraph(graph, place.focus), [graph, place.focus]);
  const known = useMemo(() => new Map(graph.modules.map((each) => [each.path, each])), [graph]);
  const starting = useMemo(() => startingIn(graph), [graph]);
  const { language, layer, since, cycles } = useSearch({ from: "/inside/w/$ws/repos/$repo/architecture" });
  const now = useNow();
  const navigate = useNavigate({ from: "/w/$ws/repos/$repo/architecture" });
  const chart = useMemo(() => {
    const filter = { language, layer, since, cycles };
    if (!narrows(filter)) return all;
    const passes = passing(graph.modules, filter);
    return narrowed(all, (node) => {
      const module = known.get(node.id);
      return module !== undefined && passes(module);
    });
  }, [all, graph, known, language, layer, since, cycles]);
  const filters = (
    <Filters
      languages={languagesOf(graph)}
      layers={Math.max(0, ...graph.modules.map((each) => each.layer + 1))}
      dated={graph.modules.some((each) => each.last_change !== null)}
      cyclic={all.nodes.some((node) => node.cyclic)}
    />
  );
  if (chart.nodes.length === 0 && all.nodes.length > 0) {
    const clear = () => void navigate({ search: ({ language: _language, layer: _layer, since: _since, cycles: _cycles, ...old }) => old, replace: true });
    return (
      <>
        {filters}
        <Empty action={<Button onClick={clear}>{texts.clear}</Button>}>{texts.nothingLeft}</Empty>
      </>
    );
  }
  return (
    <>
      {filters}
      <Boxes
        // Other boxes are another drawing.
        key={`${language ?? ""} ${layer ?? 0} ${since ?? 0} ${cycles === true}`}
        chart={chart}
        place={place}
        graph={graph}
        summary={summaryOf(graph, chart)}
        partial={limits(graph, partial)}
        columns={[
          { title: texts.columns.files, of: (node) => measured(known.get(node.id)?.files) },
          { title: texts.columns.code, of: (node) => measured(known.get(node.id)?.code), narrow: true },
          { title: texts.columns.layer, of: (node) => measured(known.get(node.id)?.layer, 1) },
          { title: texts.columns.changed, of: (node) => changedText(known.get(node.id)?.last_change, now), text: true },
        ]}
        word={(node) => [known.get(node.id)?.language, starting.has(node.id) && texts.startsHere].filter(Boolean).join(" · ")}
        more={(node) => known.has(node.id) && <ModuleFacts graph={graph} path={node.id} />}
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
                <Tag>
                  {texts.columns.layer}: {formatCount(module.layer + 1)}
                </Tag>
                {module.last_change && (
                  <Tag>
                    {texts.columns.changed}: {formatAge(module.last_change, now)}
                  </Tag>
                )}
                {starting.has(node.id) && <Tag>{texts.startsHere}</Tag>}
              </>
            )
          );
        }}
      />
    </>
  );
}

/** A figure of a module; of what is not read there is none. */
const measured = (figure: number | undefined, more = 0): string => (figure === undefined ? texts.notMeasured : formatCount(figure + more));

/** When a module changed last, in words; nothing where that is longer ago than what was read. */
const changedText = (at: string | null | undefined, now: number): string => (at ? formatAge(at, now) : "");

/** The languages of the modules, the commonest first. */
function languagesOf(graph: Graph): string[] {
  const count = new Map<string, number>();
  for (const { language } of graph.modules) if (language) count.set(language, (count.get(language) ?? 0) + 1);
  return [...count].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([language]) => language);
}

/** The modules in one sentence. Modules and files go in circles of their own: both are counted, each by its name. */
function summaryOf(graph: Graph, { nodes: boxes, edges }: ReturnType<typeof chartOfGraph>): string {
  const nodes = boxes.filter((each) => !isLanguage(each));
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
