import type { Hotspot } from "@/api/types";
import { formatCount } from "@/lib/count";
import { formatMoment, formatPercent } from "@/lib/format";
import { visible } from "@/lib/visible";
import { Peek } from "@/peek/peek";
import ExplainFigure from "@/repo/explain";
import { MakeTask } from "@/repo/make-task";
import { hotspots as texts } from "@/texts/hotspots";
import { CommitLink } from "@/ui/commit-link";
import { PlaceLink } from "@/ui/place-link";
import { Section } from "@/ui/section";

/**
 * One hotspot: its figures, its share of all in percent, and the files that change together with it. `whole`: in the
 * longest window, of which alone more is known.
 */
export default function HotspotPeek({ hotspot, share, repo, whole }: { hotspot: Hotspot; share: number; repo: string; whole: boolean }) {
  const facts: [name: string, value: string, figure?: string | undefined][] = [
    [texts.columns.commits, formatCount(hotspot.commits)],
    [texts.columns.fixes, formatCount(hotspot.fixes)],
    [texts.columns.recent, formatCount(hotspot.recent_fixes)],
    [texts.columns.authors, formatCount(hotspot.authors)],
    [texts.columns.changed, formatCount(hotspot.changed_lines)],
    [texts.columns.complexity, formatCount(hotspot.complexity)],
    [texts.columns.code, formatCount(hotspot.code)],
    [texts.withTests, formatCount(hotspot.with_tests)],
    [texts.columns.score, formatCount(hotspot.score), whole ? "hotspot_score" : undefined],
    [texts.columns.share, formatPercent(share), whole ? "hotspot_share" : undefined],
  ];
  return (
    <Peek
      label={hotspot.path}
      title={<h2 className="truncate text-dense font-semibold">{visible(hotspot.path.slice(hotspot.path.lastIndexOf("/") + 1))}</h2>}
    >
      {/* A panel of another file has a task of its own. */}
      <div key={hotspot.path} className="flex flex-col gap-5 p-4 text-dense">
        <PlaceLink repo={repo} span={{ path: hotspot.path, start: 0, end: 0 }} />
        <dl className="grid grid-cols-3 gap-px overflow-hidden rounded-card border border-line bg-line">
          {facts.map(([name, value, figure]) => (
            <div key={name} className="bg-bg p-2.5 last:col-span-full">
              <dt className="text-meta text-faint">{name}</dt>
              <dd className="flex items-center gap-1 font-semibold">
                {value}
                {figure && <ExplainFigure figure={figure} of={hotspot.path} label={name} />}
              </dd>
            </div>
          ))}
        </dl>
        <MakeTask of={hotspot.path} text={() => texts.task(repo, hotspot)} />
        {!whole && <p className="text-muted">{texts.wholeOnly}</p>}
        {hotspot.functions.length > 0 && (
          <Section title={texts.functions}>
            <ul className="flex flex-col gap-1.5">
              {hotspot.functions.map((each) => (
                <li key={`${each.start}:${each.name}`}>
                  <div className="flex items-baseline justify-between gap-3">
                    <code className="min-w-0 text-meta [overflow-wrap:anywhere]">{visible(each.name)}</code>
                    <span className="shrink-0 text-muted">{texts.changed(each.commits, each.fixes)}</span>
                  </div>
                  <div className="flex items-baseline justify-between gap-3">
                    <PlaceLink repo={repo} span={{ path: hotspot.path, start: each.start, end: each.end }} className="min-w-0" />
                    <span className="shrink-0 text-meta text-faint">{texts.complexityOf(each.cognitive)}</span>
                  </div>
                </li>
              ))}
            </ul>
            <p className="mt-1.5 text-meta text-faint">{texts.functionsHint(hotspot.followed, hotspot.commits)}</p>
          </Section>
        )}
        {hotspot.corrections.length > 0 && (
          <Section title={texts.corrections}>
            <ol className="flex flex-col gap-2">
              {hotspot.corrections.map((each) => (
                <li key={`${each.introduced.id}:${each.fixed.id}`}>
                  <p className="text-muted">{texts.correction(each.lines, each.days)}</p>
                  {[each.introduced, each.fixed].map((commit) => (
                    <p key={commit.id} className="flex items-baseline gap-2" title={formatMoment(commit.time)}>
                      <CommitLink repo={repo} id={commit.id} />
                      <span className="min-w-0 [overflow-wrap:anywhere]">{visible(commit.subject)}</span>
                    </p>
                  ))}
                </li>
              ))}
            </ol>
          </Section>
        )}
        <Section title={texts.coupled}>
          {hotspot.coupled.length === 0 ? (
            <p className="text-muted">{texts.noCoupling}</p>
          ) : (
            <ul className="flex flex-col gap-1">
              {hotspot.coupled.map((each) => (
                <li key={each.path} className="flex items-baseline justify-between gap-3">
                  <PlaceLink repo={repo} span={{ path: each.path, start: 0, end: 0 }} className="min-w-0" />
                  <span className="shrink-0 text-muted">{texts.coupledIn(each.together, each.of)}</span>
                </li>
              ))}
            </ul>
          )}
        </Section>
      </div>
    </Peek>
  );
}
