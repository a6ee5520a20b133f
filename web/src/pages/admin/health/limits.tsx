import type { RateLimits } from "@/api/types";
import { formatCount } from "@/lib/count";
import { formatDuration, words } from "@/lib/format";
import { visible } from "@/lib/visible";
import { health as texts } from "@/texts/operation";
import { Cell, rowLook, Table } from "@/ui/table";

/** How often somebody may ask, and how often that was refused here. */
export default function Limits({ limits }: { limits: RateLimits }) {
  return (
    <div className="flex flex-col gap-3">
      <p className="max-w-[72ch] text-dense text-muted">
        {!limits.applied && `${texts.limitsOff} `}
        {limits.shared ? texts.limitsShared : texts.limitsAlone}
      </p>
      {limits.rules.length > 0 && (
        <Table
          label={texts.limits}
          columns={[{ title: texts.limit.name }, { title: texts.limit.quota, numeric: true }, { title: texts.limit.refused, numeric: true }]}
        >
          {limits.rules.map((rule) => (
            <tr key={rule.name} className={rowLook}>
              <Cell>{words(visible(rule.name))}</Cell>
              <Cell numeric className="text-muted">
                {rule.quota === null || rule.window_seconds === null ? (
                  <span className="text-faint">{texts.quotaUnknown}</span>
                ) : (
                  texts.quota(rule.quota, formatDuration(rule.window_seconds * 1000))
                )}
              </Cell>
              <Cell numeric>{formatCount(rule.refused)}</Cell>
            </tr>
          ))}
        </Table>
      )}
    </div>
  );
}
