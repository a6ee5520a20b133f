import { Link } from "@tanstack/react-router";
import { Suspense, type ReactNode } from "react";

import { visible } from "@/lib/visible";
import { peekText } from "@/lib/peek";
import { Peek } from "@/peek/peek";
import { architecture as texts } from "@/texts/architecture";
import { Tag } from "@/ui/tag";
import { PlaceLink } from "@/ui/place-link";
import { Section } from "@/ui/section";

import type { ChartEdge } from "../diagram/chart";
import type { OpenChart } from "../diagram/open";

interface Props {
  chart: OpenChart;
  index: number;
  repo: string;
  /** What else is known of it. */
  tags: ReactNode;
  /** The way to the next level. */
  closer: ReactNode;
  /** What the other pages know of it. */
  more: ReactNode;
}

/** One box: what it is, what it needs and what needs it. */
export default function BoxPeek({ chart, index, repo, tags, closer, more }: Props) {
  const node = chart.nodes[index];
  if (!node) return null;
  const name = visible(node.label || texts.root);
  const services = chart.spots[index]?.level === "services";
  const list = (edges: readonly ChartEdge[], end: "from" | "to") =>
    edges.length === 0 ? (
      <p className="text-faint">{texts.nothing}</p>
    ) : (
      <ul className="flex flex-col gap-0.5">
        {edges.map((edge) => {
          const other = chart.nodes[edge[end]];
          return (
            <li key={edge[end]} className="flex items-baseline justify-between gap-3">
              <Link
                to="."
                search={(search) => ({ ...search, peek: peekText({ kind: "module", id: other?.id ?? "" }) })}
                resetScroll={false}
                className="min-w-0 truncate font-mono text-meta leading-6 text-accent hover:underline"
              >
                {visible(other?.id || other?.label || texts.root)}
              </Link>
              <span className="shrink-0 text-meta text-faint">{services ? visible(edge.label) : texts.imports(edge.count)}</span>
            </li>
          );
        })}
      </ul>
    );
  return (
    <Peek
      label={visible(node.id) || name}
      title={
        <>
          <h2 className="truncate text-dense font-semibold">{name}</h2>
          <p className="truncate font-mono text-meta text-faint">{visible(node.opens ?? "")}</p>
        </>
      }
    >
      {/* A panel of another box asks for what is known of that one. */}
      <div key={node.id} className="flex flex-col gap-5 p-4 text-dense">
        <div className="flex flex-wrap gap-1.5 empty:hidden">
          {tags}
          {node.cyclic && <Tag tone="high">{texts.inCycle}</Tag>}
        </div>
        {closer}
        {node.unread ? (
          <p className="text-muted">{texts.notParsedHint}</p>
        ) : (
          <>
            <Section title={services ? texts.needs : texts.dependsOn}>{list(chart.edges.filter((edge) => edge.from === index), "to")}</Section>
            <Section title={services ? texts.neededBy : texts.usedBy}>{list(chart.edges.filter((edge) => edge.to === index), "from")}</Section>
          </>
        )}
        <Suspense>{more}</Suspense>
        {node.evidence.length > 0 && (
          <Section title={texts.shownBy}>
            <ul className="flex flex-col gap-0.5">
              {node.evidence.map((span) => (
                <li key={`${span.path}:${span.start}`} className="min-w-0">
                  <PlaceLink repo={repo} span={span} />
                </li>
              ))}
            </ul>
          </Section>
        )}
      </div>
    </Peek>
  );
}
