import type { ComponentProps } from "react";

import { cx } from "@/lib/cx";

/** The look of every one-line field. */
export const fieldLook =
  "tap w-full min-w-0 rounded-control border border-control bg-bg px-2.5 text-dense text-text disabled:opacity-60";

/** A search field; `/` moves the focus to the first one of a page. */
export function SearchField({ label, className, ...rest }: { label: string } & ComponentProps<"input">) {
  return <input type="search" aria-label={label} placeholder={label} className={cx(fieldLook, "sm:w-56", className)} {...rest} />;
}
