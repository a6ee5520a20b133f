import { Link } from "@tanstack/react-router";

import type { JobQueues } from "@/api/types";
import { useNow } from "@/lib/clock";
import { formatCount } from "@/lib/count";
import { formatDuration, formatMoment } from "@/lib/format";
import { visible } from "@/lib/visible";
import { jobs as texts } from "@/texts/operation";
import { Empty } from "@/ui/loaded";
import { Panel } from "@/ui/panel";
import { Cell, rowLook, rowRest, Table } from "@/ui/table";

/** How many of each kind run, wait and were given up, and what the clock enqueues. */
export default function Queues({ queues: { queues, schedules } }: { queues: JobQueues }) {
  const now = useNow();
  const count = (value: number) => (value === 0 ? <span className="text-faint">0</span> : formatCount(value));
  return (
    <>
      <Panel title={texts.queues}>
        {queues.length === 0 ? (
          <Empty>{texts.queuesNone}</Empty>
        ) : (
          <Table
            label={texts.queues}
            columns={[
              { title: texts.queue.kind },
              { title: texts.queue.running, numeric: true, wide: true },
              { title: texts.queue.waiting, numeric: true },
              { title: texts.queue.scheduled, numeric: true, wide: true },
              { title: texts.queue.dead, numeric: true },
              { title: texts.queue.oldest, numeric: true, wide: true },
            ]}
          >
            {queues.map((queue) => (
              <tr key={queue.kind} className={rowLook}>
                <Cell>
                  <code>{visible(queue.kind)}</code>
                  <span className={rowRest}>
                    <span>
                      {texts.queue.running}: {formatCount(queue.running)}
                    </span>
                    <span>
                      {texts.queue.scheduled}: {formatCount(queue.scheduled)}
                    </span>
                  </span>
                </Cell>
                <Cell numeric wide>
                  {count(queue.running)}
                </Cell>
                <Cell numeric>{count(queue.waiting)}</Cell>
                <Cell numeric wide>
                  {count(queue.scheduled)}
                </Cell>
                <Cell numeric>
                  {queue.dead === 0 ? (
                    count(0)
                  ) : (
                    <Link to="/admin/$page" params={{ page: "dead-letters" }} className="font-medium text-critical underline underline-offset-2">
                      {formatCount(queue.dead)}
                    </Link>
                  )}
                </Cell>
                <Cell numeric wide className="text-muted">
                  {queue.waiting_since ? (
                    <span title={formatMoment(queue.waiting_since)}>{formatDuration(now - Date.parse(queue.waiting_since))}</span>
                  ) : (
                    <span className="text-faint">–</span>
                  )}
                </Cell>
              </tr>
            ))}
          </Table>
        )}
      </Panel>
      {schedules.length > 0 && (
        <Panel title={texts.schedules}>
          <dl className="grid w-fit grid-cols-[auto_auto] gap-x-8 gap-y-1.5 text-dense">
            {schedules.map((schedule) => (
              <div key={schedule.name} className="contents">
                <dt>
                  <code>{visible(schedule.name)}</code>
                </dt>
                <dd className="text-muted">
                  {texts.next} {formatMoment(schedule.next_at)}
                </dd>
              </div>
            ))}
          </dl>
        </Panel>
      )}
    </>
  );
}
