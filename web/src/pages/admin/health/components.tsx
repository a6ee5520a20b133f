import { CircleCheck, CircleDashed, OctagonAlert, TriangleAlert, type LucideIcon } from "lucide-react";

import type { SystemComponent, SystemHealth } from "@/api/types";
import { useNow } from "@/lib/clock";
import { formatAge, formatMoment, words } from "@/lib/format";
import { visible } from "@/lib/visible";
import { health as texts } from "@/texts/operation";
import { Cell, rowLook, Table } from "@/ui/table";
import { Tag } from "@/ui/tag";
import type { Tone } from "@/ui/tones";

const STATES: Record<SystemComponent["state"], { tone: Tone; icon: LucideIcon }> = {
  ok: { tone: "ok", icon: CircleCheck },
  attention: { tone: "medium", icon: TriangleAlert },
  failing: { tone: "critical", icon: OctagonAlert },
  off: { tone: "neutral", icon: CircleDashed },
};

/** A part by its name; that of a service of somebody else is the one it is configured by. */
const nameOf = (name: string): string => (name.includes(":") ? visible(name) : words(visible(name)));

/** Whether it can do its work, and each of its parts. */
export default function Components({ health }: { health: SystemHealth }) {
  const now = useNow();
  return (
    <section className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-dense">
        <Tag tone={health.ready ? "ok" : "critical"} icon={health.ready ? CircleCheck : OctagonAlert}>
          {health.ready ? texts.ready : texts.notReady}
        </Tag>
        <span className="text-muted" title={formatMoment(health.started_at)}>
          {texts.readyText(visible(health.version), formatAge(health.started_at, now))}
          {!health.ready && ` ${texts.notReadyText}`}
        </span>
      </div>
      <Table
        label={texts.components}
        columns={[
          { title: texts.columns.name },
          { title: texts.columns.state },
          { title: texts.columns.detail, wide: true },
          { title: texts.columns.since, numeric: true, wide: true },
        ]}
      >
        {health.components.map((component) => (
          <tr key={component.name} className={rowLook}>
            <Cell>
              <span className="font-medium">{nameOf(component.name)}</span>
              <span className="mt-0.5 block text-meta text-muted @3xl:hidden">{visible(component.detail)}</span>
            </Cell>
            <Cell className="w-32">
              <Tag {...STATES[component.state]}>{texts.state[component.state]}</Tag>
            </Cell>
            <Cell wide className="text-muted">
              {visible(component.detail)}
              {component.last_error && (
                <span className="mt-0.5 block text-meta text-faint [overflow-wrap:anywhere]">
                  {texts.columns.error}
                  {component.last_error_at && <span title={formatMoment(component.last_error_at)}> {formatAge(component.last_error_at, now)}</span>}:{" "}
                  {visible(component.last_error)}
                </span>
              )}
            </Cell>
            <Cell numeric wide className="text-muted">
              {component.since ? <span title={formatMoment(component.since)}>{formatAge(component.since, now)}</span> : <span className="text-faint">–</span>}
            </Cell>
          </tr>
        ))}
      </Table>
    </section>
  );
}
