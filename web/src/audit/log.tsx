import { useInfiniteQuery } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { Suspense } from "react";

import { type AuditFilters, auditQuery } from "@/api/audit";
import type { Person } from "@/api/types";
import { early } from "@/lib/part";
import { audit as texts } from "@/texts/audit";
import { Button } from "@/ui/button";
import { SkeletonRows } from "@/ui/loaded";
import { PageHeader, PageTitle } from "@/ui/page";

const Listing = early(() => import("./listing"));

interface Props {
  /** Whose log; without one, the whole server's. */
  workspace?: string;
  filters: AuditFilters;
  scope: string;
  lead: string;
  /** Who is there to choose, besides those whom the log names. */
  people?: readonly Person[];
}

const nobodyElse: readonly Person[] = [];

/** What was done, the newest first, with its filters in the address. */
export function AuditLog({ workspace, filters: { actor, action, done, since, until }, scope, lead, people = nobodyElse }: Props) {
  const filters: AuditFilters = { actor, action, done, since, until };
  // What was read before stays while the next filter is asked for: the filters stand with it, and keep the focus.
  const query = useInfiniteQuery({ ...auditQuery(workspace, filters), placeholderData: (old) => old });
  const rows = <SkeletonRows rows={12} />;
  return (
    <div className="flex flex-col gap-4">
      <PageHeader
        actions={
          <Button icon={RotateCw} busy={query.isFetching && !query.isFetchingNextPage} onClick={() => void query.refetch()}>
            {texts.refresh}
          </Button>
        }
      >
        <PageTitle name={texts.title} scope={scope} />
      </PageHeader>
      <p className="max-w-[72ch] text-dense text-muted">{lead}</p>
      <Suspense fallback={rows}>
        <Listing workspace={workspace} filters={filters} query={query} people={people} />
      </Suspense>
    </div>
  );
}
