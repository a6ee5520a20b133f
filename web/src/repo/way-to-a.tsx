import { Link } from "@tanstack/react-router";
import { Timer } from "lucide-react";

import type { Overview, WayToA as Way } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { formatEffort, formatTenth } from "@/lib/format";
import { overview as texts } from "@/texts/report";
import { Panel } from "@/ui/panel";
import { Prose } from "@/ui/prose";

const { way: words } = texts;

/** What would make the grade an A: what it needs in any case, the parts that have to come back, and where to begin. */
export default function WayToA({ way, report }: { way: Way; report: Overview }) {
  const ws = useWorkspace();
  const { points, needs, steps, insights, score } = way;
  const low = insights.reduce((sum, each) => sum + each.effort.min_minutes, 0);
  const high = insights.reduce((sum, each) => sum + each.effort.max_minutes, 0);
  return (
    <Panel title={words.title} note={points > 0 ? words.points(formatTenth(points), score) : words.held}>
      <ol className="flex flex-col gap-2 rounded-card border border-line p-4 text-dense" aria-label={words.title}>
        {needs.map((need) => (
          <li key={need} className="grid grid-cols-[5.5rem_minmax(0,1fr)] gap-x-3">
            <span className="text-faint">{words.needed}</span>
            <span className="[overflow-wrap:anywhere]">
              <Prose text={need} />
            </span>
          </li>
        ))}
        {steps.map((step) => (
          <li key={step.part} className="grid grid-cols-[5.5rem_minmax(0,1fr)] gap-x-3">
            <span className="font-medium text-ok">{words.back(formatTenth(step.points))}</span>
            <span className="min-w-0">
              <span className="font-medium">{texts.parts[step.part] ?? step.part}</span>
              {": "}
              {step.until} <span className="whitespace-nowrap text-faint">{words.now(formatTenth(step.now))}</span>
            </span>
          </li>
        ))}
        <li className="border-t border-line pt-2">
          {insights.length === 0 ? (
            <p className="text-muted">{words.nowhere}</p>
          ) : (
            <>
              <p className="flex flex-wrap items-center gap-x-1.5 text-muted">
                <Timer size={14} aria-hidden className="text-faint" />
                {words.begin(insights.length)} <span className="font-medium text-text">{formatEffort(low, high)}</span>
              </p>
              <ul className="mt-1 flex flex-col gap-1">
                {insights.map((each) => (
                  <li key={each.id} className="flex flex-wrap items-baseline justify-between gap-x-3">
                    <Link
                      to="/w/$ws/repos/$repo/insights"
                      params={{ ws, repo: report.repo.slug }}
                      hash={each.id}
                      className="min-w-0 text-accent [overflow-wrap:anywhere] hover:underline"
                    >
                      <Prose text={each.title} />
                    </Link>
                    <span className="whitespace-nowrap text-meta text-faint">
                      {texts.parts[each.part] ?? each.part} · {formatEffort(each.effort.min_minutes, each.effort.max_minutes)}
                    </span>
                  </li>
                ))}
              </ul>
              <p className="mt-1 text-meta text-faint">{words.honest}</p>
            </>
          )}
        </li>
      </ol>
    </Panel>
  );
}
