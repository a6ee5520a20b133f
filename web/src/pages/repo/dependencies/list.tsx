import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Suspense } from "react";

import type { DependencyPage } from "@/api/types";
import type { DependencySearch } from "@/app/searches";
import { cx } from "@/lib/cx";
import { formatCount } from "@/lib/count";
import { part } from "@/lib/part";
import { parsePeek } from "@/lib/peek";
import { visible } from "@/lib/visible";
import { dependencies as texts } from "@/texts/dependencies";
import { Button, buttonLook } from "@/ui/button";
import { fieldLook, SearchField } from "@/ui/field";
import { Empty, SkeletonRows } from "@/ui/loaded";
import { PartialTag } from "@/ui/partial-tag";
import { More } from "@/ui/more";

import { idOf } from "./package-id";

const PackageTable = part(() => import("./table"));
const ExportButtons = part(() => import("./export"));
const DependencyPeek = part(() => import("./peek"));

interface Props {
  pages: readonly DependencyPage[];
  query: UseInfiniteQueryResult<InfiniteData<DependencyPage>>;
  repo: string;
}

/** The packages that pass the filters. */
export default function PackageList({ pages, query, repo }: Props) {
  const { peek, view: _view, ...filters } = useSearch({ from: "/inside/w/$ws/repos/$repo/dependencies" });
  const navigate = useNavigate({ from: "/w/$ws/repos/$repo/dependencies" });
  const set = (change: { [K in keyof DependencySearch]?: DependencySearch[K] | undefined }) =>
    void navigate({
      search: (old) => Object.fromEntries(Object.entries({ ...old, ...change }).filter(([, value]) => value)),
      replace: true,
    });
  const filtered = Object.values(filters).some((value) => value !== undefined);
  const target = parsePeek(peek);

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
        {page.licenses.length > 1 && (
          <select
            aria-label={texts.allLicenses}
            className={cx(fieldLook, "!w-auto max-w-56")}
            value={filters.license ?? ""}
            onChange={(event) => set({ license: event.target.value })}
          >
            <option value="">{texts.allLicenses}</option>
            {page.licenses.map((each) => (
              <option key={each.value} value={each.value}>
                {each.value === "unknown" ? texts.noLicense : visible(each.value)} ({formatCount(each.count)})
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
        {/* They stay together: what does not fit beside the filters goes below them as a whole. */}
        <div className="ms-auto flex flex-wrap items-center justify-end gap-2">
          <span role="status" className="text-dense text-faint">
            {texts.total(page.total)}
          </span>
          <Suspense>{page.total > 0 && <ExportButtons repo={repo} filters={filters} />}</Suspense>
          <PartialTag reasons={page.meta.partial} />
        </div>
      </div>
      {items.length === 0 ? (
        <Empty action={filtered && <Button onClick={() => void navigate({ search: {} })}>{texts.clear}</Button>}>
          {filtered ? texts.filtered : texts.empty}
        </Empty>
      ) : (
        <Suspense fallback={<SkeletonRows rows={12} />}>
          <PackageTable page={page} items={items} selected={selected} />
        </Suspense>
      )}
      <More query={query} />
      <Suspense>{selected && <DependencyPeek dependency={selected} repo={repo} page={page} />}</Suspense>
    </div>
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
