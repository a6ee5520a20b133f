import { Link, useSearch } from "@tanstack/react-router";
import { ChevronDown, ChevronRight } from "lucide-react";
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

import type { ChartNode } from "../diagram/chart";
import { isWanted, keyOf, outermost, withContents, type OpenChart } from "../diagram/open";
import type { BoxColumn } from "./boxes";
import { searchOf, type Place } from "./levels";

const TakeAlong = part(() => import("@/ui/take-along")) as typeof import("@/ui/take-along").default;

interface Props {
  chart: OpenChart;
  /** What is in a box, by itself. */
  nextOf: (index: number) => Place | null;
  columns: readonly BoxColumn[];
  word: ((node: ChartNode) => string | null | undefined) | undefined;
  peekOf: (index: number) => string;
  onToggle: (index: number) => void;
}

/** How far a row stands in from the one that it is in, in pixels. */
const STEP = 12;

/** The same boxes and arrows in numbers; what is in an open box stands below it. */
export default function BoxTable({ chart, nextOf, columns, word, peekOf, onToggle }: Props) {
  const { level, nodes, edges, spots } = chart;
  const { view } = useSearch({ from: "/inside/w/$ws/repos/$repo/architecture" });
  const linked = level !== "symbols";
  const out = nodes.map((_, index) => edges.filter((edge) => edge.from === index).length);
  const into = nodes.map((_, index) => edges.filter((edge) => edge.to === index).length);
  const services = level === "services";
  const slug = useSlug();
  const order = withContents(chart, outermost(chart));
  /** Nothing is known of what definitions need, or what needs a file that is not read. */
  const counted = (index: number, count: readonly number[]) => (nodes[index]?.unread || spots[index]?.level === "symbols" ? undefined : count[index]);
  const arrows = (index: number, count: readonly number[]) => {
    const known = counted(index, count);
    return known === undefined ? texts.notMeasured : formatCount(known);
  };
  /** What stands after the name; of what is in a module, how large it is. */
  const said = (index: number, node: ChartNode) => (level === "modules" && spots[index]?.within !== -1 ? node.detail : word?.(node));
  const taken: CsvColumn<number>[] = [
    ["name", (index) => nodes[index]?.id || nodes[index]?.label],
    ...(order.length > outermost(chart).length ? [["within", (index: number) => spots[index]?.chain.slice(0, -1).join(" > ")] satisfies CsvColumn<number>] : []),
    ...columns.map(({ title, of }): CsvColumn<number> => [title.toLowerCase().replaceAll(" ", "_"), (index) => nodes[index] && of(nodes[index])]),
    ["arrows_out", (index) => counted(index, out)],
    ["arrows_in", (index) => counted(index, into)],
    ["in_cycle", (index) => nodes[index]?.cyclic],
  ];
  return (
    <>
      <div className="flex justify-end">
        <Suspense>
          <TakeAlong file={`${slug}-${level}`} columns={taken} rows={() => order} />
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
        {order.map((index) => {
          const [node, spot, next] = [nodes[index], spots[index], nextOf(index)];
          if (!node || !spot) return null;
          const name = visible(node.label || texts.root);
          const open = isWanted(spot);
          const Sign = open ? ChevronDown : ChevronRight;
          return (
            <tr key={keyOf(spot.chain)} className={rowLook}>
              <Cell>
                <div className="flex items-start gap-1" style={{ paddingInlineStart: (spot.chain.length - 1) * STEP }}>
                  {spot.state === "leaf" ? (
                    linked && <span className="w-6 shrink-0" />
                  ) : (
                    <button
                      type="button"
                      aria-expanded={open}
                      aria-busy={spot.state === "coming" || undefined}
                      aria-label={texts.contentsOf(name)}
                      onClick={() => onToggle(index)}
                      className="relative z-1 -my-0.5 grid size-6 shrink-0 place-items-center rounded-control text-muted hover:bg-sunken hover:text-text"
                    >
                      <Sign size={14} strokeWidth={1.75} aria-hidden />
                    </button>
                  )}
                  <div className="min-w-0">
                    <Link
                      data-row
                      to="."
                      search={(search) => ({ ...search, peek: peekOf(index) })}
                      resetScroll={false}
                      className={`${rowLink} font-mono text-meta leading-5 break-words`}
                    >
                      <PathText path={node.id || node.label || texts.root} />
                    </Link>{" "}
                    {said(index, node) && <span className="text-meta text-faint">{visible(said(index, node) ?? "")}</span>}
                    {node.cyclic && (
                      <span className="mt-0.5 block @3xl:hidden">
                        <Tag tone="high">{texts.inCycle}</Tag>
                      </span>
                    )}
                  </div>
                </div>
              </Cell>
              {columns.map(({ title, of, narrow, text }) => (
                <Cell key={title} numeric={!text} wide={!narrow} className={text ? "text-muted [overflow-wrap:anywhere]" : ""}>
                  {of(node)}
                </Cell>
              ))}
              {linked && (
                <>
                  <Cell numeric>{arrows(index, out)}</Cell>
                  <Cell numeric>{arrows(index, into)}</Cell>
                  <Cell wide>{node.cyclic && <Tag tone="high">{texts.inCycle}</Tag>}</Cell>
                  <Cell wide>
                    {next && (
                      <Link to="." search={searchOf(next, view)} className="relative z-1 whitespace-nowrap text-accent hover:underline" aria-label={texts.levelOf(texts.levels[next.level], name)}>
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
