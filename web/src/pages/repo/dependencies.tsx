import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

import { dependenciesQuery } from "@/api/queries";
import type { AdvisoryCheck, Dependency } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import type { DependencySearch } from "@/app/router";
import { cx } from "@/lib/cx";
import { formatCount, visible } from "@/lib/format";
import { parsePeek, peekText } from "@/lib/peek";
import { Advisories } from "@/repo/advisory-hits";
import { AdvisoryNote } from "@/repo/advisory-note";
import { useSlug } from "@/repo/slug";
import { dependencies as texts } from "@/texts/dependencies";
import { advisories } from "@/texts/advisories";
import { buttonLook } from "@/ui/button";
import { fieldLook, SearchField } from "@/ui/field";
import { Empty, Loaded, PartialTag, SkeletonRows } from "@/ui/panel";
import { Cell, More, rowLink, rowLook, Table } from "@/ui/table";

const DependencyPeek = lazy(() => import("./dependency-peek"));

/** Identifies a row of the table in the address. */
const idOf = (each: Dependency): string => `${each.ecosystem}/${each.name}@${each.version ?? ""}`;

/** Packages in use, with what is known about their vulnerabilities, and how old that knowledge is. */
export function DependenciesPage() {
  const ws = useWorkspace();
  const slug = useSlug();
  const { peek, ...filters } = useSearch({ from: "/inside/w/$ws/repos/$repo/dependencies" });
  const navigate = useNavigate({ from: "/w/$ws/repos/$repo/dependencies" });
  const query = useInfiniteQuery({ ...dependenciesQuery(ws, slug, filters), placeholderData: (old) => old });
  const set = (change: { [K in keyof DependencySearch]?: DependencySearch[K] | undefined }) =>
    void navigate({
      search: (old) => Object.fromEntries(Object.entries({ ...old, ...change }).filter(([, value]) => value)),
      replace: true,
    });
  const filtered = Object.keys(filters).length > 0;
  const target = parsePeek(peek);

  return (
    <Loaded query={query} what={texts.what} skeleton={<SkeletonRows rows={12} />}>
      {({ pages }) => {
        const [page] = pages;
        if (!page) return null;
        const items = pages.flatMap((each) => each.items);
        const selected = target?.kind === "dependency" ? items.find((each) => idOf(each) === target.id) : undefined;
        return (
          <div className="flex flex-col gap-3">
            <div className="flex flex-wrap items-center gap-2">
              <SearchField
                key={filters.q}
                label={texts.search}
                defaultValue={filters.q}
                onKeyDown={(event) => event.key === "Enter" && set({ q: event.currentTarget.value })}
                onBlur={(event) => event.currentTarget.value !== (filters.q ?? "") && set({ q: event.currentTarget.value })}
              />
              <select
                aria-label={texts.allEcosystems}
                className={cx(fieldLook, "!w-auto")}
                value={filters.ecosystem ?? ""}
                onChange={(event) => set({ ecosystem: event.target.value })}
              >
                <option value="">{texts.allEcosystems}</option>
                {page.ecosystems.map((each) => (
                  <option key={each.value} value={each.value}>
                    {each.value} ({formatCount(each.count)})
                  </option>
                ))}
              </select>
              <Toggle on={filters.direct === true} onChange={(on) => set({ direct: on || undefined })}>
                {texts.direct}
              </Toggle>
              {page.advisories.state === "checked" && (
                <Toggle on={filters.vulnerable === true} onChange={(on) => set({ vulnerable: on || undefined })}>
                  {texts.vulnerable}
                </Toggle>
              )}
              <span role="status" className="ms-auto text-dense text-faint">
                {texts.total(page.total)}
              </span>
              <PartialTag reasons={page.meta.partial} />
            </div>
            <AdvisoryBanner check={page.advisories} />
            {items.length === 0 ? (
              <Empty>{filtered ? texts.filtered : texts.empty}</Empty>
            ) : (
              <Table
                label={texts.title}
                columns={[
                  { title: texts.columns.name },
                  { title: texts.columns.version },
                  { title: texts.columns.scope, wide: true },
                  { title: texts.columns.license, wide: true },
                  { title: texts.columns.advisories },
                ]}
              >
                {items.map((each) => (
                  <DependencyRow key={idOf(each)} dependency={each} current={each === selected} />
                ))}
              </Table>
            )}
            <More query={query} />
            <Suspense>{selected && <DependencyPeek dependency={selected} repo={slug} />}</Suspense>
          </div>
        );
      }}
    </Loaded>
  );
}

function Toggle({ on, onChange, children }: { on: boolean; onChange: (on: boolean) => void; children: string }) {
  return (
    <button
      type="button"
      aria-pressed={on}
      className={buttonLook("secondary", on ? "!border-accent !text-accent" : "")}
      onClick={() => onChange(!on)}
    >
      {children}
    </button>
  );
}

/** How much the last column can be trusted: always above the table, so that an empty cell is never misread. */
function AdvisoryBanner({ check }: { check: AdvisoryCheck }) {
  // Without a look-up nothing is covered: saying it for each ecosystem would only repeat that.
  const limits = check.state === "not_checked" ? [] : [
    ...(check.uncovered.length > 0 ? [advisories.uncovered(check.uncovered.join(", "))] : []),
    ...(check.unpinned > 0 ? [advisories.unpinned(check.unpinned)] : []),
  ];
  return (
    <div className={cx("rounded-card px-3 py-2", check.state === "checked" ? "bg-subtle" : "bg-medium-bg")}>
      <AdvisoryNote check={check} />
      {check.state === "not_checked" && (
        <Link to="/start/source" className="ms-2 text-dense font-medium text-accent hover:underline">
          {advisories.decide}
        </Link>
      )}
      {limits.map((limit) => (
        <p key={limit} className="text-dense text-muted">
          {limit}
        </p>
      ))}
    </div>
  );
}

function DependencyRow({ dependency, current }: { dependency: Dependency; current: boolean }) {
  return (
    <tr className={rowLook}>
      <Cell>
        <Link
          data-row
          to="."
          search={(search) => ({ ...search, peek: peekText({ kind: "dependency", id: idOf(dependency) }) })}
          aria-current={current || undefined}
          resetScroll={false}
          className={`${rowLink} [overflow-wrap:anywhere]`}
        >
          {visible(dependency.name)}
        </Link>
        <span className="ms-2 whitespace-nowrap text-meta text-faint">
          {dependency.ecosystem}
          {dependency.direct && ` · ${texts.isDirect}`}
        </span>
      </Cell>
      <Cell className="whitespace-nowrap font-mono text-meta">
        {dependency.version ? visible(dependency.version) : <span className="text-faint">{visible(dependency.requirement ?? texts.unpinned)}</span>}
      </Cell>
      <Cell wide className="text-muted">
        {texts.scopes[dependency.scope]}
      </Cell>
      <Cell wide className="text-muted">
        {dependency.license && visible(dependency.license)}
      </Cell>
      <Cell>
        <Advisories dependency={dependency} />
      </Cell>
    </tr>
  );
}
