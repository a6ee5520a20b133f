import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { cancelJob, jobsQuery } from "@/api/admin";
import { Button } from "@/ui/button";
import { cx } from "@/lib/cx";
import { useOffline } from "@/lib/offline";
import { visible } from "@/lib/visible";
import { common } from "@/texts/common";
import { jobs as texts } from "@/texts/operation";
import { fieldLook } from "@/ui/field";
import { Empty, Loaded, SkeletonRows } from "@/ui/loaded";
import { More } from "@/ui/more";
import { Panel } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { Segmented } from "@/ui/segmented";

import { JobCard } from "./job-card";

const SITUATIONS = ["running", "waiting", "scheduled"] as const;

/** Jobs that are not over, one by one; each can be stopped. */
export default function LiveJobs({ kinds }: { kinds: readonly string[] }) {
  const offline = useOffline();
  const [situation, setSituation] = useState<(typeof SITUATIONS)[number]>("running");
  const [kind, setKind] = useState("");
  const query = useInfiniteQuery(jobsQuery(situation, kind || undefined));
  const cancel = useMutation(cancelJob);
  return (
    <Panel title={texts.list}>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <Segmented label={texts.list} value={situation} onChoose={setSituation} segments={SITUATIONS.map((each) => ({ value: each, label: texts.situations[each] }))} />
        <select aria-label={texts.kind} className={cx(fieldLook, "!w-auto")} value={kind} onChange={(event) => setKind(event.target.value)}>
          <option value="">{texts.allKinds}</option>
          {kinds.map((each) => (
            <option key={each} value={each}>
              {visible(each)}
            </option>
          ))}
        </select>
      </div>
      {cancel.error && (
        <div className="mb-3">
          <Problem error={cancel.error} />
        </div>
      )}
      <Loaded query={query} what={texts.what} skeleton={<SkeletonRows rows={3} height="h-16" />}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <Empty>{kind ? texts.noneOf(kind) : texts.none[situation]}</Empty>;
          return (
            <>
              <ul className="divide-y divide-line rounded-card border border-line">
                {items.map((job) => (
                  <li key={job.id}>
                    <JobCard job={job}>
                      {job.can.cancel && (
                        <Button
                          aria-label={texts.cancelNamed(visible(job.kind))}
                          busy={cancel.isPending && cancel.variables === job.id}
                          blocked={offline}
                          onClick={() => cancel.mutate(job.id)}
                        >
                          {common.cancel}
                        </Button>
                      )}
                    </JobCard>
                  </li>
                ))}
              </ul>
              <More query={query} />
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}
