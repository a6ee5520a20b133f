import type { AdvisoryCheck } from "@/api/types";
import { useNow } from "@/lib/clock";
import { formatDay } from "@/lib/format";
import { advisories } from "@/texts/advisories";
import { Tag } from "@/ui/marks";
import { Prose } from "@/ui/prose";

const WEEK_MS = 7 * 24 * 3600 * 1000;

/** How old the knowledge about vulnerabilities is, or that there was none. Never "none found" without data. */
export function AdvisoryNote({ check }: { check: AdvisoryCheck }) {
  const now = useNow();
  if (check.state === "not_checked" || !check.as_of) {
    return (
      <span className="text-dense text-muted">
        {advisories.couldNot} {check.reason && <Prose text={check.reason} />}
      </span>
    );
  }
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 text-dense text-muted">
      {advisories.asOf(formatDay(check.as_of), check.source ?? "mirror")} · {advisories.compared(check.compared)}
      {now - Date.parse(check.as_of) > WEEK_MS && <Tag tone="medium">{advisories.stale}</Tag>}
    </span>
  );
}
