import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useLocation } from "@tanstack/react-router";

import { advisoriesQuery } from "@/api/queries";
import { setAdvisoryMode } from "@/api/mutations/advisories";
import type { AdvisoryMode, Repo } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { ImportMirror, LOOK_UPS } from "@/pages/start/advisory-choice";
import { useOffline } from "@/lib/offline";
import { advisory } from "@/texts/advisory";
import { settings as texts } from "@/texts/settings";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { Panel } from "@/ui/panel";
import { Problem } from "@/ui/problem";

import { Saved } from "./saved";

/** How known vulnerabilities are looked up: kept as soon as it is chosen, for every repository of the workspace. */
export function LookUps({ repo }: { repo: Repo }) {
  const ws = useWorkspace();
  const status = useQuery(advisoriesQuery(ws));
  const decide = useMutation(setAdvisoryMode(ws));
  const offline = useOffline();
  const ref = useRef<HTMLDivElement>(null);
  const asked = useLocation({ select: (location) => location.hash === "advisories" });
  const ready = status.data !== undefined;
  useEffect(() => {
    if (asked && ready) ref.current?.scrollIntoView({ block: "start" });
  }, [asked, ready]);
  return (
    <div ref={ref} id="advisories">
      <Panel title={advisory.title}>
        <Loaded query={status} what={texts.what} skeleton={<SkeletonRows rows={3} height="h-10" />}>
          {({ data }) => {
            const mode: AdvisoryMode = decide.isPending ? decide.variables : decide.isSuccess ? decide.variables : data.mode;
            return (
              <div className="flex flex-col gap-3 text-dense">
                <p className="max-w-[80ch] text-muted">{advisory.lead}</p>
                {LOOK_UPS.map((each) => (
                  <label key={each.mode} className="flex items-start gap-2.5">
                    <input
                      type="radio"
                      name="advisory-mode"
                      className="mt-0.5 size-4 accent-[var(--accent)]"
                      checked={mode === each.mode}
                      disabled={!data.can.set_mode || offline !== undefined}
                      onChange={() => decide.mutate(each.mode)}
                    />
                    <span>
                      <span className="font-medium">{each.title}</span>
                      <span className="block max-w-[80ch] text-muted">{each.hint}</span>
                    </span>
                  </label>
                ))}
                {!data.can.set_mode ? <p className="text-muted">{texts.deniedAdmin}</p> : offline && <p className="text-muted">{offline}</p>}
                {mode === "mirror" && <ImportMirror status={data} />}
                {decide.error && <Problem error={decide.error} />}
                <Saved repo={repo} shown={decide.isSuccess} />
              </div>
            );
          }}
        </Loaded>
      </Panel>
    </div>
  );
}
