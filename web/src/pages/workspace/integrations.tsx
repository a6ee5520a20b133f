import { useQuery } from "@tanstack/react-query";
import { Suspense } from "react";

import { hostsQuery } from "@/api/hosts";
import { useSession } from "@/api/workspace";
import { early } from "@/lib/part";
import { hosts as texts } from "@/texts/hosts";
import { workspaceSettings } from "@/texts/workspace-settings";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { PageHeader, PageTitle } from "@/ui/page";

const Connections = early(() => import("./integrations/connections"));

/** What this workspace is connected to, and how that does. */
export default function IntegrationsPage() {
  const session = useSession();
  const query = useQuery(hostsQuery(session.workspace.slug));
  const rows = <SkeletonRows rows={2} height="h-44" />;
  return (
    <>
      <PageHeader>
        <PageTitle name={workspaceSettings.integrations} scope={session.workspace.name} />
      </PageHeader>
      <Loaded query={query} what={texts.what} skeleton={rows}>
        {({ items }) => (
          <Suspense fallback={rows}>
            <Connections hosts={items} manage={session.role === "admin" || session.role === "owner"} />
          </Suspense>
        )}
      </Loaded>
    </>
  );
}
