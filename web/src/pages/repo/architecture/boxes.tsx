import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Suspense, useEffect, useMemo, type ReactNode } from "react";

import type { Graph } from "@/api/types";
import { useOffline } from "@/lib/offline";
import { part } from "@/lib/part";
import { parsePeek, peekText } from "@/lib/peek";
import { visible } from "@/lib/visible";
import { useSlug } from "@/repo/slug";
import { architecture as texts } from "@/texts/architecture";
import { buttonLook } from "@/ui/button";
import { Empty, SkeletonRows } from "@/ui/loaded";
import { PartialTag } from "@/ui/partial-tag";
import { Problem } from "@/ui/problem";
import { Tag } from "@/ui/tag";

import type { Chart, ChartNode } from "../diagram/chart";
import { isMany, seenFirst } from "../diagram/layout";
import { absent, keyOf, MOST, openChart, toggled } from "../diagram/open";
import { useInside } from "./inside";
import { away, closer, searchOf, type Place } from "./levels";
import { narrows } from "./narrow";
import { opening, useOpened } from "./opened";

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
  graph: Graph;
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
export function Boxes({ chart: level, place, graph, summary, partial, columns, word, tags, more }: Props) {
  const slug = useSlug();
  const { view, all, peek, ...filter } = useSearch({ from: "/inside/w/$ws/repos/$repo/architecture" });
  const navigate = useNavigate({ from: "/w/$ws/repos/$repo/architecture" });
  // Without a connection the numbers are enough: a drawing is for walking on, and what it leads to is not there.
  const table = useOffline() !== undefined || view === "table";
  const opened = useOpened();
  const modules = useMemo(() => graph.modules.map((each) => each.path), [graph]);
  const base = useMemo(() => seenFirst(level, all === true), [level, all]);
  const { charts, failed, failures, retry } = useInside(graph, level, opened);
  const chart = useMemo(() => {
    const first = new Set([...base].map((index) => level.nodes[index]?.id));
    // What is open is drawn, also where it is none of the boxes that are drawn at first.
    const added = new Set(opened.flatMap(([name]) => (first.has(name) ? [] : name)));
    return openChart(level, { charts, failed, opened, room: MOST - base.size - added.size, opens: (of, node) => closer(of, node, modules) !== null });
  }, [level, charts, failed, opened, base, modules]);
  // An address may be made up, or older than the code: it keeps only what is there. What a filter hides may be.
  const lost = useMemo(() => absent(chart, opened), [chart, opened]);
  const hides = narrows(filter);
  useEffect(() => {
    if (lost.length === 0 || hides) return;
    const gone = new Set(lost.map(keyOf));
    void navigate({ search: opening((now) => now.filter((each) => !gone.has(keyOf(each)))), replace: true, resetScroll: false });
  }, [lost, hides, navigate]);
  if (level.nodes.length === 0) return <Empty>{texts.none[level.level]}</Empty>;

  const levelOf = (index: number) => chart.spots[index]?.level ?? level.level;
  const target = parsePeek(peek);
  const selected = target?.kind === "module" ? chart.nodes.findIndex((each) => each.id === target.id) : -1;
  const peekOf = (index: number): string => {
    const node = chart.nodes[index];
    // A definition is its lines.
    const [lines] = levelOf(index) === "symbols" ? (node?.evidence ?? []) : [];
    return lines ? peekText({ kind: "source", repo: slug, ...lines }) : peekText({ kind: "module", id: node?.id ?? "" });
  };
  const open = (index: number) => void navigate({ search: (old) => ({ ...old, peek: peekOf(index) }), resetScroll: false });
  const toggle = (index: number) => {
    const spot = chart.spots[index];
    if (spot) void navigate({ search: opening((now) => toggled(now, spot.chain)), resetScroll: false });
  };
  const goTo = (next: Place | null | undefined) => next && void navigate({ search: searchOf(next, view) });
  const nextOf = (index: number) => {
    const node = chart.nodes[index];
    return node ? closer(levelOf(index), node, modules) : null;
  };
  const chosen = chart.nodes[selected];
  const inner = (chart.spots[selected]?.within ?? -1) >= 0;
  const next = nextOf(selected);
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <p className="text-dense text-muted">{summary}</p>
        <PartialTag reasons={partial} />
      </div>
      {chart.over.map((index) => {
        const by = nextOf(index);
        return (
          by && (
            <p key={index} role="status" className="flex flex-wrap gap-x-2 text-dense text-muted">
              {texts.tooMany(visible(chart.nodes[index]?.id ?? "") || texts.root, MOST)}
              <Link to="." search={searchOf(by, view)} className="text-accent hover:underline">
                {texts.byItself}
              </Link>
            </p>
          )
        );
      })}
      {failures.length > 0 && <Problem error={failures[0]} what={texts.inside} onRetry={retry} />}
      <Suspense fallback={<SkeletonRows rows={1} height="h-[60vh]" />}>
        {table ? (
          <BoxTable chart={chart} nextOf={nextOf} columns={columns} word={word} peekOf={peekOf} onToggle={toggle} />
        ) : (
          <Diagram
            // Another place is another drawing: nothing of the way this one was looked at is kept.
            key={`${chart.level} ${place.focus ?? ""}`}
            chart={chart}
            base={base}
            many={isMany(level)}
            summary={summary}
            selected={selected}
            onOpen={open}
            onToggle={toggle}
            onCloser={(index) => goTo(nextOf(index))}
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
            tags={inner && level.level === "modules" ? <Tag>{visible(chosen.detail)}</Tag> : tags(chosen)}
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
