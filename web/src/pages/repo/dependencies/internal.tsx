import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";

import { graphQuery } from "@/api/report";
import type { Graph } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { formatCount } from "@/lib/count";
import { cx } from "@/lib/cx";
import { peekText } from "@/lib/peek";
import { visible } from "@/lib/visible";
import { useSlug } from "@/repo/slug";
import { architecture } from "@/texts/architecture";
import { dependencies } from "@/texts/dependencies";
import { Empty, Loaded, SkeletonRows } from "@/ui/loaded";
import { PartialTag } from "@/ui/partial-tag";

import { matrixOf } from "./matrix";

const texts = dependencies.internal;

/** What the repository's own modules need of each other. */
export default function Internal() {
  const query = useQuery(graphQuery(useWorkspace(), useSlug()));
  return (
    <Loaded query={query} what={architecture.what} skeleton={<SkeletonRows rows={12} />}>
      {({ data, meta }) => <ModuleMatrix graph={data} partial={meta.partial} />}
    </Loaded>
  );
}

function ModuleMatrix({ graph, partial }: { graph: Graph; partial: readonly string[] }) {
  const [ws, slug] = [useWorkspace(), useSlug()];
  const { order, joined, count, circle } = useMemo(() => matrixOf(graph), [graph]);
  if (order.length === 0) return <Empty>{texts.none(graph.modules.length)}</Empty>;
  const name = (index: number) => visible(graph.modules[index]?.path || architecture.root);
  const unread = graph.unparsed.length > 0 ? [architecture.unparsed(graph.unparsed.join(", "))] : [];
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <p className="max-w-[90ch] text-dense text-muted">{texts.how(order.length, joined, graph.modules.length)}</p>
        <PartialTag reasons={[...partial, ...unread]} />
      </div>
      <div role="region" aria-label={texts.title} tabIndex={0} className="scroll-thin w-fit max-w-full overflow-x-auto rounded-card border border-line">
        <table className="border-collapse text-meta">
          <thead>
            <tr className="bg-subtle text-faint">
              <th scope="col" className="sticky start-0 z-10 min-w-40 border-b border-e border-line bg-subtle px-3 py-1.5 text-start font-medium">
                {texts.module}
              </th>
              {order.map((index, at) => (
                <th key={index} scope="col" title={name(index)} className="min-w-9 border-b border-line px-1 py-1.5 text-center font-medium">
                  <span aria-hidden>{formatCount(at + 1)}</span>
                  <span className="sr-only">{name(index)}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {order.map((from, at) => (
              <tr key={from} className="border-b border-line last:border-0 hover:bg-subtle">
                <th scope="row" className="sticky start-0 max-w-56 border-e border-line bg-bg px-3 py-1 text-start font-normal">
                  <span className="flex items-baseline gap-2">
                    <span aria-hidden className="w-5 shrink-0 text-end text-faint">
                      {formatCount(at + 1)}
                    </span>
                    <Link
                      to="/w/$ws/repos/$repo/architecture"
                      params={{ ws, repo: slug }}
                      search={{ peek: peekText({ kind: "module", id: graph.modules[from]?.path ?? "" }) } as object}
                      title={name(from)}
                      className="min-w-0 truncate font-mono text-accent hover:underline"
                    >
                      {name(from)}
                    </Link>
                  </span>
                </th>
                {order.map((to) => (
                  <Entry key={to} own={from === to} count={count(from, to)} circle={circle(from, to)} says={(imports) => texts.says(name(from), name(to), imports)} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

/** How many imports lead from the module of a row to that of a column. Those of circles have a mark besides their colour. */
function Entry({ own, count, circle, says }: { own: boolean; count: number | undefined; circle: boolean; says: (imports: number) => string }) {
  return (
    <td title={count === undefined ? undefined : says(count)} className={cx("px-1 py-1 text-center", own && "bg-sunken", count !== undefined && circle && "bg-critical-bg font-semibold text-critical")}>
      {count !== undefined && (
        <>
          {formatCount(count)}
          {circle && (
            <>
              <span aria-hidden>↔</span>
              <span className="sr-only"> {architecture.inCycle}</span>
            </>
          )}
        </>
      )}
    </td>
  );
}
