import { Link } from "@tanstack/react-router";

import type { Overview } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { plural } from "@/lib/count";
import { formatPercent } from "@/lib/format";
import { visible } from "@/lib/visible";
import { GradeExplained } from "@/repo/grade";
import { useRepoPlace } from "@/repo/place";
import { Location } from "@/ui/location";
import { SeverityTally } from "@/ui/severity";

/** What came out for one repository, in two lines. */
export default function RepoCard({ report: data }: { report: Overview }) {
  const ws = useWorkspace();
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-3">
      {/* As wide in every card: the names of several stand below each other. */}
      <div className="sm:w-60 sm:shrink-0">
        <GradeExplained quality={data.quality} repo={data.repo.slug} commit={data.commit.id} />
      </div>
      <div className="min-w-52 flex-1">
        <h2 className="truncate text-body font-semibold">
          <Link to="/w/$ws/repos/$repo" params={{ ws, repo: data.repo.slug }} className="hover:text-accent hover:underline">
            {visible(data.repo.name)}
          </Link>
        </h2>
        <RepoPlace id={data.repo.id} />
        <p className="text-dense text-muted">
          {data.languages
            .slice(0, 3)
            .map((each) => `${visible(each.name)} ${formatPercent(each.percent)}`)
            .join(", ")}
          {` · ${plural(data.coverage.files, "file", "files")}`}
        </p>
      </div>
      <SeverityTally counts={data.counts.findings.shipped} />
    </div>
  );
}

/** Where a repository comes from: its name alone may not tell it from another. */
function RepoPlace({ id }: { id: string }) {
  const place = useRepoPlace(id);
  return place ? <Location text={place.source.location} /> : null;
}
