import { useQuery } from "@tanstack/react-query";
import { Suspense } from "react";

import { cachesQuery } from "@/api/admin";
import { early } from "@/lib/part";
import { admin } from "@/texts/admin";
import { caches as texts } from "@/texts/operation";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { PageHeader, PageTitle } from "@/ui/page";

const CacheList = early(() => import("./caches/list"));

/** What is kept for a while, how often it was found, and the way to forget it. */
export default function CachesPage() {
  const query = useQuery(cachesQuery);
  const rows = <SkeletonRows rows={5} height="h-12" />;
  return (
    <div className="flex max-w-[1040px] flex-col gap-5">
      <PageHeader>
        <PageTitle name={admin.pages.caches} scope={admin.scope} />
      </PageHeader>
      <Loaded query={query} what={texts.what} skeleton={rows}>
        {({ data }) => (
          <Suspense fallback={rows}>
            <CacheList caches={data} />
          </Suspense>
        )}
      </Loaded>
    </div>
  );
}
