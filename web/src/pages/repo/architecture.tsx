import { useQuery } from "@tanstack/react-query";
import { Suspense } from "react";

import { graphQuery } from "@/api/report";
import { useWorkspace } from "@/api/workspace";
import { early } from "@/lib/part";
import { useSlug } from "@/repo/slug";
import { repo as texts } from "@/texts/repo";
import { Loaded, SkeletonRows } from "@/ui/loaded";

const LevelsView = early(() => import("./architecture/levels-view"));

/** What the repository is made of, from its services to the definitions of a file: a drawing, and a table with the same numbers. */
export function ArchitecturePage() {
  const slug = useSlug();
  const query = useQuery(graphQuery(useWorkspace(), slug));
  const drawing = <SkeletonRows rows={1} height="h-[60vh]" />;
  return (
    <Loaded query={query} what={texts.diagram} skeleton={drawing}>
      {({ data, meta }) => (
        <Suspense fallback={drawing}>
          <LevelsView graph={data} partial={meta.partial} repo={slug} />
        </Suspense>
      )}
    </Loaded>
  );
}
