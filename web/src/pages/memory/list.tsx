import { useQuery, type InfiniteData, type UseInfiniteQueryResult } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { FilterX, Lock, SlidersHorizontal } from "lucide-react";
import { Suspense, useEffect, useRef, useState } from "react";

import { recallQuery } from "@/api/memories";
import type { Facet, Memory, MemoryKind, MemoryPage, MemoryState } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import type { MemorySearch } from "@/app/searches";
import { cx } from "@/lib/cx";
import { part } from "@/lib/part";
import { parsePeek } from "@/lib/peek";
import { visible } from "@/lib/visible";
import { useSteady } from "@/live/steady";
import { reasonOf } from "@/memory/reasons";
import { memory as texts } from "@/texts/memory";
import { Button, buttonLook } from "@/ui/button";
import { SearchField } from "@/ui/field";
import { Empty, Loaded, SkeletonRows } from "@/ui/loaded";
import { More } from "@/ui/more";
import { Updates } from "@/ui/updates";

import { MemoryRow } from "./row";

const FacetList = part(() => import("@/repo/facets"));

const idOf = ({ id }: Memory) => id;

/** The values of a facet, with all of them as the first one. */
const withAll = (facets: readonly Facet[]): Facet[] => [{ value: "", count: facets.reduce((sum, { count }) => sum + count, 0) }, ...facets];

interface Props {
  pages: readonly MemoryPage[];
  query: UseInfiniteQueryResult<InfiniteData<MemoryPage>>;
}

/** Memories with the filters beside them: the newest, or those that help with a question. */
export default function MemoryList({ pages, query }: Props) {
  const { peek, q, ...filters } = useSearch({ from: "/inside/w/$ws/memory" });
  const navigate = useNavigate({ from: "/w/$ws/memory" });
  const [shown, setShown] = useState(false);
  const set = (change: { [K in keyof MemorySearch]?: MemorySearch[K] | undefined }) =>
    void navigate({ search: (old) => Object.fromEntries(Object.entries({ ...old, ...change }).filter(([, value]) => value)), replace: true });
  // What is not recalled is not searched: a question leaves those filters aside.
  const ask = (text: string) => set({ q: text.trim(), ...(text.trim() === "" ? {} : { state: undefined, scope: undefined }) });
  const field = useRef<HTMLInputElement>(null);
  // The question may change elsewhere: by a link, the way back, or where all filters are cleared.
  useEffect(() => {
    if (field.current && field.current.value.trim() !== (q ?? "")) field.current.value = q ?? "";
  }, [q]);
  const target = parsePeek(peek);
  const open = target?.kind === "memory" ? target.id : undefined;
  const [page] = pages;
  const review = page?.states.find(({ value }) => value === "needs_review")?.count ?? 0;
  const filtered = q !== undefined || Object.values(filters).some((value) => value !== undefined);
  return (
    <div className="@container flex flex-col gap-3">
      {review > 0 && filters.state === undefined && q === undefined && (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-card bg-medium-bg px-3 py-1.5 text-dense text-medium">
          {texts.reviewLead(review)}
          <Button onClick={() => set({ state: "needs_review" })}>{texts.review}</Button>
        </p>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <SearchField
          ref={field}
          label={texts.search}
          defaultValue={q}
          maxLength={8000}
          className="sm:!w-80"
          onKeyDown={(event) => event.key === "Enter" && ask(event.currentTarget.value)}
          onBlur={(event) => event.currentTarget.value.trim() !== (q ?? "") && ask(event.currentTarget.value)}
        />
        <Button icon={SlidersHorizontal} className="@3xl:hidden" aria-expanded={shown} onClick={() => setShown(!shown)}>
          {texts.filters}
        </Button>
        {q === undefined && (
          <button
            type="button"
            aria-pressed={filters.scope === "private"}
            className={buttonLook("secondary", filters.scope === "private" ? "!border-accent !text-accent" : "")}
            onClick={() => set({ scope: filters.scope ? undefined : "private" })}
          >
            <Lock size={14} strokeWidth={1.75} aria-hidden />
            {texts.onlyMine}
          </button>
        )}
        {filtered && (
          <Button look="ghost" icon={FilterX} onClick={() => void navigate({ search: {} })}>
            {texts.clear}
          </Button>
        )}
        {q === undefined && (
          <span className="ms-auto text-dense text-faint">
            <span role="status">{texts.count(page?.total ?? 0)}</span> · {texts.order}
          </span>
        )}
      </div>
      <div className="flex flex-col gap-6 @3xl:flex-row">
        <div className={cx("shrink-0 flex-col gap-4 @3xl:flex @3xl:w-48", shown ? "flex" : "hidden")}>
          <Suspense>
            {q === undefined && (
              <FacetList
                title={texts.state}
                facets={withAll(page?.states ?? [])}
                chosen={[filters.state ?? ""]}
                name={(value) => texts.states[value as MemoryState] ?? texts.all}
                one
                onChange={([value]) => set({ state: value as MemoryState })}
              />
            )}
            <FacetList
              title={texts.kind}
              facets={withAll(page?.kinds ?? [])}
              chosen={[filters.kind ?? ""]}
              name={(value) => texts.kinds[value as MemoryKind] ?? texts.all}
              one
              onChange={([value]) => set({ kind: value as MemoryKind })}
            />
            <FacetList
              title={texts.tag}
              facets={page?.tags ?? []}
              chosen={filters.tag ? [filters.tag] : []}
              // One at a time: the one that was not chosen before.
              onChange={(values) => set({ tag: values.find((value) => value !== filters.tag) })}
            />
          </Suspense>
        </div>
        <div className="min-w-0 flex-1">
          {q === undefined ? (
            <Newest pages={pages} query={query} open={open} scope={JSON.stringify(filters)} />
          ) : (
            <Found q={q} kind={filters.kind} tag={filters.tag} open={open} />
          )}
        </div>
      </div>
    </div>
  );
}

const rows = "flex flex-col overflow-clip rounded-card border border-line";

function Newest({ pages, query, open, scope }: Props & { open: string | undefined; scope: string }) {
  const steady = useSteady(pages.flatMap(({ items }) => items), idOf, `${scope} ${query.isPlaceholderData}`, true);
  const navigate = useNavigate({ from: "/w/$ws/memory" });
  if (steady.shown.length === 0 && steady.waiting === 0) {
    return <Empty action={<Button onClick={() => void navigate({ search: {} })}>{texts.clear}</Button>}>{texts.filtered}</Empty>;
  }
  return (
    <Updates steady={steady}>
      <ul aria-label={texts.title} className={rows}>
        {steady.shown.map((memory) => (
          <MemoryRow key={memory.id} memory={memory} current={memory.id === open} />
        ))}
      </ul>
      <More query={query} />
    </Updates>
  );
}

interface FoundProps {
  q: string;
  kind: MemoryKind | undefined;
  tag: string | undefined;
  open: string | undefined;
}

/** What helps with a question, the best first, each with the reason. */
function Found({ q, kind, tag, open }: FoundProps) {
  const query = useQuery({ ...recallQuery(useWorkspace(), q, { kind, tag }), placeholderData: (old) => old });
  return (
    <>
      {/* There before its words are: only what changes is read out. */}
      <p role="status" className="mb-2 text-dense text-faint empty:hidden">
        {query.data && texts.found(query.data.items.length)}
      </p>
      <Loaded query={query} what={texts.what} skeleton={<SkeletonRows rows={5} height="h-14" />}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>{texts.nothingFound(visible(q.slice(0, 80)))}</Empty>
          ) : (
            <ol aria-label={texts.title} className={rows}>
              {items.map(({ memory, why }) => (
                <MemoryRow key={memory.id} memory={memory} reason={reasonOf(why, q)} current={memory.id === open} />
              ))}
            </ol>
          )
        }
      </Loaded>
    </>
  );
}
