import { useQuery } from "@tanstack/react-query";
import { Suspense } from "react";

import { modelsQuery } from "@/api/models";
import { useSession } from "@/api/workspace";
import { early } from "@/lib/part";
import { models as texts } from "@/texts/models";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { PageHeader, PageTitle } from "@/ui/page";

const Settings = early(() => import("./models/settings"));

/** Which language models this workspace asks, in which order, and what may be spent. */
export default function ModelsPage() {
  const session = useSession();
  const query = useQuery(modelsQuery(session.workspace.slug));
  const rows = <SkeletonRows rows={3} height="h-32" />;
  return (
    <>
      <PageHeader>
        <PageTitle name={texts.title} scope={session.workspace.name} />
      </PageHeader>
      <Loaded query={query} what={texts.what} skeleton={rows}>
        {({ data }) => (
          <Suspense fallback={rows}>
            <Settings settings={data} />
          </Suspense>
        )}
      </Loaded>
    </>
  );
}
