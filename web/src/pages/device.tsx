import { Suspense } from "react";

import { useToken } from "@/account/enter";
import { early } from "@/lib/part";
import { device as texts } from "@/texts/tokens";
import { SkeletonRows } from "@/ui/loaded";
import { PageTitle } from "@/ui/page";

const Approve = early(() => import("./device/approve"));

/** Whether a program that shows a code may be signed in. */
export function DevicePage() {
  // The link that a program prints has its code behind `#`; another link begins anew.
  const code = useToken();
  return (
    <div className="flex max-w-[520px] flex-col gap-5 p-4 sm:p-6">
      <PageTitle name={texts.title} />
      <Suspense fallback={<SkeletonRows rows={3} height="h-12" />}>
        <Approve key={code} given={code} />
      </Suspense>
    </div>
  );
}
