import { useQuery, type InfiniteData, type UseInfiniteQueryResult } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { FilterX, SlidersHorizontal } from "lucide-react";
import { Suspense, useEffect, useRef, useState } from "react";

import { overviewQuery } from "@/api/queries";
import type { Finding, FindingPage } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import type { FindingSearch } from "@/app/searches";
import { cx } from "@/lib/cx";
import { useKeys } from "@/lib/keys";
import { part } from "@/lib/part";
import { parsePeek } from "@/lib/peek";
import { watchSight } from "@/lib/sight";
import { useSteady } from "@/live/steady";
import { common } from "@/texts/common";
import { findings as texts } from "@/texts/findings";
import { Button, buttonLook } from "@/ui/button";
import { SearchField } from "@/ui/field";
import { Empty, SkeletonRows } from "@/ui/loaded";
import { PartialTag } from "@/ui/partial-tag";
import { More } from "@/ui/more";
import { Prose } from "@/ui/prose";
import { Segmented } from "@/ui/segmented";

import { choicesFor, choicesOf } from "./choices";
import { useSelection } from "./selection";

const FacetList = part(() => import("@/repo/facets"));
const FindingTable = part(() => import("./table"));
const BaselineChip = part(() => import("./baseline"));
const BulkBar = part(() => import("./bulk-bar"));
const ExportButtons = part(() => import("./export"));
const SuppressDialog = part(() => import("./suppress-dialog"));
const Decisions = part(() => import("./decisions"));
const Suppressed = part(() => import("./suppressed"));
const PastSecrets = part(() => import("./past-secrets"));
const FindingPeek = part(() => import("./peek"));

/** Facets in the order in which they narrow best. */
const FACETS = ["severity", "kind", "folder", "language", "owner", "age", "rule", "state"] as const;

const CODE = ["shipped", "tests", "all"] as const;

const idOf = (finding: Finding) => finding.id;

const split = (value: string | undefined): string[] => value?.split(",").filter(Boolean) ?? [];

function nameOf(facet: string, value: string): string {
  if (facet === "severity") return common.severity[value as keyof typeof common.severity] ?? value;
  if (facet === "kind") return texts.kinds[value] ?? value;
  if (facet === "state") return texts.states[value] ?? value;
  if (facet === "age") return texts.ages[value] ?? value;
  if (facet === "folder" && value === ".") return texts.rootFolder;
  return value.replaceAll("%2C", ",").replaceAll("%25", "%");
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
  const [suppressing, setSuppressing] = useState<"chosen" | "peek">();
  const set = (change: { [K in keyof FindingSearch]?: FindingSearch[K] | undefined }) =>
    void navigate({
      search: (old) => Object.fromEntries(Object.entries({ ...old, ...change }).filter(([, value]) => value)),
      replace: true,
    });
  const clear = () => void navigate({ search: {} });
  const filtered = Object.values(filters).some((value) => value !== undefined);
  const target = parsePeek(peek);

  const [page] = pages;
  const read = pages.flatMap((each) => each.items);
  // Until the rows of new filters are there, those of the old ones are shown: they are another list.
  const scope = `${JSON.stringify(filters)} ${query.isPlaceholderData}`;
  // What can be chosen and opened is what the screen shows: other rows may wait.
  const steady = useSteady(read, idOf, scope, true);
  const items = read.length === 0 ? read : steady.shown;
  const rules = Object.assign({}, ...pages.map((each) => each.rules)) as NonNullable<typeof page>["rules"];
  const verdicts = Object.assign({}, ...pages.map((each) => each.verdicts)) as NonNullable<typeof page>["verdicts"];
  const decisions = Object.assign({}, ...pages.map((each) => each.suppressions)) as NonNullable<typeof page>["suppressions"];
  const selected = target?.kind === "finding" ? items.find((each) => each.id === target.id) : undefined;

  const may = page?.can.triage === true && (filters.state ?? "open") === "open";
  const total = page?.total ?? 0;
  const selection = useSelection(items, JSON.stringify(filters), may);
  const chosen = selection.all || selection.ids.size > 0;
  useKeys({
    z: () => {
      if (!may || (!chosen && !selected)) return false;
      setSuppressing(chosen ? "chosen" : "peek");
      return true;
    },
  });
  const offered =
    suppressing === "chosen" ? choicesOf(selection, items, total, filters) : suppressing === "peek" && selected ? choicesFor([selected], items) : [];

  // As it was when the dialog opened: what is suppressed leaves the list before the dialog is done.
  const kept = useRef(offered);
  if (suppressing === undefined || kept.current.length === 0) kept.current = offered;
  const choices = suppressing === undefined ? [] : kept.current;

  return (
    <div className="@container">
      <CodeTabs page={page} code={filters.code} onCode={(code) => set({ code, severity: undefined })} />
      <div className="mb-3 flex flex-wrap items-center gap-x-2 gap-y-2">
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
        {(filters.new || (page?.facets["new"]?.length ?? 0) > 0) && (
          <button
            type="button"
            aria-pressed={filters.new === true}
            className={buttonLook("secondary", filters.new ? "!border-accent !text-accent" : "")}
            onClick={() => set({ new: filters.new ? undefined : true })}
          >
            {texts.onlyNew}
          </button>
        )}
        <Suspense fallback={<span className="tap" />}>
          {page && (
            <BaselineChip page={page} repo={repo} shown={filters.baseline === "show"} onShow={(show) => set({ baseline: show ? "show" : undefined })} />
          )}
        </Suspense>
        {filtered && (
          <Button look="ghost" icon={FilterX} onClick={clear}>
            {texts.clear}
          </Button>
        )}
        <span className="ms-auto flex flex-wrap items-center gap-x-2 text-dense text-faint">
          <span>
            <span role="status">{texts.total(total)}</span> · {texts.order}
          </span>
          <Suspense>{total > 0 && <ExportButtons repo={repo} filters={filters} />}</Suspense>
          <PartialTag reasons={page?.meta.partial ?? []} />
        </span>
      </div>
      <div className="flex flex-col gap-6 @3xl:flex-row">
        <div className={cx("shrink-0 flex-col gap-4 @3xl:flex @3xl:w-56", shown ? "flex" : "hidden")}>
          <Suspense>
            {FACETS.map((facet) => (
              <FacetList
                key={facet}
                title={texts.facets[facet] ?? facet}
                facets={page?.facets[facet] ?? []}
                chosen={split(filters[facet] ?? (facet === "state" ? "open" : undefined))}
                name={(value) => nameOf(facet, value)}
                one={facet === "state"}
                onChange={(values) => set({ [facet]: values.join(",") })}
              />
            ))}
          </Suspense>
        </div>
        <div className="min-w-0 flex-1">
          {items.length === 0 ? (
            <Nothing page={page} code={filters.code} filtered={filtered} files={coverage?.files_read ?? 0} onClear={clear} onCode={(code) => set({ code })} onShow={() => set({ baseline: "show" })} />
          ) : (
            <Suspense fallback={<SkeletonRows rows={12} />}>
              <FindingTable steady={steady} total={total} selected={selected?.id} selection={may ? selection : undefined} />
            </Suspense>
          )}
          <Further query={query} />
          <Suspense>
            {may && chosen && <BulkBar selection={selection} loaded={items.length} total={total} onSuppress={() => setSuppressing("chosen")} />}
          </Suspense>
          <Suspense>
            <Decisions repo={repo} />
          </Suspense>
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
        {target?.kind === "finding" && (
          <FindingPeek
            finding={selected}
            rule={selected && rules[selected.rule]}
            repo={repo}
            said={selected && verdicts[selected.rule]}
            decision={selected?.suppressed ? decisions[selected.suppressed.id] : undefined}
            onSuppress={may ? () => setSuppressing("peek") : undefined}
          />
        )}
        {choices.length > 0 && (
          <SuppressDialog
            repo={repo}
            choices={choices}
            onDone={() => {
              setSuppressing(undefined);
              selection.clear();
              if (suppressing === "peek") set({ peek: undefined } as { [K in keyof FindingSearch]?: undefined });
            }}
            onClose={() => setSuppressing(undefined)}
          />
        )}
      </Suspense>
    </div>
  );
}

/** Shipped code, or tests and examples: each with how much there is of it. */
function CodeTabs({ page, code = "shipped", onCode }: { page: FindingPage | undefined; code: "shipped" | "tests" | "all" | undefined; onCode: (code: FindingSearch["code"]) => void }) {
  const counts = new Map(page?.facets["code"]?.map((each) => [each.value, each.count]));
  const shipped = counts.get("shipped") ?? 0;
  const tests = counts.get("tests") ?? 0;
  const of = { shipped, tests, all: shipped + tests };
  return (
    <Segmented
      label={texts.code.name}
      className="mb-3"
      value={code}
      onChoose={(each) => onCode(each === "shipped" ? undefined : each)}
      segments={CODE.map((each) => ({
        value: each,
        label: (
          <>
            {texts.code[each]} <span className="font-normal text-muted">{page ? of[each].toLocaleString("en") : ""}</span>
          </>
        ),
      }))}
    />
  );
}

interface NothingProps {
  page: FindingPage | undefined;
  code: FindingSearch["code"];
  filtered: boolean;
  files: number;
  onClear: () => void;
  onCode: (code: FindingSearch["code"]) => void;
  onShow: () => void;
}

/** Why the list is empty: hidden by the baseline, only in tests, filtered away, or nothing found. */
function Nothing({ page, code, filtered, files, onClear, onCode, onShow }: NothingProps) {
  const tests = page?.facets["code"]?.find((each) => each.value === "tests")?.count ?? 0;
  if (page && page.before_baseline > 0) {
    return <Empty action={<Button onClick={onShow}>{texts.baseline.show}</Button>}>{texts.allHidden(page.before_baseline)}</Empty>;
  }
  if (code === undefined && tests > 0) {
    return <Empty action={<Button onClick={() => onCode("tests")}>{texts.code.tests}</Button>}>{texts.onlyTests(tests)}</Empty>;
  }
  return (
    <Empty action={filtered && <Button onClick={onClear}>{texts.clear}</Button>}>{filtered ? texts.filtered : texts.empty(files, "")}</Empty>
  );
}

/** The next page is read when its place comes near; the button is for those who do not scroll. */
function Further({ query }: { query: Props["query"] }) {
  const ref = useRef<HTMLDivElement>(null);
  const current = useRef(query);
  current.current = query;
  useEffect(() => {
    const end = ref.current;
    if (!end) return;
    return watchSight(end, "600px 0px", (entry) => {
      const { hasNextPage, isFetchingNextPage, fetchNextPage } = current.current;
      // Not at once with the first page: nobody has scrolled yet.
      if (entry.isIntersecting && hasNextPage && !isFetchingNextPage && (document.getElementById("page")?.scrollTop ?? 0) > 0) void fetchNextPage();
    });
  }, [query.data]);
  return (
    <div ref={ref}>
      <More query={query} />
    </div>
  );
}
