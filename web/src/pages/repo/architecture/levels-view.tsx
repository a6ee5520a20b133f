import { useNavigate, useSearch } from "@tanstack/react-router";
import { Table2, Workflow } from "lucide-react";
import { Suspense, useMemo } from "react";

import type { Graph } from "@/api/types";
import { useKeys } from "@/lib/keys";
import { useOffline } from "@/lib/offline";
import { part } from "@/lib/part";
import { architecture as texts } from "@/texts/architecture";
import { SkeletonRows } from "@/ui/loaded";
import { Segmented } from "@/ui/segmented";

import { placeOf, type Place } from "./levels";
import { useOpened } from "./opened";
import { Trail } from "./trail";

const Cycles = part(() => import("./cycles"));
const Entries = part(() => import("./entries"));
const ExportMenu = part(() => import("./export-menu"));
// Each level comes when it is looked at.
const Modules = part(() => import("./modules"));
const OtherLevel = part(() => import("./other-level"));

/** One level as a drawing or a table, with the way to the others. */
export default function LevelsView({ graph, partial, repo }: { graph: Graph; partial: readonly string[]; repo: string }) {
  const search = useSearch({ from: "/inside/w/$ws/repos/$repo/architecture" });
  const { level, focus } = placeOf(search);
  const place = useMemo((): Place => ({ level, ...(focus === undefined ? {} : { focus }) }), [level, focus]);
  const opened = useOpened();
  const offline = useOffline();
  const table = offline !== undefined || search.view === "table";
  const navigate = useNavigate({ from: "/w/$ws/repos/$repo/architecture" });
  const show = (next?: "table") => void navigate({ search: ({ view: _view, ...old }) => (next ? { ...old, view: next } : old), replace: true });
  useKeys({ t: () => show(table ? undefined : "table") });
  const modules = graph.modules.map((each) => each.path);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Trail place={place} modules={modules} opened={opened} view={search.view} />
        <div className="ms-auto flex flex-wrap items-center gap-1">
          <Segmented
            label={texts.view}
            value={table ? "table" : "diagram"}
            onChoose={(view) => show(view === "table" ? view : undefined)}
            segments={[
              { value: "diagram", icon: Workflow, label: texts.diagram, blocked: offline },
              { value: "table", icon: Table2, label: texts.table },
            ]}
          />
          <Suspense>
            <ExportMenu repo={repo} place={place} opened={opened.length > 0} />
          </Suspense>
        </div>
      </div>
      <Suspense fallback={<SkeletonRows rows={1} height="h-[60vh]" />}>
        {level === "modules" ? <Modules graph={graph} place={place} partial={partial} /> : <OtherLevel place={place} graph={graph} />}
      </Suspense>
      {level === "modules" && focus === undefined && graph.entries.length > 0 && (
        <Suspense>
          <Entries entries={graph.entries} repo={repo} />
        </Suspense>
      )}
      {level === "modules" && focus === undefined && graph.cycles.length > 0 && (
        <Suspense>
          <Cycles cycles={graph.cycles} repo={repo} />
        </Suspense>
      )}
    </div>
  );
}
