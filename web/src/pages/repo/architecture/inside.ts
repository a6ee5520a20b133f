/** What is in the boxes that are open: modules are known from the graph, files and definitions are asked for. */
import { useQueries, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useMemo } from "react";

import { diagramQuery } from "@/api/report";
import type { Diagram, Graph } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { useSlug } from "@/repo/slug";

import { chartOfDiagram, chartOfGraph, type Chart } from "../diagram/chart";
import { keyOf, type Chain } from "../diagram/open";
import { placeIn } from "./levels";

interface Inside {
  /** What is known, by the chains of the boxes. */
  charts: ReadonlyMap<string, Chart>;
  /** The boxes of which it could not be read, by their chains. */
  failed: ReadonlySet<string>;
  /** Why. */
  failures: readonly unknown[];
  /** Asks again for that. */
  retry: () => void;
}

/** As much of the answers as is drawn: what does not change is the same value from one time to the next. */
const told = (results: readonly UseQueryResult<{ data: Diagram }>[]) => results.map(({ data, error }) => ({ diagram: data?.data, error }));

export function useInside(graph: Graph, chart: Chart, opened: readonly Chain[]): Inside {
  const [ws, slug, queries] = [useWorkspace(), useSlug(), useQueryClient()];
  const places = useMemo(() => {
    const modules = graph.modules.map((each) => each.path);
    return opened.flatMap((chain) => {
      const place = placeIn(chart, chain, modules);
      return place ? [{ key: keyOf(chain), place }] : [];
    });
  }, [graph, chart, opened]);
  const asked = useMemo(() => places.filter(({ place }) => place.level !== "modules").map(({ key, place }) => ({ key, query: diagramQuery(ws, slug, place.level, place.focus) })), [places, ws, slug]);
  const answers = useQueries({ queries: asked.map(({ query }) => query), combine: told });
  const charts = useMemo(() => {
    const known = new Map(places.filter(({ place }) => place.level === "modules").map(({ key, place }) => [key, chartOfGraph(graph, place.focus)]));
    asked.forEach(({ key }, at) => {
      const diagram = answers[at]?.diagram;
      if (diagram) known.set(key, chartOfDiagram(diagram));
    });
    return known;
  }, [graph, places, asked, answers]);
  const failed = useMemo(() => new Set(asked.flatMap(({ key }, at) => (answers[at]?.error ? key : []))), [asked, answers]);
  return {
    charts,
    failed,
    failures: answers.flatMap(({ error }) => error ?? []),
    retry: () => asked.forEach(({ query }, at) => answers[at]?.error && void queries.refetchQueries({ queryKey: query.queryKey, exact: true })),
  };
}
