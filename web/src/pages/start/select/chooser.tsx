import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Suspense, useEffect, useMemo, useState } from "react";

import { offeredQuery, type Wanted } from "@/api/hosts";
import type { Host } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { part } from "@/lib/part";
import { useRowKeys } from "@/lib/row-keys";
import { visible } from "@/lib/visible";
import { select as texts } from "@/texts/hosts";
import { Button } from "@/ui/button";
import { fieldLook, SearchField } from "@/ui/field";
import { Empty, Loaded, SkeletonRows } from "@/ui/loaded";

import { useAdvisories } from "../use-advisories";
import { ChosenBar } from "./chosen-bar";
import { choosable, matching, ownersOf, readBefore } from "./offered";
import { OfferTable } from "./offer-table";
import { ReadState } from "./read-state";

const AdvisoryChoice = part(() => import("../advisory-choice"));

/** Pages of a host that are read without being asked for. */
const STREAMED = 10;

/** The repositories of a host, those that are chosen of them, and the button that begins. */
export function Chooser({ host }: { host: Host }) {
  const ws = useWorkspace();
  const { q = "", org = "" } = useSearch({ from: "/inside/start/select" });
  const navigate = useNavigate({ from: "/start/select" });
  const query = useInfiniteQuery(offeredQuery(ws, host.id));
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage, data } = query;
  const pages = data?.pages.length ?? 0;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError && pages < STREAMED) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage, pages]);

  const offered = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const [text, setText] = useState(q);
  const shown = useMemo(() => matching(offered, { text, org }), [offered, text, org]);
  const { wanted, has, choose, toggle, clear, setBranch } = useChoice(offered);
  const may = useMemo(() => shown.filter(choosable), [shown]);
  const all = () => choose(may.map(({ path }) => path));
  useRowKeys({ may: true, toggle, add: (path) => choose([path]), listed: all });

  const advisories = useAdvisories();
  const narrow = (change: { q?: string | undefined; org?: string | undefined }) =>
    void navigate({ search: (old) => Object.fromEntries(Object.entries({ ...old, ...change }).filter(([, value]) => value)), replace: true, resetScroll: false });
  const owners = ownersOf(offered);
  return (
    <Loaded query={readBefore(query)} what={texts.what} skeleton={<SkeletonRows rows={12} />}>
      {() => (
        <div className="flex flex-col gap-3">
          {advisories.status && advisories.asked && (
            <Suspense fallback={<SkeletonRows rows={1} height="h-56" />}>
              <AdvisoryChoice status={advisories.status} {...advisories.answer} />
            </Suspense>
          )}
          <div className="flex flex-wrap items-center gap-2">
            <SearchField label={texts.search} value={text} onChange={(event) => setText(event.target.value)} onBlur={() => narrow({ q: text || undefined })} />
            {owners.length > 1 && (
              <select
                aria-label={texts.org}
                className={cx(fieldLook, "!w-auto max-w-56")}
                value={org}
                onChange={(event) => narrow({ org: event.target.value || undefined })}
              >
                <option value="">{texts.allOrgs}</option>
                {owners.map((owner) => (
                  <option key={owner} value={owner}>
                    {visible(owner)}
                  </option>
                ))}
              </select>
            )}
            <span role="status" className="ms-auto text-dense text-faint">
              {shown.length === offered.length ? texts.total(offered.length, hasNextPage) : texts.match(shown.length, offered.length, hasNextPage)}
            </span>
          </div>
          {shown.length > 0 ? (
            <OfferTable ws={ws} items={shown} has={has} onToggle={toggle} />
          ) : (
            <Empty
              action={
                offered.length > 0 && (
                  <Button
                    onClick={() => {
                      setText("");
                      narrow({ q: undefined, org: undefined });
                    }}
                  >
                    {texts.showAll}
                  </Button>
                )
              }
            >
              {offered.length > 0 ? texts.filtered(offered.length, hasNextPage) : hasNextPage ? texts.reading(0) : texts.empty}
            </Empty>
          )}
          <ReadState query={query} read={offered.length} streaming={pages < STREAMED} />
          <ChosenBar
            host={host}
            wanted={wanted}
            matching={may.length}
            left={may.filter(({ path }) => !has(path)).length}
            question={advisories.open}
            onAll={all}
            onClear={clear}
            onRemove={toggle}
            onBranch={setBranch}
          />
        </div>
      )}
    </Loaded>
  );
}

/** What is chosen, by path, in the order of choosing; another filter leaves it as it is. */
function useChoice(offered: readonly Wanted["repo"][]) {
  const [chosen, setChosen] = useState<ReadonlyMap<string, string>>(new Map());
  const known = useMemo(() => new Map(offered.map((repo) => [repo.path, repo])), [offered]);
  const wanted = [...chosen].flatMap(([path, branch]): Wanted[] => {
    const repo = known.get(path);
    return repo && choosable(repo) ? [{ repo, ...(branch.trim() ? { branch: branch.trim() } : {}) }] : [];
  });
  return {
    wanted,
    has: (path: string) => chosen.has(path),
    choose: (paths: readonly string[]) => setChosen((old) => new Map([...old, ...paths.map((path): [string, string] => [path, old.get(path) ?? ""])])),
    toggle: (path: string) =>
      setChosen((old) => {
        const next = new Map(old);
        if (!next.delete(path)) next.set(path, "");
        return next;
      }),
    clear: () => setChosen(new Map()),
    setBranch: (path: string, branch: string) => setChosen((old) => new Map(old).set(path, branch)),
  };
}
