import { Link } from "@tanstack/react-router";

import type { Graph } from "@/api/types";
import { formatCount, visible } from "@/lib/format";
import { peekText } from "@/lib/peek";
import { Peek } from "@/peek/slot";
import { architecture as texts } from "@/texts/architecture";
import { Tag } from "@/ui/marks";
import { Section } from "@/ui/section";

import { nameOf } from "./module-name";

/** One module: its size, what it imports and what imports it. */
export default function ModulePeek({ graph, index }: { graph: Graph; index: number }) {
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
