import { Suspense, useId, type ReactNode } from "react";

import { cx } from "@/lib/cx";
import { part } from "@/lib/part";

import { Boundary } from "./boundary";

// Most panels are complete.
const PartialTag = part(() => import("./partial-tag").then((module) => ({ default: module.PartialTag })));

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
        {partial.length > 0 && (
          <Suspense>
            <PartialTag reasons={partial} />
          </Suspense>
        )}
        {actions && <div className="ms-auto flex items-center gap-1">{actions}</div>}
      </header>
      <Boundary>{children}</Boundary>
    </section>
  );
}
