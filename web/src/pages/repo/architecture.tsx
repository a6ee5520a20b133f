import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useMemo } from "react";

import { graphQuery } from "@/api/queries";
import { useWorkspace } from "@/api/workspace";
import { useKeys } from "@/lib/keys";
import { useSlug } from "@/repo/slug";
import { architecture as texts } from "@/texts/architecture";
import { buttonLook } from "@/ui/button";
import { Loaded, SkeletonRows } from "@/ui/panel";

import { placeOf, type Place } from "./architecture/levels";
import { Trail } from "./architecture/trail";

const Cycles = lazy(() => import("./architecture/cycles"));
const ExportMenu = lazy(() => import("./architecture/export-menu"));
// Each level comes when it is looked at.
const Modules = lazy(() => import("./architecture/modules"));
const OtherLevel = lazy(() => import("./architecture/other-level"));

/** What the repository is made of, from its services to the definitions of a file: a drawing, and a table with the same numbers. */
export function ArchitecturePage() {
  const ws = useWorkspace();
  const slug = useSlug();
  const query = useQuery(graphQuery(ws, slug));
  const search = useSearch({ from: "/inside/w/$ws/repos/$repo/architecture" });
  const { level, focus } = placeOf(search);
  const place = useMemo((): Place => ({ level, ...(focus === undefined ? {} : { focus }) }), [level, focus]);
  const table = search.view === "table";
  const navigate = useNavigate({ from: "/w/$ws/repos/$repo/architecture" });
  const show = (next?: "table") => void navigate({ search: ({ view: _view, ...old }) => (next ? { ...old, view: next } : old), replace: true });
  useKeys({ t: () => show(table ? undefined : "table") });

  return (
    <Loaded query={query} what={texts.what} skeleton={<SkeletonRows rows={1} height="h-[60vh]" />}>
      {({ data: graph, meta }) => {
        const modules = graph.modules.map((each) => each.path);
        return (
          <div className="flex flex-col gap-3">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
              <Trail place={place} modules={modules} view={search.view} />
              <div className="ms-auto flex flex-wrap items-center gap-1">
                <div role="group" aria-label={texts.view} className="flex gap-1">
                  <button type="button" aria-pressed={table} className={buttonLook(table ? "secondary" : "ghost")} onClick={() => show("table")}>
                    {texts.table}
                  </button>
                  <button type="button" aria-pressed={!table} className={buttonLook(table ? "ghost" : "secondary")} onClick={() => show()}>
                    {texts.diagram}
                  </button>
                </div>
                <Suspense>
                  <ExportMenu repo={slug} place={place} />
                </Suspense>
              </div>
            </div>
            <Suspense fallback={<SkeletonRows rows={1} height="h-[60vh]" />}>
              {level === "modules" ? <Modules graph={graph} place={place} partial={meta.partial} /> : <OtherLevel place={place} modules={modules} />}
            </Suspense>
            {level === "modules" && focus === undefined && graph.cycles.length > 0 && (
              <Suspense>
                <Cycles cycles={graph.cycles} repo={slug} />
              </Suspense>
            )}
          </div>
        );
      }}
    </Loaded>
  );
}
