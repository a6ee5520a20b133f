import { useQuery } from "@tanstack/react-query";
import { Suspense } from "react";

import { workspacesQuery } from "@/api/tokens";
import { early } from "@/lib/part";
import { own } from "@/texts/own-settings";
import { workspaceSettings } from "@/texts/workspace-settings";
import { workspaces as texts } from "@/texts/workspaces";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { PageHeader, PageTitle } from "@/ui/page";

const Workspaces = early(() => import("./workspaces/list"));

/** The workspaces one is in, and a new one. */
export default function WorkspacesPage() {
  const query = useQuery(workspacesQuery);
  const rows = <SkeletonRows rows={3} height="h-14" />;
  return (
    <div className="flex max-w-[820px] flex-col gap-5">
      <PageHeader>
        <PageTitle name={workspaceSettings.all} scope={own.scope} />
      </PageHeader>
      <p className="max-w-[72ch] text-dense text-muted">{texts.lead}</p>
      <Loaded query={query} what={texts.what} skeleton={rows}>
        {({ data }) => (
          <Suspense fallback={rows}>
            <Workspaces all={data} />
          </Suspense>
        )}
      </Loaded>
    </div>
  );
}
