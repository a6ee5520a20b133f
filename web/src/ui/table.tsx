import { Suspense, type ReactNode } from "react";

import { useLeftOut } from "@/lib/columns";
import { cx } from "@/lib/cx";
import { part } from "@/lib/part";

const ColumnChooser = part(() => import("./column-chooser"));

/** A column: its title, and whether it holds numbers. Columns marked `wide` give way where the table has little room. */
export interface Column {
  title: string;
  numeric?: boolean;
  wide?: boolean;
  /** The title is only read aloud. */
  hidden?: boolean;
  /** It is there only where the table has much room. */
  roomy?: boolean;
  /** What the table is of: this column cannot be left out. */
  main?: boolean;
  className?: string;
}

interface TableProps {
  label: string;
  columns: readonly Column[];
  /** The rows bring their own bodies, because not all of them are drawn, and never need to be scrolled sideways. */
  bodies?: boolean;
  /** How many rows there are with the title, where not all of them are drawn. */
  rows?: number;
  /** Under which name this browser keeps which columns are left out; without one, all of them stay. */
  choose?: string;
  children: ReactNode;
}

/** A column that is there only where the table has much room. */
const ROOMY = "hidden @5xl:table-cell";

/** A column that gives way where the table has little room: in a narrow window, beside an open panel, or with large text. */
const WIDE = "@max-3xl:hidden";

/** Leaves out a column by its place, where there is room for columns at all. Written out, so that the styles are made. */
const WITHOUT = [
  "@3xl:[&_tr:not([aria-hidden])>:nth-child(1)]:hidden",
  "@3xl:[&_tr:not([aria-hidden])>:nth-child(2)]:hidden",
  "@3xl:[&_tr:not([aria-hidden])>:nth-child(3)]:hidden",
  "@3xl:[&_tr:not([aria-hidden])>:nth-child(4)]:hidden",
  "@3xl:[&_tr:not([aria-hidden])>:nth-child(5)]:hidden",
  "@3xl:[&_tr:not([aria-hidden])>:nth-child(6)]:hidden",
  "@3xl:[&_tr:not([aria-hidden])>:nth-child(7)]:hidden",
  "@3xl:[&_tr:not([aria-hidden])>:nth-child(8)]:hidden",
  "@3xl:[&_tr:not([aria-hidden])>:nth-child(9)]:hidden",
  "@3xl:[&_tr:not([aria-hidden])>:nth-child(10)]:hidden",
];

/** Leaves room for the chooser at the end of a column, so that figures stay below their title. Written out as well. */
const BESIDE = [
  "@3xl:[&_tr:not([aria-hidden])>:nth-child(1)]:!pe-9",
  "@3xl:[&_tr:not([aria-hidden])>:nth-child(2)]:!pe-9",
  "@3xl:[&_tr:not([aria-hidden])>:nth-child(3)]:!pe-9",
  "@3xl:[&_tr:not([aria-hidden])>:nth-child(4)]:!pe-9",
  "@3xl:[&_tr:not([aria-hidden])>:nth-child(5)]:!pe-9",
  "@3xl:[&_tr:not([aria-hidden])>:nth-child(6)]:!pe-9",
  "@3xl:[&_tr:not([aria-hidden])>:nth-child(7)]:!pe-9",
  "@3xl:[&_tr:not([aria-hidden])>:nth-child(8)]:!pe-9",
  "@3xl:[&_tr:not([aria-hidden])>:nth-child(9)]:!pe-9",
  "@3xl:[&_tr:not([aria-hidden])>:nth-child(10)]:!pe-9",
];

/**
 * A dense table in a box of its own. Where there is room for it, its titles stay in sight below the page's header while
 * the page is scrolled; where there is little, it alone scrolls sideways, which excludes that.
 */
export function Table({ label, columns, bodies, rows, choose, children }: TableProps) {
  const out = useLeftOut(choose);
  const optional = columns.filter((each) => !each.main && !each.hidden);
  const without = columns.map((each) => optional.includes(each) && out.includes(each.title));
  // The last column that is there, with much room and without.
  const last = [without.lastIndexOf(false), columns.findLastIndex((each, place) => !without[place] && !each.roomy)];
  const stays = "z-10 shadow-[inset_0_-1px_0_var(--line)] top-[var(--head,0px)]";
  return (
    <div className="@container">
      <div
        className={cx(
          "rounded-card border border-line",
          bodies ? "overflow-clip" : "scroll-thin overflow-x-auto @4xl:overflow-clip",
          choose !== undefined && last.map((place) => BESIDE[place]).join(" "),
          ...WITHOUT.filter((_, place) => without[place]),
        )}
        role="region"
        aria-label={label}
        {...(bodies ? {} : { tabIndex: 0 })}
      >
        {choose !== undefined && (
          // Of no height, over the end of the titles, and it stays in sight with them: below the page's header, or, where the
          // table scrolls by itself, at the edge of its box.
          <div
            className={cx(
              "sticky start-0 z-20 flex h-0 justify-end @max-3xl:hidden",
              bodies ? "top-[var(--head,0px)]" : "top-0 @4xl:top-[var(--head,0px)]",
            )}
          >
            <span className="me-1 mt-0.5">
              <Suspense>
                <ColumnChooser table={choose} columns={optional} />
              </Suspense>
            </span>
          </div>
        )}
        <table className="w-full border-collapse text-dense" aria-rowcount={rows}>
          <thead className={cx("bg-subtle text-meta text-faint", stays, bodies ? "sticky" : "@4xl:sticky")}>
            <tr>
              {columns.map((column) => (
                <th
                  key={column.title}
                  scope="col"
                  className={cx(
                    "whitespace-nowrap border-b border-line px-2 py-1.5 @3xl:px-3 font-medium",
                    column.numeric ? "text-end" : "text-start",
                    column.wide && WIDE,
                    column.roomy && ROOMY,
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

/** What a narrow table shows below the first cell of a row, because the columns for it gave way: facts with dots between them. */
export const rowRest =
  "mt-0.5 flex flex-wrap gap-x-1.5 gap-y-0.5 text-meta text-faint @3xl:hidden [&>:not(:last-child)]:after:ms-1.5 [&>:not(:last-child)]:after:content-['·']";

/** The link that opens a row. */
export const rowLink = "font-medium text-text after:absolute after:inset-0 hover:text-accent focus-visible:outline-offset-4";

/** A cell. */
export function Cell({
  numeric,
  wide,
  roomy,
  className,
  children,
}: {
  numeric?: boolean;
  wide?: boolean;
  roomy?: boolean;
  className?: string;
  children?: ReactNode;
}) {
  return (
    <td className={cx("px-2 py-2 @3xl:px-3", numeric && "whitespace-nowrap text-end", wide && WIDE, roomy && ROOMY, className)}>{children}</td>
  );
}
