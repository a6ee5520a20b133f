import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { insightsQuery, repoQuery } from "@/api/queries";
import { linesQuery } from "@/api/code";
import { hotspotsQuery } from "@/api/report";
import type { Insight } from "@/api/types";
import { SAMPLE } from "@/api/workspace";
import { formatCount } from "@/lib/count";
import { formatEffort, formatPlace } from "@/lib/format";
import { peekText } from "@/lib/peek";
import { visible } from "@/lib/visible";
import { SAMPLE_REPO } from "@/repo/sample";
import { landing as texts } from "@/texts/landing";
import { CodeLines } from "@/ui/code";
import { GradeBadge } from "@/ui/grade-badge";
import { Prose } from "@/ui/prose";
import { SeverityMark, SeverityTally } from "@/ui/severity";

/** Hotspots that are shown. */
const FILES = 3;
/** Lines of code before and after the one that is meant. */
const AROUND = 2;

const params = { ws: SAMPLE, repo: SAMPLE_REPO };

/** A piece of the sample's report, as the program gives it now. */
export default function FromSample() {
  const repo = useQuery(repoQuery(SAMPLE, SAMPLE_REPO)).data?.data;
  const insight = useQuery(insightsQuery(SAMPLE, SAMPLE_REPO)).data?.items[0];
  const hotspots = useQuery(hotspotsQuery(SAMPLE, SAMPLE_REPO)).data?.items.slice(0, FILES) ?? [];
  // Somewhere without the sample, the words beside this are enough.
  if (!repo?.latest) return <div />;
  return (
    <section aria-label={texts.from} className="min-w-0 rounded-dialog border border-line bg-bg">
      <header className="flex flex-wrap items-center gap-3 border-b border-line px-5 py-4">
        <GradeBadge grade={repo.latest.grade} size="medium" />
        <div className="min-w-40 flex-1">
          <p className="text-meta text-faint">{texts.from}</p>
          <Link to="/w/$ws/repos/$repo" params={params} className="block truncate font-semibold hover:underline">
            {visible(repo.name)}
          </Link>
        </div>
        <SeverityTally counts={repo.latest.findings} />
      </header>
      {insight && <First insight={insight} />}
      {hotspots.length > 0 && (
        <div className="border-t border-line px-5 py-4">
          <h3 className="mb-2 text-dense font-semibold">{texts.changes}</h3>
          <ul className="flex flex-col gap-1.5">
            {hotspots.map((each) => (
              <li key={each.path} className="flex items-center gap-3 text-dense">
                <code className="min-w-0 flex-1 truncate text-meta">{visible(each.path)}</code>
                <span className="w-20 shrink-0 text-end text-meta text-muted">
                  {formatCount(each.commits)} {texts.commits}
                </span>
                <i aria-hidden className="h-1.5 w-20 shrink-0 overflow-hidden rounded-full bg-sunken sm:w-28">
                  <i className="block h-full rounded-full bg-accent" style={{ width: `${Math.min(100, each.score)}%` }} />
                </i>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

/** The first insight with the lines that prove it. */
function First({ insight }: { insight: Insight }) {
  const proof = insight.evidence.find((each) => each.type === "span");
  const span = proof?.type === "span" && proof.span.start > 0 ? proof.span : undefined;
  const [from, to] = [Math.max(1, (span?.start ?? 1) - AROUND), (span?.end ?? 1) + AROUND];
  const lines = useQuery({ ...linesQuery(SAMPLE, SAMPLE_REPO, undefined, span?.path ?? "", from, to), enabled: span !== undefined });
  return (
    <div className="px-5 py-4">
      <div className="flex items-center justify-between gap-3">
        <p className="text-meta text-faint">{texts.first}</p>
        <SeverityMark severity={insight.severity} />
      </div>
      <h2 className="mt-1 text-body font-semibold [overflow-wrap:anywhere]">
        <Prose text={insight.title} />
      </h2>
      <p className="mt-1 line-clamp-3 text-dense text-muted">
        <Prose text={insight.why} />
      </p>
      {span && (
        <div className="mt-3 overflow-hidden rounded-control border border-line">
          <p className="flex items-center justify-between gap-3 border-b border-line bg-subtle px-3 py-1 text-meta">
            <Link
              to="/w/$ws/repos/$repo"
              params={params}
              search={{ peek: peekText({ kind: "source", repo: SAMPLE_REPO, ...span }) }}
              className="truncate font-mono text-accent hover:underline"
            >
              {formatPlace(span)}
            </Link>
            <span className="shrink-0 text-muted">{formatEffort(insight.effort.min_minutes, insight.effort.max_minutes)}</span>
          </p>
          <div className="min-h-28 text-meta">
            {lines.data && <CodeLines lines={lines.data.data.lines} start={span.start} end={span.end} label={formatPlace(span)} />}
          </div>
        </div>
      )}
    </div>
  );
}
