import { useLive } from "@/live/state";
import { common, problems } from "@/texts/common";

/** Stands in for a page that takes more than a moment to come. */
export function PagePending() {
  const { status } = useLive();
  return (
    <p role="status" className="p-6 text-muted sm:p-12">
      {status.state === "reconnecting" ? problems.pageWaits : common.loading}
    </p>
  );
}
