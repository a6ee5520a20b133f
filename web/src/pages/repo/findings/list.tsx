import { useQuery, type InfiniteData, type UseInfiniteQueryResult } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { FilterX, SlidersHorizontal } from "lucide-react";
import { Suspense, useState } from "react";

import { overviewQuery } from "@/api/queries";
import type { FindingPage } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import type { FindingSearch } from "@/app/router";
import { cx } from "@/lib/cx";
import { part } from "@/lib/part";
import { parsePeek } from "@/lib/peek";
import { common } from "@/texts/common";
import { findings as texts } from "@/texts/findings";
import { Button } from "@/ui/button";
import { SearchField } from "@/ui/field";
import { Empty, SkeletonRows } from "@/ui/loaded";
import { PartialTag } from "@/ui/partial-tag";
import { More } from "@/ui/more";
import { Prose } from "@/ui/prose";

const FacetList = part(() => import("@/repo/facets"));
const FindingTable = part(() => import("./table"));
const Suppressed = part(() => import("./suppressed"));
const PastSecrets = part(() => import("./past-secrets"));
const FindingPeek = part(() => import("./peek"));

/** Facets in the order in which they narrow best. */
const FACETS = ["severity", "kind", "rule", "path", "state"] as const;

const split = (value: string | undefined): string[] => value?.split(",").filter(Boolean) ?? [];

function nameOf(facet: string, value: string): string {
  if (facet === "severity") return common.severity[value as keyof typeof common.severity] ?? value;
  if (facet === "kind") return texts.kinds[value] ?? value;
  if (facet === "state") return texts.states[value] ?? value;
  return value;
}

interface Props {
  pages: readonly FindingPage[];
  query: UseInfiniteQueryResult<InfiniteData<FindingPage>>;
  repo: string;
}

/** The findings that pass the filters, with the filters beside them. */
export default function FindingList({ pages, query, repo }: Props) {
  const { peek, ...filters } = useSearch({ from: "/inside/w/$ws/repos/$repo/findings" });
  const navigate = useNavigate({ from: "/w/$ws/repos/$repo/findings" });
  const report = useQuery(overviewQuery(useWorkspace(), repo)).data?.data;
  const coverage = report?.coverage;
  const [shown, setShown] = useState(false);
  const set = (change: { [K in keyof FindingSearch]?: string | undefined }) =>
    void navigate({
      search: (old) => Object.fromEntries(Object.entries({ ...old, ...change }).filter(([, value]) => value)),
      replace: true,
    });
  const clear = () => void navigate({ search: {} });
  const filtered = Object.keys(filters).length > 0;
  const target = parsePeek(peek);

  const [page] = pages;
  const items = pages.flatMap((each) => each.items);
  const rules = Object.assign({}, ...pages.map((each) => each.rules)) as NonNullable<typeof page>["rules"];
  const selected = target?.kind === "finding" ? items.find((each) => each.id === target.id) : undefined;
  return (
    <div className="@container">
      <div className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-2">
        <SearchField
          key={filters.q}
          label={texts.search}
          defaultValue={filters.q}
          onKeyDown={(event) => event.key === "Enter" && set({ q: event.currentTarget.value })}
          onBlur={(event) => event.currentTarget.value !== (filters.q ?? "") && set({ q: event.currentTarget.value })}
        />
        <Button icon={SlidersHorizontal} className="@3xl:hidden" aria-expanded={shown} onClick={() => setShown(!shown)}>
          {texts.filters}
        </Button>
        {filtered && (
          <Button look="ghost" icon={FilterX} onClick={clear}>
            {texts.clear}
          </Button>
        )}
        <span className="ms-auto text-dense text-faint">
          <span role="status">{texts.total(page?.total ?? 0)}</span> · {texts.order}
        </span>
        <PartialTag reasons={page?.meta.partial ?? []} />
      </div>
      <div className="flex flex-col gap-6 @3xl:flex-row">
        <div className={cx("shrink-0 flex-col gap-4 @3xl:flex @3xl:w-56", shown ? "flex" : "hidden")}>
          <Suspense>
          {FACETS.map((facet) => (
            <FacetList
              key={facet}
              title={texts.facets[facet] ?? facet}
              facets={page?.facets[facet] ?? []}
              chosen={split(filters[facet])}
              name={(value) => nameOf(facet, value)}
              onChange={(chosen) => set({ [facet]: chosen.join(",") })}
            />
          ))}
          </Suspense>
        </div>
        <div className="min-w-0 flex-1">
          {items.length === 0 ? (
            <Empty action={filtered && <Button onClick={clear}>{texts.clear}</Button>}>
              {filtered ? texts.filtered : texts.empty(coverage?.files_read ?? 0, "")}
            </Empty>
          ) : (
            <Suspense fallback={<SkeletonRows rows={12} />}>
              <FindingTable items={items} selected={selected?.id} />
            </Suspense>
          )}
          <More query={query} />
          {report && (report.suppressed_total > 0 || report.gate) && (
            <Suspense>
              <Suppressed report={report} />
            </Suspense>
          )}
          <Suspense fallback={<SkeletonRows rows={3} />}>
            <PastSecrets slug={repo} />
          </Suspense>
          {coverage && (
            <ul aria-label={texts.limits} className="mt-3 max-w-[80ch] text-meta text-faint">
              {coverage.limits.map((limit) => (
                <li key={limit.code}>
                  <Prose text={limit.text} />
                </li>
              ))}
            </ul>
          )}
        </div>
      </div>
      <Suspense>
        {target?.kind === "finding" && <FindingPeek finding={selected} rule={selected && rules[selected.rule]} repo={repo} />}
      </Suspense>
    </div>
  );
}
