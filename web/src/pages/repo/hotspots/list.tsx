import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { LayoutDashboard, Table2 } from "lucide-react";
import { Suspense } from "react";

import type { Hotspot, Hotspots } from "@/api/types";
import { formatCount } from "@/lib/count";
import type { CsvColumn } from "@/lib/csv";
import { formatPercent } from "@/lib/format";
import { useKeys } from "@/lib/keys";
import { part } from "@/lib/part";
import { readSetting, writeSetting } from "@/lib/storage";
import { parsePeek, peekText } from "@/lib/peek";
import { Heat } from "@/repo/score";
import { hotspots as texts } from "@/texts/hotspots";
import { Empty, SkeletonRows } from "@/ui/loaded";
import { PartialTag } from "@/ui/partial-tag";
import { PathText } from "@/ui/path-text";
import { Segmented } from "@/ui/segmented";
import { Cell, rowLink, rowLook, rowRest, Table } from "@/ui/table";

const Duplicates = part(() => import("./duplicates"));
const ExplainFigure = part(() => import("@/repo/explain"));
const HotspotMap = part(() => import("./map"));
const HotspotPeek = part(() => import("./peek"));

const TakeAlong = part(() => import("@/ui/take-along")) as typeof import("@/ui/take-along").default;

/** The ranking as a table for spreadsheets. */
const COLUMNS: readonly CsvColumn<Hotspot & { share_percent: number }>[] = [
  ["path", (each) => each.path],
  ["share_percent", (each) => each.share_percent],
  ["commits", (each) => each.commits],
  ["cognitive_complexity", (each) => each.complexity],
  ["fixes", (each) => each.fixes],
  ["recent_fixes", (each) => each.recent_fixes],
  ["authors", (each) => each.authors],
  ["changed_lines", (each) => each.changed_lines],
  ["lines_of_code", (each) => each.code],
  ["score", (each) => each.score],
];

const VIEWS = [
  ["map", LayoutDashboard],
  ["table", Table2],
] as const;

const SETTING = "hotspots";

/** The view that was chosen last; where nobody chose, narrow windows get the table. */
function kept(): "map" | "table" {
  const setting = readSetting(SETTING);
  if (setting === "map" || setting === "table") return setting;
  return typeof matchMedia === "function" && matchMedia("(max-width: 639px)").matches ? "table" : "map";
}

/** The ranking as a map or a table, and below it what stands in several places. */
export default function HotspotList({ found, repo }: { found: Hotspots; repo: string }) {
  const { peek, view: wanted } = useSearch({ from: "/inside/w/$ws/repos/$repo/hotspots" });
  const navigate = useNavigate({ from: "/w/$ws/repos/$repo/hotspots" });
  const target = parsePeek(peek);
  const view = wanted ?? kept();
  const show = (next: "map" | "table") => {
    writeSetting(SETTING, next);
    void navigate({ search: (old) => ({ ...old, view: next }), replace: true, resetScroll: false });
  };
  const look = (days: number) =>
    void navigate({ search: ({ window: _window, ...old }) => (days === found.windows.at(-1) ? old : { ...old, window: days }), replace: true, resetScroll: false });
  useKeys({ t: () => show(view === "map" ? "table" : "map") });
  const { columns } = texts;
  const { items, unranked, meta, formula, window_commits, window_days, windows } = found;
  const whole = window_days === windows.at(-1);
  const ranked = byShare(items);
  const most = { share: ranked[0]?.share ?? 0, commits: greatest(items, "commits"), complexity: greatest(items, "complexity") };
  const selected = target?.kind === "hotspot" ? ranked.find(({ hotspot }) => hotspot.path === target.id) : undefined;
  return (
    <div className="flex flex-col gap-3">
      <p className="max-w-[90ch] text-dense text-muted">
        {texts.share(items.length)} {texts.score(formula)} <span className="text-faint">{texts.basis(window_commits, window_days)}</span>{" "}
        <Suspense>
          <ExplainFigure figure="hotspots" label={texts.title} className="-my-1" />
        </Suspense>
      </p>
      <div className="flex flex-wrap items-center gap-2">
        <PartialTag reasons={meta.partial} />
        {windows.length > 1 && (
          <Segmented label={texts.window} value={window_days} onChoose={look} segments={windows.map((days) => ({ value: days, label: texts.months(days) }))} />
        )}
        {view === "table" && items.length > 0 && (
          <Suspense>
            <TakeAlong file={`${repo}-hotspots`} columns={COLUMNS} rows={() => ranked.map(({ hotspot, share }) => ({ ...hotspot, share_percent: Math.round(share * 10) / 10 }))} />
          </Suspense>
        )}
        {items.length > 0 && (
          <Segmented
            label={texts.view.name}
            className="ms-auto"
            value={view}
            onChoose={show}
            segments={VIEWS.map(([name, icon]) => ({ value: name, icon, label: texts.view[name] }))}
          />
        )}
      </div>
      {items.length > 0 && view === "map" && (
        <Suspense fallback={<SkeletonRows rows={1} height="h-96 lg:h-[34rem]" />}>
          <HotspotMap spots={ranked.map(({ hotspot, share }) => ({ path: hotspot.path, code: hotspot.code, share, fixes: hotspot.recent_fixes }))} />
        </Suspense>
      )}
      {items.length === 0 ? (
        <Empty>{unranked ?? texts.empty}</Empty>
      ) : view === "map" ? null : (
        <Table
          label={texts.title}
          choose="hotspots"
          columns={[
            { title: columns.share },
            { title: columns.path, main: true },
            { title: columns.commits, numeric: true, wide: true },
            { title: columns.complexity, numeric: true, wide: true },
            { title: columns.fixes, numeric: true, wide: true },
            { title: columns.recent, numeric: true, wide: true },
            { title: columns.authors, numeric: true, wide: true },
            { title: columns.changed, numeric: true, wide: true },
            { title: columns.code, numeric: true, wide: true },
            { title: columns.score, numeric: true, wide: true },
          ]}
        >
          {ranked.map(({ hotspot, share }) => (
            <HotspotRow key={hotspot.path} hotspot={hotspot} share={share} most={most} current={hotspot === selected?.hotspot} />
          ))}
        </Table>
      )}
      <Suspense fallback={<SkeletonRows rows={6} />}>
        <Duplicates found={found} />
      </Suspense>
      <Suspense>{selected && <HotspotPeek {...selected} repo={repo} whole={whole} />}</Suspense>
    </div>
  );
}

interface Most {
  share: number;
  commits: number;
  complexity: number;
}

const greatest = (items: readonly Hotspot[], figure: "commits" | "complexity"): number => Math.max(0, ...items.map((each) => each[figure]));

/**
 * The hotspots by their share of all commits times complexity that are listed. A score is made of two ranks: in a large
 * repository the first fifty have nearly the same, though they differ a hundredfold.
 */
export function byShare(items: readonly Hotspot[]): { hotspot: Hotspot; share: number }[] {
  const load = (each: Hotspot) => each.commits * each.complexity;
  const all = items.reduce((sum, each) => sum + load(each), 0);
  // Sorting is stable: what has the same share stays in the order of the scores.
  return items
    .map((hotspot) => ({ hotspot, share: all === 0 ? 0 : (100 * load(hotspot)) / all }))
    .sort((a, b) => b.share - a.share);
}

function HotspotRow({ hotspot, share, most, current }: { hotspot: Hotspot; share: number; most: Most; current: boolean }) {
  const { columns } = texts;
  return (
    <tr className={rowLook}>
      <Cell className="w-20">
        <Heat of={most.share === 0 ? 0 : share / most.share}>{formatPercent(share)}</Heat>
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
        <span className={rowRest}>
          {[
            [columns.commits, hotspot.commits],
            [columns.complexity, hotspot.complexity],
            [columns.fixes, hotspot.fixes],
            [columns.recent, hotspot.recent_fixes],
            [columns.authors, hotspot.authors],
            [columns.changed, hotspot.changed_lines],
            [columns.code, hotspot.code],
            [columns.score, hotspot.score],
          ].map(([name, value]) => (
            <span key={name} className="whitespace-nowrap">
              {name} {formatCount(Number(value))}
            </span>
          ))}
        </span>
      </Cell>
      <Cell numeric wide>
        <Measured value={hotspot.commits} most={most.commits} />
      </Cell>
      <Cell numeric wide>
        <Measured value={hotspot.complexity} most={most.complexity} />
      </Cell>
      <Cell numeric wide>
        {formatCount(hotspot.fixes)}
      </Cell>
      <Cell numeric wide>
        {formatCount(hotspot.recent_fixes)}
      </Cell>
      <Cell numeric wide>
        {formatCount(hotspot.authors)}
      </Cell>
      <Cell numeric wide>
        {formatCount(hotspot.changed_lines)}
      </Cell>
      <Cell numeric wide className="text-muted">
        {formatCount(hotspot.code)}
      </Cell>
      <Cell numeric wide className="text-muted">
        {formatCount(hotspot.score)}
      </Cell>
    </tr>
  );
}

/** A number over a bar of its size beside the greatest of the column. */
function Measured({ value, most }: { value: number; most: number }) {
  return (
    <span className="inline-flex w-20 flex-col items-end gap-0.5">
      {formatCount(value)}
      <svg aria-hidden viewBox="0 0 100 4" preserveAspectRatio="none" className="h-1 w-full">
        <rect width={100} height={4} rx={1} fill="var(--sunken)" />
        <rect x={100 - (100 * value) / Math.max(1, most)} width={(100 * value) / Math.max(1, most)} height={4} rx={1} fill="var(--series-1)" />
      </svg>
    </span>
  );
}
