import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { Suspense } from "react";

import { findingsQuery } from "@/api/report";
import { useWorkspace } from "@/api/workspace";
import { early } from "@/lib/part";
import { useSlug } from "@/repo/slug";
import { repo as texts } from "@/texts/repo";
import { Loaded, SkeletonRows } from "@/ui/loaded";

const FindingList = early(() => import("./findings/list"));

/** Everything that should be looked at, with filters that live in the address. */
export function FindingsPage() {
  const slug = useSlug();
  const { peek: _peek, ...filters } = useSearch({ from: "/inside/w/$ws/repos/$repo/findings" });
  const query = useInfiniteQuery({ ...findingsQuery(useWorkspace(), slug, filters), placeholderData: (old) => old });
  const rows = <SkeletonRows rows={12} />;
  return (
    <Loaded query={query} what={texts.findings} skeleton={rows}>
      {({ pages }) => (
        <Suspense fallback={rows}>
          <FindingList pages={pages} query={query} repo={slug} />
        </Suspense>
      )}
    </Loaded>
  );
}
