import { useQuery } from "@tanstack/react-query";
import { Suspense } from "react";

import { analysesQuery } from "@/api/queries";
import { useWorkspace } from "@/api/workspace";
import { early } from "@/lib/part";
import { useSlug } from "@/repo/slug";
import { history as texts } from "@/texts/history";
import { Empty, Loaded, SkeletonRows } from "@/ui/loaded";

const Runs = early(() => import("./history/runs"));

/** Every run of the analysis, the newest first. */
export function HistoryPage() {
  const ws = useWorkspace();
  const slug = useSlug();
  const query = useQuery(analysesQuery(ws, slug));
  const rows = <SkeletonRows rows={6} />;
  return (
    <Loaded query={query} what={texts.what} skeleton={rows}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty>{texts.empty}</Empty>
        ) : (
          <div className="flex flex-col gap-3">
            <Suspense fallback={rows}>
              <Runs items={items} slug={slug} />
            </Suspense>
            {items.length === 1 && <p className="text-dense text-muted">{texts.one}</p>}
          </div>
        )
      }
    </Loaded>
  );
}
