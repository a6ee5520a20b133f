import type { UseQueryResult } from "@tanstack/react-query";
import { CircleSlash2 } from "lucide-react";
import { lazy, Suspense, useEffect, useId, useState, type ReactNode } from "react";

import { cx } from "@/lib/cx";
import { visible } from "@/lib/format";
import { common } from "@/texts/common";

import { Boundary } from "./boundary";
import { Problem } from "./problem";

const PartialList = lazy(() => import("./partial-list"));

interface PanelProps {
  title: string;
  /** A number or a word beside the title. */
  note?: ReactNode;
  actions?: ReactNode;
  /** What is missing from the content, one sentence each. */
  partial?: readonly string[];
  className?: string;
  children: ReactNode;
}

/** An independent part of a page: it loads, fails and recovers alone. */
export function Panel({ title, note, actions, partial = [], className, children }: PanelProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={cx("min-w-0", className)}>
      <header className="mb-2 flex min-h-7 flex-wrap items-center gap-x-2 gap-y-1">
        <h2 id={id} className="text-body font-semibold">
          {title}
        </h2>
        {note && <span className="text-dense text-faint">{note}</span>}
        <PartialTag reasons={partial} />
        {actions && <div className="ms-auto flex items-center gap-1">{actions}</div>}
      </header>
      <Boundary>{children}</Boundary>
    </section>
  );
}

/** The longest reason that is said on the tag itself. */
const SHORT = 56;

/** An amber tag that says what is missing, and opens the list when that is more than fits. */
export function PartialTag({ reasons }: { reasons: readonly string[] }) {
  const [first] = reasons;
  if (first === undefined) return null;
  const tag = "flex items-center gap-1 rounded-control bg-medium-bg px-1.5 py-0.5 text-meta font-medium text-medium";
  const icon = <CircleSlash2 size={12} aria-hidden className="shrink-0" />;
  if (reasons.length === 1 && first.length <= SHORT) {
    return (
      <span className={tag}>
        {icon}
        {common.partial(plain(first))}
      </span>
    );
  }
  const label = (
    <>
      {icon}
      {common.partial(reasons.length === 1 ? `${plain(first).slice(0, SHORT - 1)}…` : common.gaps(reasons.length))}
    </>
  );
  return (
    <Suspense fallback={<span className={tag}>{label}</span>}>
      <PartialList look={tag} label={label} reasons={reasons} />
    </Suspense>
  );
}

/** A sentence as a part of another one. */
const plain = (sentence: string): string => visible(sentence.replaceAll("`", "").replace(/\.$/, ""));

interface LoadedProps<T> {
  query: Pick<UseQueryResult<T>, "data" | "error" | "refetch" | "isPending">;
  /** What is loaded, for messages: "findings". */
  what: string;
  /** The final geometry, shown while loading. */
  skeleton: ReactNode;
  children: (data: T) => ReactNode;
}

/** The states of a query: skeleton, content, or a problem with the content that was there before. */
export function Loaded<T>({ query, what, skeleton, children }: LoadedProps<T>) {
  if (query.data !== undefined) {
    return (
      <>
        {query.error && <Problem error={query.error} what={what} onRetry={() => void query.refetch()} />}
        {children(query.data)}
      </>
    );
  }
  if (query.error) return <Problem error={query.error} what={what} onRetry={() => void query.refetch()} />;
  return <Waiting what={what}>{skeleton}</Waiting>;
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
