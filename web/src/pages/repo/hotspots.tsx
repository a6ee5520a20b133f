import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

import { hotspotsQuery } from "@/api/queries";
import type { Hotspot } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { formatCount } from "@/lib/format";
import { parsePeek, peekText } from "@/lib/peek";
import { Score } from "@/repo/score";
import { useSlug } from "@/repo/slug";
import { hotspots as texts } from "@/texts/hotspots";
import { Empty, Loaded, PartialTag, SkeletonRows } from "@/ui/panel";
import { PathText } from "@/ui/path-text";
import { Cell, rowLink, rowLook, Table } from "@/ui/table";

import { Duplicates, Ownership } from "./spread";

const HotspotPeek = lazy(() => import("./hotspot-peek"));

/** Files that change often and are hard to change. */
export function HotspotsPage() {
  const slug = useSlug();
  const query = useQuery(hotspotsQuery(useWorkspace(), slug));
  const target = parsePeek(useSearch({ strict: false }).peek);
  const { columns } = texts;
  return (
    <Loaded query={query} what={texts.what} skeleton={<SkeletonRows rows={12} />}>
      {(found) => {
        const { items, meta, formula, window_commits, window_days } = found;
        const selected = target?.kind === "hotspot" ? items.find((each) => each.path === target.id) : undefined;
        return (
          <div className="flex flex-col gap-3">
            <div className="flex flex-wrap items-center gap-2">
              <p className="max-w-[90ch] text-dense text-muted">
                {formula} <span className="text-faint">{texts.basis(window_commits, window_days)}</span>
              </p>
              <PartialTag reasons={meta.partial} />
            </div>
            {items.length === 0 ? (
              <Empty>{texts.empty}</Empty>
            ) : (
              <Table
                label={texts.title}
                columns={[
                  { title: columns.score },
                  { title: columns.path },
                  { title: columns.commits, numeric: true },
                  { title: columns.fixes, numeric: true, wide: true },
                  { title: columns.authors, numeric: true, wide: true },
                  { title: columns.changed, numeric: true, wide: true },
                  { title: columns.complexity, numeric: true },
                  { title: columns.code, numeric: true, wide: true },
                ]}
              >
                {items.map((each) => (
                  <HotspotRow key={each.path} hotspot={each} current={each === selected} />
                ))}
              </Table>
            )}
            <Duplicates found={found} />
            <Ownership found={found} />
            <Suspense>{selected && <HotspotPeek hotspot={selected} repo={slug} />}</Suspense>
          </div>
        );
      }}
    </Loaded>
  );
}

function HotspotRow({ hotspot, current }: { hotspot: Hotspot; current: boolean }) {
  return (
    <tr className={rowLook}>
      <Cell className="w-16">
        <Score score={hotspot.score} />
      </Cell>
      <Cell>
        <Link
          data-row
          to="."
          search={(search) => ({ ...search, peek: peekText({ kind: "hotspot", id: hotspot.path }) })}
          aria-current={current || undefined}
          resetScroll={false}
          className={`${rowLink} font-mono text-meta leading-5 break-words`}
        >
          <PathText path={hotspot.path} />
        </Link>
      </Cell>
      <Cell numeric>{formatCount(hotspot.commits)}</Cell>
      <Cell numeric wide>
        {formatCount(hotspot.fixes)}
      </Cell>
      <Cell numeric wide>
        {formatCount(hotspot.authors)}
      </Cell>
      <Cell numeric wide>
        {formatCount(hotspot.changed_lines)}
      </Cell>
      <Cell numeric>{formatCount(hotspot.complexity)}</Cell>
      <Cell numeric wide className="text-muted">
        {formatCount(hotspot.code)}
      </Cell>
    </tr>
  );
}
