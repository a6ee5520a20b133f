import { useInfiniteQuery } from "@tanstack/react-query";
import { Suspense } from "react";

import { jobsQuery } from "@/api/admin";
import { formatCount } from "@/lib/count";
import { early } from "@/lib/part";
import { admin } from "@/texts/admin";
import { jobs as texts } from "@/texts/operation";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { PageHeader, PageTitle } from "@/ui/page";

const DeadLetters = early(() => import("./jobs/dead-letters"));

/** Jobs that were given up: why, what they were about, and another try. */
export default function DeadLettersPage() {
  const query = useInfiniteQuery(jobsQuery("dead", undefined));
  const rows = <SkeletonRows rows={4} height="h-20" />;
  return (
    <div className="flex max-w-[1040px] flex-col gap-5">
      <PageHeader>
        <PageTitle name={admin.pages["dead-letters"]} scope={admin.scope} />
        {query.data && <span className="text-dense text-faint">{formatCount(query.data.pages[0]?.total ?? 0)}</span>}
      </PageHeader>
      <Loaded query={query} what={texts.what} skeleton={rows}>
        {() => (
          <Suspense fallback={rows}>
            <DeadLetters query={query} />
          </Suspense>
        )}
      </Loaded>
    </div>
  );
}
