import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { Suspense } from "react";

import { compareQuery } from "@/api/report";
import { useWorkspace } from "@/api/workspace";
import { early } from "@/lib/part";
import { useSlug } from "@/repo/slug";
import { comparePage as texts } from "@/texts/compare-page";
import { buttonLook } from "@/ui/button";
import { Loaded, SkeletonRows } from "@/ui/loaded";

const Compared = early(() => import("./compare/compared"));

/** Two analyses beside each other; which, says the address. */
export function ComparePage() {
  const ws = useWorkspace();
  const slug = useSlug();
  const { base, head } = useSearch({ from: "/inside/w/$ws/repos/$repo/compare" });
  const query = useQuery({ ...compareQuery(ws, slug, { base, head }), placeholderData: (old) => old });
  const rows = <SkeletonRows rows={6} height="h-14" />;
  return (
    <div className="flex flex-col gap-4">
      <Loaded query={query} what={texts.what} skeleton={rows}>
        {({ data }) => (
          <Suspense fallback={rows}>
            <Compared found={data} slug={slug} />
          </Suspense>
        )}
      </Loaded>
      {query.error !== null && (base || head) && (
        <div>
          <Link to="/w/$ws/repos/$repo/compare" params={{ ws, repo: slug }} className={buttonLook()}>
            {texts.newest}
          </Link>
        </div>
      )}
    </div>
  );
}
