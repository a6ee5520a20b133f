import type { ReactNode } from "react";

/** A key of the keyboard. */
export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-flex min-w-5 whitespace-nowrap items-center justify-center rounded-control border border-line bg-subtle px-1 text-meta text-muted">
      {children}
    </kbd>
  );
}
