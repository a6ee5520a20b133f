import { useQuery } from "@tanstack/react-query";
import { Suspense } from "react";

import { useSession } from "@/api/workspace";
import { workspaceQuery } from "@/api/workspaces";
import { early } from "@/lib/part";
import { workspaceSettings } from "@/texts/workspace-settings";
import { workspaces as texts } from "@/texts/workspaces";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { PageHeader, PageTitle } from "@/ui/page";

const Panels = early(() => import("./general/panels"));

/** What this workspace is: its name, what it holds, and its end. */
export default function GeneralPage() {
  const session = useSession();
  const query = useQuery(workspaceQuery(session.workspace.slug));
  const rows = <SkeletonRows rows={3} height="h-24" />;
  return (
    <>
      <PageHeader>
        <PageTitle name={workspaceSettings.general} scope={session.workspace.name} />
      </PageHeader>
      <Loaded query={query} what={texts.detailsWhat} skeleton={rows}>
        {({ data }) => (
          <Suspense fallback={rows}>
            <Panels details={data} can={session.can} />
          </Suspense>
        )}
      </Loaded>
    </>
  );
}
