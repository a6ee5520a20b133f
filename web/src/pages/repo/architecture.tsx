import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";

import { lazy, Suspense } from "react";

import { graphQuery } from "@/api/queries";
import type { Graph } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { formatCount } from "@/lib/format";
import { useKeys } from "@/lib/keys";
import { parsePeek, peekText } from "@/lib/peek";
import { useSlug } from "@/repo/slug";
import { architecture as texts } from "@/texts/architecture";
import { buttonLook } from "@/ui/button";
import { PlaceLink } from "@/ui/place-link";
import { Tag } from "@/ui/marks";
import { Empty, Loaded, PartialTag, SkeletonRows } from "@/ui/panel";
import { PathText } from "@/ui/path-text";
import { Cell, rowLink, rowLook, Table } from "@/ui/table";

import { nameOf, summaryOf } from "./module-name";

const ModulePeek = lazy(() => import("./module-peek"));
const Diagram = lazy(() => import("./diagram"));

/** Who imports whom, as a drawing and as a table with the same numbers. */
export function ArchitecturePage() {
  const ws = useWorkspace();
  const slug = useSlug();
  const query = useQuery(graphQuery(ws, slug));
  const { view, all, peek } = useSearch({ from: "/inside/w/$ws/repos/$repo/architecture" });
  const navigate = useNavigate({ from: "/w/$ws/repos/$repo/architecture" });
  const show = (next?: "table") => void navigate({ search: ({ view: _view, ...old }) => (next ? { ...old, view: next } : old), replace: true });
  useKeys({ t: () => show(view === "table" ? undefined : "table") });
  const target = parsePeek(peek);

  return (
    <Loaded query={query} what={texts.what} skeleton={<SkeletonRows rows={1} height="h-[60vh]" />}>
      {({ data: graph, meta }) => {
        if (graph.modules.length === 0) return <Empty>{texts.empty("")}</Empty>;
        const selected = target?.kind === "module" ? graph.modules.findIndex((each) => each.path === target.id) : -1;
        const open = (index: number) => {
          const module = graph.modules[index];
          if (module) void navigate({ search: (old) => ({ ...old, peek: peekText({ kind: "module", id: module.path }) }), resetScroll: false });
        };
        return (
          <div className="flex flex-col gap-3">
            <div className="flex flex-wrap items-center gap-3">
              <div role="group" aria-label={texts.view} className="flex gap-1">
                <button type="button" aria-pressed={view === "table"} className={buttonLook(view === "table" ? "secondary" : "ghost")} onClick={() => show("table")}>
                  {texts.table}
                </button>
                <button type="button" aria-pressed={view !== "table"} className={buttonLook(view === "table" ? "ghost" : "secondary")} onClick={() => show()}>
                  {texts.diagram}
                </button>
              </div>
              <p className="text-dense text-muted">{summaryOf(graph)}</p>
              <PartialTag reasons={limits(graph, meta.partial)} />
            </div>
            {view === "table" ? <ModuleTable graph={graph} /> : (
              <Suspense fallback={<SkeletonRows rows={1} height="h-[60vh]" />}>
                <Diagram
                  graph={graph}
                  selected={selected}
                  onOpen={open}
                  all={all === true}
                  onAll={(next) => void navigate({ search: ({ all: _all, ...old }) => (next ? { ...old, all: next } : old), replace: true })}
                />
              </Suspense>
            )}
            <Cycles graph={graph} repo={slug} />
            <Suspense>{selected >= 0 && <ModulePeek graph={graph} index={selected} />}</Suspense>
          </div>
        );
      }}
    </Loaded>
  );
}

/** What keeps the drawing from being complete. */
function limits(graph: Graph, partial: readonly string[]): string[] {
  return [
    ...partial,
    ...(graph.unparsed.length > 0 ? [texts.unparsed(graph.unparsed.join(", "))] : []),
    ...(graph.unresolved > 0 ? [texts.unresolved(graph.unresolved)] : []),
  ];
}

function ModuleTable({ graph }: { graph: Graph }) {
  const { columns } = texts;
  return (
    <Table
      label={texts.title}
      columns={[
        { title: columns.module },
        { title: columns.files, numeric: true, wide: true },
        { title: columns.code, numeric: true },
        { title: columns.dependsOn, numeric: true },
        { title: columns.usedBy, numeric: true },
        { title: columns.cycle, wide: true },
      ]}
    >
      {graph.modules.map((module, index) => (
        <tr key={module.path} className={rowLook}>
          <Cell>
            <Link
              data-row
              to="."
              search={(search) => ({ ...search, peek: peekText({ kind: "module", id: module.path }) })}
              resetScroll={false}
              className={`${rowLink} font-mono text-meta leading-5 break-words`}
            >
              <PathText path={nameOf(graph, index)} />
            </Link>{" "}
            {module.language && <span className="whitespace-nowrap text-meta text-faint">{module.language}</span>}
            {module.cyclic && (
              <span className="mt-0.5 block sm:hidden">
                <Tag tone="high">{texts.inCycle}</Tag>
              </span>
            )}
          </Cell>
          <Cell numeric wide>
            {formatCount(module.files)}
          </Cell>
          <Cell numeric>{formatCount(module.code)}</Cell>
          <Cell numeric>{formatCount(module.fan_out)}</Cell>
          <Cell numeric>{formatCount(module.fan_in)}</Cell>
          <Cell wide>{module.cyclic && <Tag tone="high">{texts.inCycle}</Tag>}</Cell>
        </tr>
      ))}
    </Table>
  );
}

function Cycles({ graph, repo }: { graph: Graph; repo: string }) {
  if (graph.cycles.length === 0) return null;
  return (
    <section>
      <h2 className="mb-2 mt-3 text-body font-semibold">{texts.cycles}</h2>
      <ol className="flex flex-col gap-2">
        {graph.cycles.map((cycle) => (
          <li key={cycle.join("\n")} className="flex flex-wrap gap-x-2 rounded-card border border-line px-3 py-2">
            {cycle.map((path, index) => (
              <span key={path} className="inline-flex min-w-0 items-baseline gap-2">
                {index > 0 && (
                  <span aria-hidden className="text-faint">
                    ↔
                  </span>
                )}
                <PlaceLink repo={repo} span={{ path, start: 0, end: 0 }} />
              </span>
            ))}
          </li>
        ))}
      </ol>
    </section>
  );
}
