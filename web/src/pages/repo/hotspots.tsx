import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";

import { hotspotsQuery } from "@/api/queries";
import type { Hotspot } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { formatCount, visible } from "@/lib/format";
import { parsePeek, peekText } from "@/lib/peek";
import { Peek } from "@/peek/slot";
import { useSlug } from "@/repo/slug";
import { hotspots as texts } from "@/texts/hotspots";
import { PlaceLink } from "@/ui/evidence";
import { Empty, Loaded, PartialTag, SkeletonRows } from "@/ui/panel";
import { Cell, rowLink, rowLook, Table } from "@/ui/table";

import { Section } from "./finding-peek";

const HEAT = [
  "bg-[var(--heat-1)] text-[var(--on-heat-1)]",
  "bg-[var(--heat-2)] text-[var(--on-heat-2)]",
  "bg-[var(--heat-3)] text-[var(--on-heat-3)]",
  "bg-[var(--heat-4)] text-[var(--on-heat-4)]",
  "bg-[var(--heat-5)] text-[var(--on-heat-5)]",
];

/** The step of the heat scale for a score between 0 and 100. */
const heat = (score: number): string => HEAT[Math.min(HEAT.length - 1, Math.floor(score / 20))] ?? "";

/** Files that change often and are hard to change. */
export function HotspotsPage() {
  const slug = useSlug();
  const query = useQuery(hotspotsQuery(useWorkspace(), slug));
  const target = parsePeek(useSearch({ strict: false }).peek);
  const { columns } = texts;
  return (
    <Loaded query={query} what={texts.what} skeleton={<SkeletonRows rows={12} />}>
      {({ items, meta, formula, window_commits, window_days }) => {
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
            {selected && <HotspotPeek hotspot={selected} repo={slug} />}
          </div>
        );
      }}
    </Loaded>
  );
}

function Score({ score }: { score: number }) {
  return (
    <span className={cx("inline-flex h-6 w-9 items-center justify-center rounded-control font-medium", heat(score))}>{score}</span>
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
          className={`${rowLink} font-mono text-meta [overflow-wrap:anywhere]`}
        >
          {visible(hotspot.path)}
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

function HotspotPeek({ hotspot, repo }: { hotspot: Hotspot; repo: string }) {
  const facts: [string, number][] = [
    [texts.columns.commits, hotspot.commits],
    [texts.columns.fixes, hotspot.fixes],
    [texts.columns.authors, hotspot.authors],
    [texts.columns.changed, hotspot.changed_lines],
    [texts.columns.complexity, hotspot.complexity],
    [texts.columns.code, hotspot.code],
  ];
  return (
    <Peek
      label={hotspot.path}
      title={<h2 className="truncate text-dense font-semibold">{visible(hotspot.path.slice(hotspot.path.lastIndexOf("/") + 1))}</h2>}
      actions={<Score score={hotspot.score} />}
    >
      <div className="flex flex-col gap-5 p-4 text-dense">
        <PlaceLink repo={repo} span={{ path: hotspot.path, start: 0, end: 0 }} />
        <dl className="grid grid-cols-3 gap-px overflow-hidden rounded-card border border-line bg-line">
          {facts.map(([name, value]) => (
            <div key={name} className="bg-bg p-2.5">
              <dt className="text-meta text-faint">{name}</dt>
              <dd className="font-semibold">{formatCount(value)}</dd>
            </div>
          ))}
        </dl>
        <Section title={texts.coupled}>
          {hotspot.coupled.length === 0 ? (
            <p className="text-muted">{texts.noCoupling}</p>
          ) : (
            <ul className="flex flex-col gap-1">
              {hotspot.coupled.map((each) => (
                <li key={each.path} className="flex items-baseline justify-between gap-3">
                  <PlaceLink repo={repo} span={{ path: each.path, start: 0, end: 0 }} className="min-w-0" />
                  <span className="shrink-0 text-muted">{texts.coupledIn(each.together, each.of)}</span>
                </li>
              ))}
            </ul>
          )}
        </Section>
      </div>
    </Peek>
  );
}
