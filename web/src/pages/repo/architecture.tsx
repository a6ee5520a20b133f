import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";

import { graphQuery } from "@/api/queries";
import type { Graph } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { formatCount, visible } from "@/lib/format";
import { useKeys } from "@/lib/keys";
import { parsePeek, peekText } from "@/lib/peek";
import { Peek } from "@/peek/slot";
import { useSlug } from "@/repo/slug";
import { architecture as texts } from "@/texts/architecture";
import { buttonLook } from "@/ui/button";
import { PlaceLink } from "@/ui/evidence";
import { Tag } from "@/ui/marks";
import { Empty, Loaded, PartialTag, SkeletonRows } from "@/ui/panel";
import { Cell, rowLink, rowLook, Table } from "@/ui/table";

import { Section } from "./finding-peek";
import { Diagram } from "./diagram";

/** Who imports whom, as a drawing and as a table with the same numbers. */
export function ArchitecturePage() {
  const ws = useWorkspace();
  const slug = useSlug();
  const query = useQuery(graphQuery(ws, slug));
  const { view, peek } = useSearch({ from: "/inside/w/$ws/repos/$repo/architecture" });
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
              <p className="text-dense text-muted">{texts.summary(graph.modules.length, graph.edges.length, graph.cycles.length)}</p>
              <PartialTag reasons={limits(graph, meta.partial)} />
            </div>
            {view === "table" ? <ModuleTable graph={graph} /> : <Diagram graph={graph} selected={selected} onOpen={open} />}
            <Cycles graph={graph} repo={slug} />
            {selected >= 0 && <ModulePeek graph={graph} index={selected} />}
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

const nameOf = (graph: Graph, index: number): string => {
  const module = graph.modules[index];
  return visible(module?.path || module?.label || texts.root);
};

function ModuleTable({ graph }: { graph: Graph }) {
  const { columns } = texts;
  return (
    <Table
      label={texts.title}
      columns={[
        { title: columns.module },
        { title: columns.files, numeric: true },
        { title: columns.code, numeric: true },
        { title: columns.dependsOn, numeric: true },
        { title: columns.usedBy, numeric: true },
        { title: columns.cycle },
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
              className={`${rowLink} font-mono text-meta [overflow-wrap:anywhere]`}
            >
              {nameOf(graph, index)}
            </Link>
            {module.language && <span className="ms-2 text-meta text-faint">{module.language}</span>}
          </Cell>
          <Cell numeric>{formatCount(module.files)}</Cell>
          <Cell numeric>{formatCount(module.code)}</Cell>
          <Cell numeric>{formatCount(module.fan_out)}</Cell>
          <Cell numeric>{formatCount(module.fan_in)}</Cell>
          <Cell>{module.cyclic && <Tag tone="high">{texts.inCycle}</Tag>}</Cell>
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

function ModulePeek({ graph, index }: { graph: Graph; index: number }) {
  const module = graph.modules[index];
  if (!module) return null;
  const out = graph.edges.filter((edge) => edge.from === index).map((edge) => [edge.to, edge.count] as const);
  const into = graph.edges.filter((edge) => edge.to === index).map((edge) => [edge.from, edge.count] as const);
  const list = (rows: readonly (readonly [number, number])[]) =>
    rows.length === 0 ? (
      <p className="text-faint">{texts.nothing}</p>
    ) : (
      <ul className="flex flex-col gap-0.5">
        {rows.map(([other, count]) => (
          <li key={other} className="flex items-baseline justify-between gap-3">
            <Link
              to="."
              search={(search) => ({ ...search, peek: peekText({ kind: "module", id: graph.modules[other]?.path ?? "" }) })}
              resetScroll={false}
              className="min-w-0 truncate font-mono text-meta leading-6 text-accent hover:underline"
            >
              {nameOf(graph, other)}
            </Link>
            <span className="shrink-0 text-meta text-faint">{texts.imports(count)}</span>
          </li>
        ))}
      </ul>
    );
  return (
    <Peek
      label={nameOf(graph, index)}
      title={
        <>
          <h2 className="truncate text-dense font-semibold">{visible(module.label || texts.root)}</h2>
          <p className="truncate font-mono text-meta text-faint">{visible(module.path)}</p>
        </>
      }
    >
      <div className="flex flex-col gap-5 p-4 text-dense">
        <div className="flex flex-wrap gap-1.5">
          {module.language && <Tag>{module.language}</Tag>}
          <Tag>
            {texts.columns.files}: {formatCount(module.files)}
          </Tag>
          <Tag>
            {texts.columns.code}: {formatCount(module.code)}
          </Tag>
          {module.cyclic && <Tag tone="high">{texts.inCycle}</Tag>}
        </div>
        <Section title={texts.dependsOn}>{list(out)}</Section>
        <Section title={texts.usedBy}>{list(into)}</Section>
      </div>
    </Peek>
  );
}
