import { useQuery } from "@tanstack/react-query";
import { Suspense } from "react";

import { queuesQuery } from "@/api/admin";
import { early } from "@/lib/part";
import { admin } from "@/texts/admin";
import { jobs as texts } from "@/texts/operation";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { PageHeader, PageTitle } from "@/ui/page";

const Queues = early(() => import("./jobs/queues"));
const LiveJobs = early(() => import("./jobs/live-jobs"));

/** The background work: by kind, one by one, and what the clock enqueues. */
export default function JobsPage() {
  const query = useQuery(queuesQuery);
  const rows = <SkeletonRows rows={6} />;
  return (
    <div className="flex max-w-[1040px] flex-col gap-8">
      <PageHeader>
        <PageTitle name={admin.pages.jobs} scope={admin.scope} />
      </PageHeader>
      <Loaded query={query} what={texts.what} skeleton={rows}>
        {({ data }) => (
          <Suspense fallback={rows}>
            <Queues queues={data} />
            <LiveJobs kinds={data.queues.map(({ kind }) => kind)} />
          </Suspense>
        )}
      </Loaded>
    </div>
  );
}
