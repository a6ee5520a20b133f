import { useSearch } from "@tanstack/react-router";
import { Suspense } from "react";

import { early } from "@/lib/part";
import { source as texts } from "@/texts/start";
import { PageTitle } from "@/ui/page";
import { SkeletonRows } from "@/ui/loaded";

const Offer = early(() => import("./select/offer"));

/** The step between a code host and the analyses: which of its repositories. */
export function SelectPage() {
  const { host } = useSearch({ from: "/inside/start/select" });
  return (
    <div className="flex flex-col gap-5">
      <PageTitle name={texts.select} />
      <Suspense fallback={<SkeletonRows rows={12} />}>
        <Offer id={host} />
      </Suspense>
    </div>
  );
}
