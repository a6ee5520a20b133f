import { cx } from "@/lib/cx";

/** The ground that a few ways to look at the same thing stand on. */
export const segmentsLook = "inline-flex w-fit max-w-full flex-wrap gap-0.5 rounded-control bg-sunken p-0.5";

/** One of them, and the one that is taken. */
export const segmentLook = (on: boolean): string =>
  cx(
    "inline-flex min-h-7 items-center gap-1.5 whitespace-nowrap rounded-[3px] px-2.5 text-dense font-medium transition-colors pointer-coarse:min-h-11",
    on ? "bg-raised text-text shadow-[0_0_0_1px_var(--line)]" : "text-muted hover:text-text",
  );
