import { Link, useSearch } from "@tanstack/react-router";

import { formatCount } from "@/lib/count";
import { visible } from "@/lib/visible";
import { architecture as texts } from "@/texts/architecture";
import { Tag } from "@/ui/tag";
import { PathText } from "@/ui/path-text";
import { Cell, rowLink, rowLook, Table } from "@/ui/table";

import type { Chart, ChartNode } from "../diagram/chart";
import type { BoxColumn } from "./boxes";
import { closer, searchOf } from "./levels";

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
  return (
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
                <span className="mt-0.5 block sm:hidden">
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
                <Cell numeric>{formatCount(out[index] ?? 0)}</Cell>
                <Cell numeric>{formatCount(into[index] ?? 0)}</Cell>
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
  );
}
