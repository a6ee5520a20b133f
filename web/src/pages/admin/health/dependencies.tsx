import { useMutation } from "@tanstack/react-query";

import { resetDependency } from "@/api/admin";
import type { DependencyStatus } from "@/api/types";
import { formatCount } from "@/lib/count";
import { useCountdown } from "@/lib/countdown";
import { formatMoment } from "@/lib/format";
import { useOffline } from "@/lib/offline";
import { visible } from "@/lib/visible";
import { health as texts } from "@/texts/operation";
import { Button } from "@/ui/button";
import { Empty } from "@/ui/loaded";
import { Problem } from "@/ui/problem";
import { Cell, rowLook, Table } from "@/ui/table";
import { Tag } from "@/ui/tag";

const TONE = { working: "ok", resting: "critical", probing: "medium" } as const;

/** The services of others, and whether calls reach them. */
export default function Dependencies({ items }: { items: readonly DependencyStatus[] }) {
  const offline = useOffline();
  const reset = useMutation(resetDependency);
  if (items.length === 0) return <Empty>{texts.dependenciesNone}</Empty>;
  return (
    <>
      {reset.error && (
        <div className="mb-3">
          <Problem error={reset.error} />
        </div>
      )}
      <Table
        label={texts.dependencies}
        columns={[
          { title: texts.service.name },
          { title: texts.service.condition },
          { title: texts.service.calls, numeric: true, wide: true },
          { title: texts.service.failed, numeric: true, wide: true },
          { title: texts.service.next, numeric: true, wide: true },
          { title: texts.service.act, hidden: true },
        ]}
      >
        {items.map((one) => (
          <tr key={one.name} className={rowLook}>
            <Cell>
              <span className="font-medium [overflow-wrap:anywhere]">{visible(one.name)}</span>
              {one.last_error && (
                <span className="mt-0.5 block text-meta text-faint [overflow-wrap:anywhere]" title={one.last_error_at ? formatMoment(one.last_error_at) : undefined}>
                  {visible(one.last_error)}
                </span>
              )}
            </Cell>
            <Cell className="w-28">
              <Tag tone={TONE[one.condition]}>{texts.condition[one.condition]}</Tag>
            </Cell>
            <Cell numeric wide>
              {formatCount(one.calls)}
            </Cell>
            <Cell numeric wide>
              {formatCount(one.failures)}
            </Cell>
            <Cell numeric wide className="text-muted">
              {one.next_try ? <Next at={one.next_try} /> : <span className="text-faint">–</span>}
            </Cell>
            <Cell numeric className="!py-1">
              {one.condition !== "working" && (
                <Button
                  aria-label={texts.resetNamed(visible(one.name))}
                  busy={reset.isPending && reset.variables === one.name}
                  blocked={offline}
                  onClick={() => reset.mutate(one.name)}
                >
                  {texts.reset}
                </Button>
              )}
            </Cell>
          </tr>
        ))}
      </Table>
    </>
  );
}

const Next = ({ at }: { at: string }) => <>{texts.nextIn(useCountdown(Date.parse(at)))}</>;
