import { Link } from "@tanstack/react-router";
import { Suspense, type ReactNode } from "react";

import type { Overview } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { formatCount, sumOf } from "@/lib/count";
import { cx } from "@/lib/cx";
import { part } from "@/lib/part";
import AdvisoryNote from "@/repo/advisory-note";
import { useKnowledge } from "@/repo/knowledge";
import { advisories } from "@/texts/advisories";
import { overview as texts } from "@/texts/report";
import { repos } from "@/texts/repos";
import { findings as findingTexts } from "@/texts/findings";
import { SeverityTally } from "@/ui/severity";

const ExplainFigure = part(() => import("@/repo/explain"));

/** The lengths of the other pages' lists, each a way there. */
export default function Facts({ report, analysedAt }: { report: Overview; analysedAt: string }) {
  const ws = useWorkspace();
  const { counts, advisories: check } = report;
  const inUse = [...new Set(report.manifests.map((each) => each.ecosystem))];
  const { known, newer } = useKnowledge(check, analysedAt, inUse);
  const params = { ws, repo: report.repo.slug };
  const tile = "flex h-full min-w-0 flex-col gap-0.5 bg-bg p-3 hover:bg-subtle focus-visible:z-10";
  return (
    <div className="@container flex flex-col gap-2">
      <div className="grid grid-cols-2 gap-px overflow-hidden rounded-card border border-line bg-line @xl:grid-cols-[1.25fr_1fr_1fr_1fr]">
        <Tile figure="findings" label={texts.findings}>
          <Link to="/w/$ws/repos/$repo/findings" params={params} className={tile}>
            <Figure label={texts.findings}>{formatCount(sumOf(counts.findings.shipped))}</Figure>
            <span className="text-dense [&>span]:flex-wrap [&>span]:gap-x-2">
              <SeverityTally counts={counts.findings.shipped} />
            </span>
            <span className="flex flex-col text-meta text-faint">
              {sumOf(counts.findings.tests) > 0 && <span>{findingTexts.rest.shipped(sumOf(counts.findings.tests))}</span>}
              {counts.findings.suppressed > 0 && <span>{findingTexts.hiddenHere(counts.findings.suppressed)}</span>}
            </span>
          </Link>
        </Tile>
        <Tile figure="dependencies" label={texts.dependencies}>
          <Link to="/w/$ws/repos/$repo/dependencies" params={params} className={tile}>
            <Figure label={texts.dependencies}>{formatCount(counts.dependencies)}</Figure>
            <span className="flex flex-wrap gap-x-2 text-dense text-muted">
              <span className="whitespace-nowrap">{texts.dependenciesOf(counts.direct_dependencies)}</span>
              <span className={cx(counts.vulnerable_dependencies ? "text-critical" : "")}>{vulnerable(counts, check.compared)}</span>
            </span>
          </Link>
        </Tile>
        <Tile figure="modules" label={texts.modules}>
          <Link to="/w/$ws/repos/$repo/architecture" params={params} className={tile}>
            <Figure label={texts.modules}>{formatCount(counts.modules)}</Figure>
            <span className="text-dense text-muted">{texts.cycles(counts.cycles)}</span>
          </Link>
        </Tile>
        <Tile figure="hotspots" label={texts.hotspots}>
          <Link to="/w/$ws/repos/$repo/hotspots" params={params} className={tile}>
            <Figure label={texts.hotspots}>{formatCount(counts.hotspots)}</Figure>
            <span className="text-dense text-muted">{texts.lines(report.languages.reduce((sum, each) => sum + each.lines.code, 0))}</span>
          </Link>
        </Tile>
      </div>
      {counts.dependencies > 0 && (
        <AdvisoryNote check={check} known={known} newer={newer} />
      )}
    </div>
  );
}

/** How many packages are known to be vulnerable, and in how many that could be told at all. */
function vulnerable({ dependencies, vulnerable_dependencies: found }: Overview["counts"], compared: number): string {
  if (found === null) return repos.notChecked;
  const not = Math.max(0, dependencies - compared);
  if (found === 0) return not > 0 ? advisories.noneOf(compared, not) : advisories.none;
  return not > 0 ? advisories.vulnerableOf(found, not) : texts.vulnerableCount(found);
}

/** A figure that is a way to its page, with what stands behind it. */
function Tile({ figure, label, children }: { figure: string; label: string; children: ReactNode }) {
  return (
    <div className="relative min-w-0 bg-bg">
      {children}
      <Suspense>
        <ExplainFigure figure={figure} label={label} className="absolute end-1 top-1" />
      </Suspense>
    </div>
  );
}

function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <span className="text-meta text-faint">{label}</span>
      <span className="text-section font-semibold">{children}</span>
    </>
  );
}
