import type { UseQueryResult } from "@tanstack/react-query";
import { Suspense, useEffect, useState, type ReactNode } from "react";

import { problemOf } from "@/api/client";
import { OPENED } from "@/api/keeping";
import { cx } from "@/lib/cx";
import { early } from "@/lib/part";
import { common } from "@/texts/common";

const Trouble = early(() => import("./trouble"));

interface LoadedProps<T> {
  query: Pick<UseQueryResult<T>, "data" | "error" | "failureReason" | "dataUpdatedAt" | "refetch" | "isPending">;
  /** What is loaded, for messages: "findings". */
  what: string;
  /** The final geometry, shown while loading. */
  skeleton: ReactNode;
  children: (data: T) => ReactNode;
}

/** The states of a query: skeleton, content, or a problem with the content that was there before. */
export function Loaded<T>({ query, what, skeleton, children }: LoadedProps<T>) {
  const { data, error, failureReason, dataUpdatedAt: readAt } = query;
  // A server that rests is asked again by itself; other failures that are tried once more are nobody's business yet.
  const again = error === null && failureReason !== null && problemOf(failureReason).status === 503;
  const trouble = (error || again || (data !== undefined && readAt < OPENED)) && (
    <Suspense>
      <Trouble error={error ?? failureReason} what={what} readAt={data === undefined ? 0 : readAt} again={again} onRetry={() => void query.refetch()} />
    </Suspense>
  );
  if (data === undefined) return trouble || <Waiting what={what}>{skeleton}</Waiting>;
  return (
    <>
      {trouble}
      {children(data)}
    </>
  );
}

/** Nothing for 150 ms, then a skeleton, and after ten seconds a word about what is awaited. */
function Waiting({ what, children }: { what: string; children: ReactNode }) {
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), 10_000);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div aria-busy="true" className="delayed">
      <span className="sr-only">{common.loading}</span>
      {children}
      {long && <p className="mt-3 text-dense text-muted">{common.stillLoading(what)}</p>}
    </div>
  );
}

/** Grey rows with the height of the rows to come. */
export function SkeletonRows({ rows, height = "h-9" }: { rows: number; height?: string }) {
  return (
    <div className="flex flex-col gap-1.5" aria-hidden>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={cx("skeleton", height)} />
      ))}
    </div>
  );
}

/** Why there is nothing, and what to do about it. */
export function Empty({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-start gap-3 rounded-card border border-dashed border-line px-5 py-6 text-dense text-muted">
      <p className="max-w-[60ch]">{children}</p>
      {action}
    </div>
  );
}
