import { Suspense } from "react";

import { early } from "@/lib/part";
import { SkeletonRows } from "@/ui/loaded";

const CodeView = early(() => import("./code/view"));

/** The files of the analysed commit. */
export function CodePage() {
  return (
    <Suspense fallback={<SkeletonRows rows={20} height="h-4" />}>
      <CodeView />
    </Suspense>
  );
}
