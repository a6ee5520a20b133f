import { Link } from "@tanstack/react-router";
import { CircleDashed } from "lucide-react";

import type { AdvisoryCheck, Coverage, Overview } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { levelOf } from "@/repo/advisory-age";
import { useNow } from "@/lib/clock";
import { visible } from "@/lib/visible";
import { advisories } from "@/texts/advisories";
import { overview as texts } from "@/texts/report";
import { skipReasons } from "@/texts/run";
import { Panel } from "@/ui/panel";
import { Prose } from "@/ui/prose";

/** Every gap of a report in one place. */
export function gaps(report: Overview, now: number): string[] {
  const { advisories: check, coverage, quality, history } = report;
  const unmeasured = quality.parts
    .filter((part) => part.lost === null)
    .map((part) => `${texts.parts[part.part] ?? part.part}: ${part.missing ?? ""}`);
  return [
    ...unmeasured,
    ...(check.state === "not_checked" ? [`${advisories.couldNot} ${check.reason ?? ""}`.trim()] : []),
    ...(check.state === "checked" && check.uncovered.length > 0 ? [advisories.uncovered(check.uncovered.join(", "))] : []),
    ...(check.unpinned > 0 ? [advisories.unpinned(check.unpinned)] : []),
    ...(isOld(check, now) && check.as_of ? [advisories.gap(check.as_of)] : []),
    ...coverage.notes.map((note) => note.text),
    ...coverage.limits.map((limit) => limit.text),
    ...(history.truncated && !coverage.notes.some((note) => note.code.includes("shallow")) ? [texts.shallow] : []),
  ];
}

/** Whether the vulnerabilities came from data that was not new. A look-up online is as new as the report. */
const isOld = (check: AdvisoryCheck, now: number): boolean =>
  check.source === "mirror" && check.as_of !== null && levelOf(check.as_of, now) !== "fresh";

/** Why files were left out, each reason with how many of those that are listed, the most frequent first. */
export function reasons({ skipped, skipped_total }: Coverage): string[] {
  const counts = new Map<string, number>();
  for (const { reason } of skipped) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const found = [...counts].sort(([a, one], [b, other]) => other - one || a.localeCompare(b));
  const unlisted = skipped_total - skipped.length;
  return [
    ...found.map(([reason, count]) => texts.leftOutFor(count, skipReasons[reason] ?? reason)),
    ...(unlisted > 0 ? [texts.leftOutMore(unlisted)] : []),
  ];
}

/** What was not measured, and why. */
export function NotMeasured({ overview, scope }: { overview: Overview; scope?: boolean }) {
  const ws = useWorkspace();
  const list = gaps(overview, useNow());
  const { coverage, repo } = overview;
  return (
    <Panel title={scope ? `${texts.coverage}: ${visible(repo.name)}` : texts.coverage}>
      <ul className="flex flex-col gap-1.5 text-dense">
        {list.map((gap) => (
          <li key={gap} className="flex items-start gap-2">
            <CircleDashed size={14} aria-hidden className="mt-0.5 shrink-0 text-faint" />
            <span className="max-w-[80ch] text-muted">
              <Prose text={gap} />
            </span>
          </li>
        ))}
        <li className="flex items-start gap-2">
          <CircleDashed size={14} aria-hidden className="mt-0.5 shrink-0 text-faint" />
          <span className="text-muted">
            {texts.filesRead(coverage.files_read, coverage.files)} · {texts.parsed(coverage.files_parsed)}
            {coverage.skipped_total > 0 && (
              <>
                {" · "}
                {texts.skipped(coverage.skipped_total)}: {reasons(coverage).join(", ")} ·{" "}
                <Link
                  to="/w/$ws/repos/$repo/runs/$run"
                  params={{ ws, repo: repo.slug, run: overview.analysis }}
                  className="text-accent hover:underline"
                >
                  {texts.seeSkipped}
                </Link>
              </>
            )}
          </span>
        </li>
      </ul>
    </Panel>
  );
}
