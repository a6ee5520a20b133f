import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { Suspense } from "react";

import { dependenciesQuery } from "@/api/report";
import { useWorkspace } from "@/api/workspace";
import { early, part } from "@/lib/part";
import { useSlug } from "@/repo/slug";
import { dependencies as words } from "@/texts/dependencies";
import { repo as texts } from "@/texts/repo";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { segmentLook, segmentsLook } from "@/ui/segments";

const PackageList = early(() => import("./dependencies/list"));
const Internal = part(() => import("./dependencies/internal"));

const rows = <SkeletonRows rows={12} />;

/** What the repository needs: packages, and its own modules of each other. */
export function DependenciesPage() {
  const { view } = useSearch({ from: "/inside/w/$ws/repos/$repo/dependencies" });
  return (
    <div className="flex flex-col gap-3">
      <nav aria-label={words.views} className={segmentsLook}>
        {([undefined, "internal"] as const).map((each) => (
          <Link key={each ?? ""} to="." search={each ? { view: each } : {}} replace aria-current={view === each ? "page" : undefined} className={segmentLook(view === each)}>
            {words.view[each ?? "external"]}
          </Link>
        ))}
      </nav>
      {view ? (
        <Suspense fallback={rows}>
          <Internal />
        </Suspense>
      ) : (
        <Packages />
      )}
    </div>
  );
}

/** Packages in use, with what is known about their vulnerabilities, and how old that knowledge is. */
function Packages() {
  const slug = useSlug();
  const { peek: _peek, view: _view, ...filters } = useSearch({ from: "/inside/w/$ws/repos/$repo/dependencies" });
  const query = useInfiniteQuery({ ...dependenciesQuery(useWorkspace(), slug, filters), placeholderData: (old) => old });
  return (
    <Loaded query={query} what={texts.dependencies} skeleton={rows}>
      {({ pages }) => (
        <Suspense fallback={rows}>
          <PackageList pages={pages} query={query} repo={slug} />
        </Suspense>
      )}
    </Loaded>
  );
}
