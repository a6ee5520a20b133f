import { useQuery } from "@tanstack/react-query";
import { Suspense } from "react";

import { overviewQuery } from "@/api/queries";
import type { Repo } from "@/api/types";
import { useSession } from "@/api/workspace";
import { part } from "@/lib/part";
import { visible } from "@/lib/visible";
import { GradeBadge } from "@/ui/grade-badge";
import { Location } from "@/ui/location";
import { Freshness } from "@/ui/freshness";
import { PageHeader, PageTitle } from "@/ui/page";

const RepoActions = part(() => import("./actions"));
const Behind = part(() => import("./behind"));

/** Name, grade, origin and freshness of a repository, and what can be done with it. */
export default function RepoHeader({ repo }: { repo: Repo }) {
  const session = useSession();
  const overview = useQuery({ ...overviewQuery(session.workspace.slug, repo.slug), enabled: repo.latest !== null });
  return (
    <PageHeader
      actions={
        <Suspense>
          <RepoActions repo={repo} />
        </Suspense>
      }
    >
      <div className="flex min-w-60 flex-1 basis-60 items-center gap-3">
        {repo.latest && <GradeBadge grade={repo.latest.grade} size="medium" />}
        <div className="min-w-0">
          <PageTitle name={visible(repo.name)} scope={session.workspace.name} />
          <div className="flex min-w-0 flex-wrap items-baseline gap-x-3">
            <Location text={repo.source.location} className="max-w-[48ch]" />
            {overview.data && <Freshness meta={overview.data.meta} />}
            <Suspense>{repo.latest && repo.source.kind === "local" && <Behind repo={repo} />}</Suspense>
          </div>
        </div>
      </div>
    </PageHeader>
  );
}
