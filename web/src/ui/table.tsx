import type { ReactNode } from "react";

import { cx } from "@/lib/cx";

/** A column: its title, and whether it holds numbers. Columns marked `wide` give way on narrow screens. */
export interface Column {
  title: string;
  numeric?: boolean;
  wide?: boolean;
  /** The title is only read aloud. */
  hidden?: boolean;
  className?: string;
}

interface TableProps {
  label: string;
  columns: readonly Column[];
  /** The rows bring their own bodies, because not all of them are drawn, and never need to be scrolled sideways. */
  bodies?: boolean;
  /** How many rows there are with the title, where not all of them are drawn. */
  rows?: number;
  children: ReactNode;
}

/**
 * A dense table in a box of its own. Where there is room for it, its titles stay in sight below the page's header while
 * the page is scrolled; where there is little, it alone scrolls sideways, which excludes that.
 */
export function Table({ label, columns, bodies, rows, children }: TableProps) {
  const stays = "z-10 shadow-[inset_0_-1px_0_var(--line)] top-[var(--head,0px)]";
  return (
    <div className="@container">
      <div
        className={cx("rounded-card border border-line", bodies ? "overflow-clip" : "scroll-thin overflow-x-auto @4xl:overflow-clip")}
        role="region"
        aria-label={label}
        {...(bodies ? {} : { tabIndex: 0 })}
      >
        <table className="w-full border-collapse text-dense" aria-rowcount={rows}>
          <thead className={cx("bg-subtle text-meta text-faint", stays, bodies ? "sticky" : "@4xl:sticky")}>
            <tr>
              {columns.map((column) => (
                <th
                  key={column.title}
                  scope="col"
                  className={cx(
                    "whitespace-nowrap border-b border-line px-2 py-1.5 sm:px-3 font-medium",
                    column.numeric ? "text-end" : "text-start",
                    column.wide && "max-sm:hidden",
                    column.className,
                  )}
                >
                  {column.hidden ? <span className="sr-only">{column.title}</span> : column.title}
                </th>
              ))}
            </tr>
          </thead>
          {bodies ? children : <tbody className="[&>tr:last-child]:border-0">{children}</tbody>}
        </table>
      </div>
    </div>
  );
}

/** A row; the link in it that is marked `data-row` covers all of it. */
export const rowLook =
  "relative border-b border-line align-top hover:bg-subtle has-[[data-row][aria-current]]:bg-sunken has-[[data-row]:focus-visible]:bg-subtle";

/** What narrow screens show below the first cell of a row, because the columns for it gave way. */
export const rowRest = "mt-0.5 flex flex-wrap gap-x-2 gap-y-0.5 text-meta text-faint sm:hidden";

/** The link that opens a row. */
export const rowLink = "font-medium text-text after:absolute after:inset-0 hover:text-accent focus-visible:outline-offset-4";

/** A cell. */
export function Cell({
  numeric,
  wide,
  className,
  children,
}: {
  numeric?: boolean;
  wide?: boolean;
  className?: string;
  children?: ReactNode;
}) {
  return (
    <td className={cx("px-2 py-2 sm:px-3", numeric && "whitespace-nowrap text-end", wide && "max-sm:hidden", className)}>{children}</td>
  );
}
