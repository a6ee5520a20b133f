import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { Suspense } from "react";

import { dependenciesQuery } from "@/api/report";
import { useWorkspace } from "@/api/workspace";
import { early } from "@/lib/part";
import { useSlug } from "@/repo/slug";
import { repo as texts } from "@/texts/repo";
import { Loaded, SkeletonRows } from "@/ui/loaded";

const PackageList = early(() => import("./dependencies/list"));

/** Packages in use, with what is known about their vulnerabilities, and how old that knowledge is. */
export function DependenciesPage() {
  const slug = useSlug();
  const { peek: _peek, ...filters } = useSearch({ from: "/inside/w/$ws/repos/$repo/dependencies" });
  const query = useInfiniteQuery({ ...dependenciesQuery(useWorkspace(), slug, filters), placeholderData: (old) => old });
  const rows = <SkeletonRows rows={12} />;
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
