import type { ReactNode } from "react";

/** A titled part of a peek. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-1 text-meta font-medium text-faint">{title}</h3>
      {children}
    </section>
  );
}
