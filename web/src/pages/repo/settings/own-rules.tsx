import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Suspense } from "react";

import { overviewQuery } from "@/api/queries";
import type { Overview, Repo } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { part } from "@/lib/part";
import { overview } from "@/texts/report";
import { settings as texts } from "@/texts/settings";
import { CopyButton } from "@/ui/copy";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { Panel } from "@/ui/panel";
import { Prose } from "@/ui/prose";

const Suppressed = part(() => import("../findings/suppressed"));

/** What the repository says of itself: its gate, its exceptions, and what is left out of it. */
export function OwnRules({ repo }: { repo: Repo }) {
  const query = useQuery({ ...overviewQuery(useWorkspace(), repo.slug), enabled: repo.latest !== null });
  if (repo.latest === null) {
    return (
      <Panel title={texts.gate}>
        <p className="text-dense text-muted">{texts.nothingYet}</p>
      </Panel>
    );
  }
  return (
    <Loaded query={query} what={texts.what} skeleton={<SkeletonRows rows={4} />}>
      {({ data }) => (
        <>
          <Panel title={texts.gate}>
            <Gate report={data} />
          </Panel>
          <Panel title={texts.ignored}>
            <LeftOut report={data} />
          </Panel>
        </>
      )}
    </Loaded>
  );
}

function Gate({ report }: { report: Overview }) {
  const none = [...(report.gate ? [] : [texts.gateNone]), ...(report.suppressed_total > 0 ? [] : [texts.exceptionsNone])];
  return (
    <div className="flex flex-col gap-2 text-dense">
      {none.length > 0 && <p className="text-muted">{none.join(" ")}</p>}
      {none.length < 2 && (
        <Suspense fallback={<SkeletonRows rows={2} />}>
          <Suppressed report={report} />
        </Suspense>
      )}
      <p className="max-w-[80ch] text-muted">{texts.gateHint}</p>
      <div className="relative rounded-card border border-line bg-subtle">
        <pre className="scroll-thin overflow-x-auto p-3 pe-10 text-meta" tabIndex={0} aria-label="devmentor.toml">
          <code>{texts.example}</code>
        </pre>
        <div className="absolute end-1 top-1">
          <CopyButton text={texts.example} />
        </div>
      </div>
    </div>
  );
}

function LeftOut({ report: { coverage, repo, analysis } }: { report: Overview }) {
  const ws = useWorkspace();
  return (
    <div className="flex max-w-[80ch] flex-col gap-2 text-dense text-muted">
      <p>{texts.ignoredHint}</p>
      <p>
        {overview.filesRead(coverage.files_read, coverage.files)}
        {coverage.skipped_total > 0 && (
          <>
            {" · "}
            <Link to="/w/$ws/repos/$repo/runs/$run" params={{ ws, repo: repo.slug, run: analysis }} className="text-accent hover:underline">
              {texts.skipped(coverage.skipped_total)}
            </Link>
          </>
        )}
      </p>
      <ul className="list-disc ps-5">
        {coverage.limits.map((limit) => (
          <li key={limit.code}>
            <Prose text={limit.text} />
          </li>
        ))}
      </ul>
    </div>
  );
}
