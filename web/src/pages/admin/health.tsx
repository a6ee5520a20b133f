import { useQuery } from "@tanstack/react-query";
import { Suspense } from "react";

import { dependenciesQuery, healthQuery, limitsQuery } from "@/api/admin";
import { early } from "@/lib/part";
import { admin } from "@/texts/admin";
import { health as texts } from "@/texts/operation";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { PageHeader, PageTitle } from "@/ui/page";
import { Panel } from "@/ui/panel";

const Components = early(() => import("./health/components"));
const Dependencies = early(() => import("./health/dependencies"));
const Limits = early(() => import("./health/limits"));

/** How the server is, what it depends on, and how often it refuses. */
export default function HealthPage() {
  const health = useQuery(healthQuery);
  const dependencies = useQuery(dependenciesQuery);
  const limits = useQuery(limitsQuery);
  const [parts, few, lines] = [<SkeletonRows rows={6} height="h-12" />, <SkeletonRows rows={2} height="h-12" />, <SkeletonRows rows={4} />];
  return (
    <div className="flex max-w-[1040px] flex-col gap-8">
      <PageHeader>
        <PageTitle name={admin.pages.health} scope={admin.scope} />
      </PageHeader>
      <Loaded query={health} what={texts.what} skeleton={parts}>
        {({ data }) => (
          <Suspense fallback={parts}>
            <Components health={data} />
          </Suspense>
        )}
      </Loaded>
      <Panel title={texts.dependencies}>
        <Loaded query={dependencies} what={texts.dependenciesWhat} skeleton={few}>
          {({ items }) => (
            <Suspense fallback={few}>
              <Dependencies items={items} />
            </Suspense>
          )}
        </Loaded>
      </Panel>
      <Panel title={texts.limits}>
        <Loaded query={limits} what={texts.limitsWhat} skeleton={lines}>
          {({ data }) => (
            <Suspense fallback={lines}>
              <Limits limits={data} />
            </Suspense>
          )}
        </Loaded>
      </Panel>
    </div>
  );
}
