import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Suspense, type ReactNode } from "react";

import { useOffline } from "@/lib/offline";
import { part } from "@/lib/part";
import { parsePeek, peekText } from "@/lib/peek";
import { useSlug } from "@/repo/slug";
import { architecture as texts } from "@/texts/architecture";
import { buttonLook } from "@/ui/button";
import { Empty, SkeletonRows } from "@/ui/loaded";
import { PartialTag } from "@/ui/partial-tag";

import type { Chart, ChartNode } from "../diagram/chart";
import { away, closer, searchOf, type Place } from "./levels";

const BoxPeek = part(() => import("./box-peek"));
const BoxTable = part(() => import("./box-table"));
const Diagram = part(() => import("../diagram"));

/** A column of the table that only this level has. */
export interface BoxColumn {
  title: string;
  of: (node: ChartNode) => string;
  /** Whether it is also shown on narrow screens. */
  narrow?: boolean;
  /** Words, not a number. */
  text?: boolean;
}

interface Props {
  chart: Chart;
  place: Place;
  /** The folders of all modules. */
  modules: readonly string[];
  /** The chart in one sentence. */
  summary: string;
  /** What is missing, one sentence each. */
  partial: readonly string[];
  columns: readonly BoxColumn[];
  /** A word after the name. */
  word?: (node: ChartNode) => string | null | undefined;
  /** What is known of a box, for the panel beside the page. */
  tags: (node: ChartNode) => ReactNode;
  /** What the other pages know of it, for the same panel. */
  more?: (node: ChartNode) => ReactNode;
}

/** One level of the architecture: its drawing or its table, and the box that was chosen beside the page. */
export function Boxes({ chart, place, modules, summary, partial, columns, word, tags, more }: Props) {
  const slug = useSlug();
  const { view, all, peek } = useSearch({ from: "/inside/w/$ws/repos/$repo/architecture" });
  const navigate = useNavigate({ from: "/w/$ws/repos/$repo/architecture" });
  // Without a connection the numbers are enough: a drawing is for walking on, and what it leads to is not there.
  const table = useOffline() !== undefined || view === "table";
  if (chart.nodes.length === 0) return <Empty>{texts.none[chart.level]}</Empty>;

  const target = parsePeek(peek);
  const selected = target?.kind === "module" ? chart.nodes.findIndex((each) => each.id === target.id) : -1;
  const peekOf = (node: ChartNode): string => {
    // A definition is its lines.
    const [lines] = chart.level === "symbols" ? node.evidence : [];
    return lines ? peekText({ kind: "source", repo: slug, ...lines }) : peekText({ kind: "module", id: node.id });
  };
  const open = (index: number) => {
    const node = chart.nodes[index];
    if (node) void navigate({ search: (old) => ({ ...old, peek: peekOf(node) }), resetScroll: false });
  };
  const goTo = (next: Place | null | undefined) => next && void navigate({ search: searchOf(next, view) });
  const chosen = chart.nodes[selected];
  const next = chosen && closer(chart.level, chosen, modules);
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <p className="text-dense text-muted">{summary}</p>
        <PartialTag reasons={partial} />
      </div>
      <Suspense fallback={<SkeletonRows rows={1} height="h-[60vh]" />}>
        {table ? (
          <BoxTable chart={chart} modules={modules} columns={columns} word={word} peekOf={peekOf} />
        ) : (
          <Diagram
            // Another place is another drawing: nothing of the way this one was looked at is kept.
            key={`${chart.level} ${place.focus ?? ""}`}
            chart={chart}
            summary={summary}
            selected={selected}
            onOpen={open}
            onCloser={(index) => {
              const node = chart.nodes[index];
              if (node) goTo(closer(chart.level, node, modules));
            }}
            onAway={() => goTo(away(place, modules))}
            all={all === true}
            onAll={(wanted) => void navigate({ search: ({ all: _all, ...old }) => (wanted ? { ...old, all: true as const } : old), replace: true })}
          />
        )}
      </Suspense>
      <Suspense>
        {chosen && (
          <BoxPeek
            chart={chart}
            index={selected}
            repo={slug}
            tags={tags(chosen)}
            more={more?.(chosen)}
            closer={
              next && (
                <Link to="." search={searchOf(next, view)} className={buttonLook("secondary", "self-start")}>
                  {texts.closer[next.level]}
                </Link>
              )
            }
          />
        )}
      </Suspense>
    </>
  );
}
