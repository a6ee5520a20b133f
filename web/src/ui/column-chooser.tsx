import { Columns3 } from "lucide-react";

import { cx } from "@/lib/cx";
import { leaveOut, useLeftOut } from "@/lib/columns";
import { lists } from "@/texts/lists";

import { Button } from "./button";
import { Popover } from "./popover";
import type { Column } from "./table";

const texts = lists.columns;

/** Chooses the columns of a table; `columns` are those that can be left out. */
export default function ColumnChooser({ table, columns }: { table: string; columns: readonly Column[] }) {
  const out = useLeftOut(table);
  const toggle = (title: string) => leaveOut(table, out.includes(title) ? out.filter((each) => each !== title) : [...out, title]);
  return (
    <Popover
      label={texts.title}
      trigger={<Columns3 size={14} strokeWidth={1.75} aria-hidden />}
      triggerLabel={texts.title}
      triggerClass="grid size-6 place-items-center rounded-control bg-subtle text-faint hover:bg-sunken hover:text-text"
      className="w-52 p-1.5"
    >
      {() => (
        <>
          {columns.map(({ title, roomy }) => (
            <label
              key={title}
              // What has no room in the table now is not offered.
              className={cx("tap items-center gap-2 rounded-control px-2 text-dense hover:bg-sunken", roomy ? "hidden @5xl:flex" : "flex")}
            >
              <input type="checkbox" className="size-3.5 shrink-0 accent-[var(--accent)]" checked={!out.includes(title)} onChange={() => toggle(title)} />
              {title}
            </label>
          ))}
          {columns.some(({ title }) => out.includes(title)) && (
            <div className="mt-1 border-t border-line pt-1">
              <Button look="ghost" className="w-full" onClick={() => leaveOut(table, [])}>
                {texts.all}
              </Button>
            </div>
          )}
        </>
      )}
    </Popover>
  );
}
