import { useMutation, type UseInfiniteQueryResult } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { Suspense, useState } from "react";

import { retryJob } from "@/api/admin";
import type { Listing } from "@/api/client";
import type { Job } from "@/api/types";
import { useOffline } from "@/lib/offline";
import { part } from "@/lib/part";
import { jobs as texts } from "@/texts/operation";
import { Button } from "@/ui/button";
import { Empty } from "@/ui/loaded";
import { More } from "@/ui/more";
import { Problem } from "@/ui/problem";

import { JobCard } from "./job-card";

const DiscardDialog = part(() => import("./discard-dialog"));

/** Each with its reason; one is tried again alone, or with all that failed for the same reason. */
export default function DeadLetters({ query }: { query: UseInfiniteQueryResult<{ pages: Listing<Job>[] }> }) {
  const items = (query.data?.pages ?? []).flatMap((page) => page.items);
  const offline = useOffline();
  const [said, setSaid] = useState("");
  const [discarding, setDiscarding] = useState<Job>();
  const retry = useMutation({ ...retryJob, onSuccess: ({ retried }: { retried: number }) => setSaid(texts.retried(retried)) });
  const asked = (job: Job, alike: boolean) => retry.isPending && retry.variables?.id === job.id && retry.variables.alike === alike;
  const again = (job: Job, alike: boolean) => {
    setSaid("");
    retry.mutate({ id: job.id, alike });
  };
  return (
    <>
      <p role="status" className="text-dense text-ok empty:hidden">
        {said}
      </p>
      {retry.error && <Problem error={retry.error} />}
      {items.length > 0 && (
        <ul className="divide-y divide-line rounded-card border border-line">
          {items.map((job) => (
            <li key={job.id}>
              <JobCard job={job}>
                {job.can.retry && (
                  <Button icon={RotateCw} busy={asked(job, false)} blocked={offline} onClick={() => again(job, false)}>
                    {texts.retry}
                  </Button>
                )}
                {job.can.retry && job.alike > 1 && (
                  <Button busy={asked(job, true)} blocked={offline} onClick={() => again(job, true)}>
                    {texts.retryAlike(job.alike)}
                  </Button>
                )}
                {job.can.discard && (
                  <Button look="ghost" blocked={offline} onClick={() => setDiscarding(job)}>
                    {texts.discard}
                  </Button>
                )}
              </JobCard>
            </li>
          ))}
        </ul>
      )}
      {items.length === 0 && <Empty>{texts.none.dead}</Empty>}
      <More query={query} />
      <Suspense>
        {discarding && (
          <DiscardDialog
            job={discarding}
            onClose={() => setDiscarding(undefined)}
            onDone={() => {
              setDiscarding(undefined);
              setSaid(texts.discarded);
            }}
          />
        )}
      </Suspense>
    </>
  );
}
