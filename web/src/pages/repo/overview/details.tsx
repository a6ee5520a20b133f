import type { ReactNode } from "react";

import type { Overview } from "@/api/types";
import { NotMeasured } from "@/repo/coverage";
import ExplainFigure from "@/repo/explain";
import { GradeExplained, GradeTable } from "@/repo/grade";
import { Languages, Stack } from "@/repo/languages";
import WayToA from "@/repo/way-to-a";
import { overview as texts } from "@/texts/report";
import { PlainBars } from "@/ui/bars";
import { Panel } from "@/ui/panel";
import { Prose } from "@/ui/prose";

/** The grade with the table that produced it, and what could not be measured. */
export function GradePanel({ report, partial }: { report: Overview; partial: readonly string[] }) {
  return (
    <>
      <Panel title={texts.grade} partial={partial}>
        <div className="mb-3">
          <GradeExplained quality={report.quality} repo={report.repo.name} commit={report.commit.id} />
          {report.quality.held && (
            <p className="mt-2 max-w-[80ch] text-dense text-muted">
              <Prose text={report.quality.held} />
            </p>
          )}
        </div>
        <GradeTable quality={report.quality} repo={report.repo.slug} />
      </Panel>
      {report.quality.way_to_a && <WayToA way={report.quality.way_to_a} report={report} />}
      <NotMeasured overview={report} />
    </>
  );
}

/** What the repository is made of, and how much happens in it. */
export function MadeOf({ report }: { report: Overview }) {
  return (
    <>
      <Languages languages={report.languages} />
      <Stack stack={report.stack} repo={report.repo.slug} />
      <Activity report={report} />
    </>
  );
}

/** A sentence with a figure in it, and what stands behind it. */
function Line({ figure, label, children }: { figure: string; label: string; children: ReactNode }) {
  return (
    <li className="flex items-start justify-between gap-2">
      <span className="min-w-0 pt-0.5 first-letter:uppercase">{children}</span>
      <ExplainFigure figure={figure} label={label} className="shrink-0" />
    </li>
  );
}

function Activity({ report }: { report: Overview }) {
  const { history } = report;
  return (
    <Panel title={texts.activity}>
      <PlainBars
        label={texts.activity}
        values={history.monthly.map((value, index) => ({ label: texts.month(index, value), value }))}
      />
      <ul className="mt-2 flex flex-col gap-0.5 text-dense text-muted">
        <Line figure="commits" label={texts.explain.commits}>
          {texts.commits(history.window_commits, history.window_days)}
        </Line>
        <Line figure="contributors" label={texts.explain.contributors}>
          {texts.contributors(history.contributors)}
        </Line>
        {history.absence_factor !== null && (
          <Line figure="absence_factor" label={texts.explain.absence}>
            {texts.halfBy(history.absence_factor)}
          </Line>
        )}
        <Line figure="fixes" label={texts.explain.fixes}>
          {texts.mended(history.fixes, history.reverts)}
        </Line>
        {history.unchanged_files > 0 && (
          <Line figure="unchanged_files" label={texts.explain.unchanged}>
            {texts.unchanged(history.unchanged_files)}
          </Line>
        )}
        <li className="text-meta text-faint">
          {texts.leftOut(history.merges_left_out, history.bots_left_out, history.sweeping_left_out)}
          {history.truncated && ` ${texts.shallow}`}
        </li>
      </ul>
    </Panel>
  );
}
