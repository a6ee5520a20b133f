import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

import { dependenciesQuery } from "@/api/queries";
import type { Dependency, DependencyPage } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import type { DependencySearch } from "@/app/router";
import { cx } from "@/lib/cx";
import { formatCount, visible } from "@/lib/format";
import { asOfFor } from "@/lib/advisory-age";
import { parsePeek, peekText } from "@/lib/peek";
import { Advisories } from "@/repo/advisory-hits";
import { AdvisoryNote, useKnowledge } from "@/repo/advisory-note";
import { useSlug } from "@/repo/slug";
import { dependencies as texts } from "@/texts/dependencies";
import { advisories } from "@/texts/advisories";
import { Button, buttonLook } from "@/ui/button";
import { fieldLook, SearchField } from "@/ui/field";
import { Empty, Loaded, PartialTag, SkeletonRows } from "@/ui/panel";
import { Cell, More, rowLink, rowLook, Table } from "@/ui/table";

const DependencyPeek = lazy(() => import("./dependency-peek"));

/** What the knowledge about the packages of a page is worth, by ecosystem. */
const usePageKnowledge = ({ advisories: check, meta, ecosystems }: DependencyPage) =>
  useKnowledge(check, meta.as_of, ecosystems.map((each) => each.value));

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
              {page.ecosystems.length > 1 && (
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
              )}
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
            {page.ecosystems.length > 0 && <Trust page={page} />}
            {items.length === 0 ? (
              <Empty action={filtered && <Button onClick={() => void navigate({ search: {} })}>{texts.clear}</Button>}>
                {filtered ? texts.filtered : texts.empty}
              </Empty>
            ) : (
              <PackageTable page={page} items={items} selected={selected} />
            )}
            <More query={query} />
            <Suspense>{selected && <DependencyPeek dependency={selected} repo={slug} page={page} />}</Suspense>
          </div>
        );
      }}
    </Loaded>
  );
}

/** How much the last column can be trusted: always above the table, so that an empty cell is never misread. */
function Trust({ page }: { page: DependencyPage }) {
  const check = page.advisories;
  const { known, newer } = usePageKnowledge(page);
  // Without a look-up nothing is covered: saying it for each ecosystem would only repeat that.
  const limits = check.state === "not_checked" ? [] : [
    ...(check.uncovered.length > 0 ? [advisories.uncovered(check.uncovered.join(", "))] : []),
    ...(check.unpinned > 0 ? [advisories.unpinned(check.unpinned)] : []),
  ];
  return (
    <AdvisoryNote check={check} known={known} newer={newer}>
      {limits.map((limit) => (
        <p key={limit} className="text-muted">
          {limit}
        </p>
      ))}
    </AdvisoryNote>
  );
}

function PackageTable({ page, items, selected }: { page: DependencyPage; items: readonly Dependency[]; selected: Dependency | undefined }) {
  const { known } = usePageKnowledge(page);
  // Most lockfiles do not state licences: a column of nothing is no column.
  const licensed = items.some((each) => each.license !== null);
  return (
    <Table
      label={texts.title}
      columns={[
        { title: texts.columns.name },
        { title: texts.columns.version },
        { title: texts.columns.scope, wide: true },
        ...(licensed ? [{ title: texts.columns.license, wide: true }] : []),
        { title: texts.columns.advisories },
      ]}
    >
      {items.map((each) => (
        <DependencyRow
          key={idOf(each)}
          dependency={each}
          licensed={licensed}
          asOf={asOfFor(known, each.ecosystem)}
          current={each === selected}
        />
      ))}
    </Table>
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

function DependencyRow({
  dependency,
  licensed,
  asOf,
  current,
}: {
  dependency: Dependency;
  licensed: boolean;
  asOf: string | undefined;
  current: boolean;
}) {
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
        </Link>{" "}
        <span className="whitespace-nowrap text-meta text-faint">
          {dependency.ecosystem}
          {dependency.direct && ` · ${texts.isDirect}`}
        </span>
      </Cell>
      <Cell className="whitespace-nowrap font-mono text-meta leading-5">
        {dependency.version ? visible(dependency.version) : <span className="text-faint">{visible(dependency.requirement ?? texts.unpinned)}</span>}
      </Cell>
      <Cell wide className="text-muted">
        {texts.scopes[dependency.scope]}
      </Cell>
      {licensed && (
        <Cell wide className="text-muted">
          {dependency.license ? visible(dependency.license) : <span className="text-faint">{texts.noLicense}</span>}
        </Cell>
      )}
      <Cell>
        <Advisories dependency={dependency} asOf={asOf} />
      </Cell>
    </tr>
  );
}
