import { useInfiniteQuery } from "@tanstack/react-query";
import { EyeOff } from "lucide-react";
import { Suspense, useState } from "react";

import { findingsQuery } from "@/api/report";
import type { Dependency } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { part } from "@/lib/part";
import { findings } from "@/texts/findings";
import { Button } from "@/ui/button";

const SuppressDialog = part(() => import("../findings/suppress-dialog"));

/** Decides not to act on what is known of a package. There is nothing to press where nothing of it is open. */
export default function SuppressPackage({ dependency: { ecosystem, name, version }, repo }: { dependency: Dependency; repo: string }) {
  const [asking, setAsking] = useState(false);
  const { data } = useInfiniteQuery(findingsQuery(useWorkspace(), repo, { kind: "advisory", code: "all", q: name, baseline: "show" }));
  const [page] = data?.pages ?? [];
  const open = (page?.items ?? []).filter(({ package: hit }) => hit?.ecosystem === ecosystem && hit.name === name && hit.version === version);
  if (!page?.can.triage || open.length === 0) return null;
  const ids = open.map((each) => each.id);
  return (
    <>
      <Button icon={EyeOff} className="self-start" onClick={() => setAsking(true)}>
        {findings.suppress.action}
      </Button>
      <Suspense>
        {asking && (
          <SuppressDialog
            repo={repo}
            choices={[{ label: findings.suppress.scopes.findings(ids.length), target: { scope: "findings", ids }, ids: new Set(ids) }]}
            onDone={() => setAsking(false)}
            onClose={() => setAsking(false)}
          />
        )}
      </Suspense>
    </>
  );
}
