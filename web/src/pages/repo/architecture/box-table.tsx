import { Link, useSearch } from "@tanstack/react-router";
import { Suspense } from "react";

import { formatCount } from "@/lib/count";
import type { CsvColumn } from "@/lib/csv";
import { part } from "@/lib/part";
import { visible } from "@/lib/visible";
import { useSlug } from "@/repo/slug";
import { architecture as texts } from "@/texts/architecture";
import { Tag } from "@/ui/tag";
import { PathText } from "@/ui/path-text";
import { Cell, rowLink, rowLook, Table } from "@/ui/table";

import type { Chart, ChartNode } from "../diagram/chart";
import type { BoxColumn } from "./boxes";
import { closer, searchOf } from "./levels";

const TakeAlong = part(() => import("@/ui/take-along")) as typeof import("@/ui/take-along").default;

interface Props {
  chart: Chart;
  modules: readonly string[];
  columns: readonly BoxColumn[];
  word: ((node: ChartNode) => string | null | undefined) | undefined;
  peekOf: (node: ChartNode) => string;
}

/** The same boxes and arrows in numbers. */
export default function BoxTable({ chart, modules, columns, word, peekOf }: Props) {
  const { level, nodes, edges } = chart;
  const { view } = useSearch({ from: "/inside/w/$ws/repos/$repo/architecture" });
  const linked = level !== "symbols";
  const out = nodes.map((_, index) => edges.filter((edge) => edge.from === index).length);
  const into = nodes.map((_, index) => edges.filter((edge) => edge.to === index).length);
  const services = level === "services";
  const slug = useSlug();
  // Nodes have no number of their own: what is counted per node comes from its place.
  const at = new Map(nodes.map((node, index) => [node, index]));
  const taken: CsvColumn<ChartNode>[] = [
    ["name", (node) => node.id || node.label],
    ...columns.map(({ title, of }): CsvColumn<ChartNode> => [title.toLowerCase().replaceAll(" ", "_"), of]),
    ["arrows_out", (node) => (node.unread ? undefined : out[at.get(node) ?? -1])],
    ["arrows_in", (node) => (node.unread ? undefined : into[at.get(node) ?? -1])],
    ["in_cycle", (node) => node.cyclic],
  ];
  return (
    <>
      <div className="flex justify-end">
        <Suspense>
          <TakeAlong file={`${slug}-${level}`} columns={taken} rows={() => nodes} />
        </Suspense>
      </div>
      <Table
        label={texts.levels[level]}
        columns={[
          { title: texts.parts[level] },
          ...columns.map(({ title, narrow, text }) => ({ title, numeric: !text, wide: !narrow })),
          ...(linked
            ? [
                { title: services ? texts.needs : texts.dependsOn, numeric: true },
                { title: services ? texts.neededBy : texts.usedBy, numeric: true },
                { title: texts.columns.cycle, wide: true },
                { title: texts.lookCloser, wide: true },
              ]
            : []),
        ]}
      >
        {nodes.map((node, index) => {
          const next = closer(level, node, modules);
          return (
            // Two definitions of one file may have the same name.
            <tr key={`${index} ${node.id}`} className={rowLook}>
              <Cell>
                <Link
                  data-row
                  to="."
                  search={(search) => ({ ...search, peek: peekOf(node) })}
                  resetScroll={false}
                  className={`${rowLink} font-mono text-meta leading-5 break-words`}
                >
                  <PathText path={node.id || node.label || texts.root} />
                </Link>{" "}
                {word?.(node) && <span className="whitespace-nowrap text-meta text-faint">{word(node)}</span>}
                {node.cyclic && (
                  <span className="mt-0.5 block @3xl:hidden">
                    <Tag tone="high">{texts.inCycle}</Tag>
                  </span>
                )}
              </Cell>
              {columns.map(({ title, of, narrow, text }) => (
                <Cell key={title} numeric={!text} wide={!narrow} className={text ? "text-muted [overflow-wrap:anywhere]" : ""}>
                  {of(node)}
                </Cell>
              ))}
              {linked && (
                <>
                  <Cell numeric>{node.unread ? texts.notMeasured : formatCount(out[index] ?? 0)}</Cell>
                  <Cell numeric>{node.unread ? texts.notMeasured : formatCount(into[index] ?? 0)}</Cell>
                  <Cell wide>{node.cyclic && <Tag tone="high">{texts.inCycle}</Tag>}</Cell>
                  <Cell wide>
                    {next && (
                      <Link to="." search={searchOf(next, view)} className="relative z-1 whitespace-nowrap text-accent hover:underline" aria-label={texts.levelOf(texts.levels[next.level], visible(node.label || texts.root))}>
                        {texts.levels[next.level]}
                      </Link>
                    )}
                  </Cell>
    </>
            )}
          </tr>
        );
      })}
    </Table>
    </>
  );
}
