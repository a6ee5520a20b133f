import { Suspense, useState } from "react";

import type { Caches } from "@/api/types";
import { formatCount } from "@/lib/count";
import { formatBytes, formatDuration, formatPercent } from "@/lib/format";
import { useOffline } from "@/lib/offline";
import { part } from "@/lib/part";
import { visible } from "@/lib/visible";
import { caches as texts } from "@/texts/operation";
import { Button } from "@/ui/button";
import { Empty } from "@/ui/loaded";
import { Panel } from "@/ui/panel";
import { Cell, rowLook, rowRest, Table } from "@/ui/table";

const ClearDialog = part(() => import("./clear-dialog"));

/** What this process holds, and each family of values with how often one was found. */
export default function CacheList({ caches }: { caches: Caches }) {
  const offline = useOffline();
  /** Which family is to be forgotten; `null` is all of them. */
  const [clearing, setClearing] = useState<string | null>();
  return (
    <div className="flex flex-col gap-8">
      <Panel
        title={texts.held}
        note={texts.values(caches.values)}
        actions={
          <Button blocked={offline} onClick={() => setClearing(null)}>
            {texts.clearAll}
          </Button>
        }
      >
        <div className="flex max-w-[480px] flex-col gap-1.5 text-dense">
          {/* The browser's own meter takes no colours of a theme: on a dark ground an empty one looks full. */}
          <div role="meter" aria-label={texts.held} aria-valuemin={0} aria-valuemax={caches.limit} aria-valuenow={caches.bytes} className="h-2 overflow-hidden rounded-full bg-sunken shadow-[inset_0_0_0_1px_var(--line)]">
            <div className="h-full bg-accent" style={{ width: `${Math.min(100, (100 * caches.bytes) / Math.max(1, caches.limit))}%` }} />
          </div>
          <p className="text-muted">
            {texts.size(formatBytes(caches.bytes), formatBytes(caches.limit))}. {caches.shared ? texts.shared : texts.alone}
          </p>
        </div>
      </Panel>
      <Panel title={texts.families}>
        {caches.families.length === 0 ? (
          <Empty>{texts.none}</Empty>
        ) : (
          <Table
            label={texts.families}
            columns={[
              { title: texts.columns.name },
              { title: texts.columns.rate, numeric: true },
              { title: texts.columns.here, numeric: true, wide: true },
              { title: texts.columns.redis, numeric: true, wide: true },
              { title: texts.columns.made, numeric: true, wide: true },
              { title: texts.columns.kept, wide: true },
              { title: texts.columns.act, hidden: true },
            ]}
          >
            {caches.families.map((family) => (
              <tr key={family.name} className={rowLook}>
                <Cell>
                  <span className="font-medium">{visible(family.name)}</span>
                  <span className={rowRest}>
                    <span>
                      {texts.columns.made}: {formatCount(family.made)}
                    </span>
                  </span>
                </Cell>
                <Cell numeric>{family.hit_rate === null ? <span className="text-faint">{texts.noRate}</span> : formatPercent(family.hit_rate * 100)}</Cell>
                <Cell numeric wide>
                  {formatCount(family.in_process)}
                </Cell>
                <Cell numeric wide className="text-muted">
                  {caches.shared ? formatCount(family.in_redis) : <span className="text-faint">–</span>}
                </Cell>
                <Cell numeric wide>
                  {formatCount(family.made)}
                </Cell>
                <Cell wide className="text-muted">
                  {texts.keptFor(formatDuration(family.in_process_seconds * 1000), caches.shared ? formatDuration(family.shared_seconds * 1000) : null)}
                </Cell>
                <Cell numeric className="!py-1">
                  <Button aria-label={texts.clearNamed(visible(family.name))} blocked={offline} onClick={() => setClearing(family.name)}>
                    {texts.clear}
                  </Button>
                </Cell>
              </tr>
            ))}
          </Table>
        )}
      </Panel>
      <Suspense>{clearing !== undefined && <ClearDialog family={clearing ?? undefined} onClose={() => setClearing(undefined)} />}</Suspense>
    </div>
  );
}
