import type { PhaseStatus } from "@/api/types";
import { formatFact, formatTook } from "@/lib/format";
import { progress } from "@/texts/progress";
import { run as texts } from "@/texts/run";
import { Panel } from "@/ui/panel";
import { Cell, rowLook, rowRest, Table } from "@/ui/table";

/** How long each phase took, and what became known in it. Phases of a run that used a stored result took no time. */
export default function Phases({ phases }: { phases: readonly PhaseStatus[] }) {
  const took = phases.map((phase) => phase.took_ms ?? 0);
  const all = took.reduce((sum, each) => sum + each, 0);
  const longest = Math.max(1, ...took);
  const { columns } = texts;
  return (
    <Panel title={texts.times} note={all > 0 && texts.inAll(formatTook(all))}>
      <Table label={texts.times} columns={[{ title: columns.phase }, { title: columns.took, numeric: true }, { title: columns.known, wide: true }]}>
        {phases.map((phase) => (
          <tr key={phase.phase} className={rowLook}>
            <Cell>
              <span className="font-medium">{progress.phases[phase.phase]}</span>
              <span className={rowRest}>{phase.facts.map(formatFact).join(" · ")}</span>
            </Cell>
            <Cell numeric>
              {phase.took_ms === null ? (
                <span className="text-faint">–</span>
              ) : (
                <span className="inline-flex w-24 flex-col items-end gap-0.5">
                  {formatTook(phase.took_ms)}
                  <svg aria-hidden viewBox="0 0 100 4" preserveAspectRatio="none" className="h-1 w-full">
                    <rect width={100} height={4} rx={1} fill="var(--sunken)" />
                    <rect x={100 - (100 * phase.took_ms) / longest} width={(100 * phase.took_ms) / longest} height={4} rx={1} fill="var(--series-1)" />
                  </svg>
                </span>
              )}
            </Cell>
            <Cell wide className="text-muted break-words">{phase.facts.map(formatFact).join(" · ")}</Cell>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}
