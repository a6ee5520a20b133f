import type { Meta } from "@/api/types";
import { useNow } from "@/lib/clock";
import { formatAge, formatMoment, shortCommit } from "@/lib/format";
import { common } from "@/texts/common";

/** How old the data is and of which commit. */
export function Freshness({ meta }: { meta: Meta }) {
  const now = useNow();
  const age = formatAge(meta.as_of, now);
  return (
    <span className="whitespace-nowrap text-meta text-faint" title={formatMoment(meta.as_of)}>
      {meta.source === "live" ? common.asOf(age) : common.cached(age)}
      {meta.commit && (
        <>
          {" · "}
          <code>{shortCommit(meta.commit)}</code>
        </>
      )}
    </span>
  );
}
