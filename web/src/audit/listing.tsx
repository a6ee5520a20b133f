import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Download, FilterX } from "lucide-react";

import { auditExport, type AuditFilters } from "@/api/audit";
import type { Listing as Page } from "@/api/client";
import type { AuditEntry, Person } from "@/api/types";
import { audit as log } from "@/texts/audit";
import { auditList as texts } from "@/texts/audit-list";
import { Button, buttonLook } from "@/ui/button";
import { Empty, Loaded, SkeletonRows } from "@/ui/loaded";
import { More } from "@/ui/more";

import Entries from "./entries";
import Filters from "./filters";

/** The most acts that a file has. */
const EXPORTED = 10_000;

interface Props {
  /** Whose log; without one, the whole server's. */
  workspace: string | undefined;
  filters: AuditFilters;
  query: UseInfiniteQueryResult<InfiniteData<Page<AuditEntry>>>;
  people: readonly Person[];
}

/** The acts that pass the filters, with the filters above them and the ways to take them along. */
export default function Listing({ workspace, filters, query, people }: Props) {
  const navigate = useNavigate();
  const filtered = Object.values(filters).some((value) => value !== undefined);
  const clear = () => void navigate({ to: ".", search: {}, replace: true });
  const pages = query.data?.pages ?? [];
  const items = pages.flatMap((page) => page.items);
  const total = pages[0]?.total ?? 0;
  const known = new Map([...people, ...items.flatMap((each) => each.actor ?? [])].map((person) => [person.id, person]));
  return (
    <div>
      {/* A filter that the server does not take can be taken back. */}
      {(query.data || filtered) && (
        <div className="mb-4 flex flex-wrap items-end gap-2">
          <Filters filters={filters} people={[...known.values()]} whole={workspace === undefined} />
          {filtered && (items.length > 0 || query.isError) && (
            <Button look="ghost" icon={FilterX} onClick={clear}>
              {texts.clear}
            </Button>
          )}
          <span className="ms-auto flex flex-wrap items-center gap-x-2 text-dense text-faint">
            <span role="status">{query.data && texts.total(total)}</span>
            {total > 0 &&
              (["csv", "json"] as const).map((format) => (
                <a
                  key={format}
                  href={auditExport(workspace, format, filters)}
                  download
                  aria-label={texts.saveAs(texts[format])}
                  title={total > EXPORTED ? texts.most(EXPORTED) : texts.saveAs(texts[format])}
                  className={buttonLook("ghost")}
                >
                  <Download size={14} strokeWidth={1.75} aria-hidden />
                  {texts[format]}
                </a>
              ))}
          </span>
        </div>
      )}
      <Loaded query={query} what={log.what} skeleton={<SkeletonRows rows={12} />}>
        {() => (
          <>
            {items.length > 0 ? (
              <Entries entries={items} known={known} />
            ) : (
              <Empty action={filtered && <Button onClick={clear}>{texts.clear}</Button>}>{filtered ? texts.filtered : texts.empty}</Empty>
            )}
            <More query={query} />
          </>
        )}
      </Loaded>
    </div>
  );
}
