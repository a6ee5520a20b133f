import { useQuery } from "@tanstack/react-query";
import { EyeOff } from "lucide-react";
import { Suspense } from "react";

import { linesQuery } from "@/api/code";
import { repoQuery } from "@/api/queries";
import type { Finding, FindingPage, RuleInfo, Suppression } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { ofTheFinding } from "@/chat/attachments";
import { formatDay } from "@/lib/format";
import { part } from "@/lib/part";
import { visible } from "@/lib/visible";
import { ofFinding } from "@/memory/draft";
import { Peek } from "@/peek/peek";
import { common } from "@/texts/common";
import { findings as texts } from "@/texts/findings";
import { advisories } from "@/texts/advisories";
import { source } from "@/texts/source";
import { Button } from "@/ui/button";
import { CodeLines } from "@/ui/code";
import { PlaceLink } from "@/ui/place-link";
import { SeverityMark } from "@/ui/severity";
import { Tag } from "@/ui/tag";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { Prose } from "@/ui/prose";
import { Section } from "@/ui/section";

const Remember = part(() => import("@/memory/remember").then((module) => ({ default: module.Remember })));
const AskAbout = part(() => import("@/chat/ask-about"));
const Judge = part(() => import("./judge"));

/** Lines of code around the finding. */
const AROUND = 4;

interface Props {
  finding: Finding | undefined;
  rule: RuleInfo | undefined;
  repo: string;
  /** What people here say of its rule. */
  said: FindingPage["verdicts"][string] | undefined;
  /** Who decided not to act on it, and why. */
  decision: Suppression | undefined;
  /** Nothing where it cannot be suppressed. */
  onSuppress: (() => void) | undefined;
}

/** One finding: the code, why it matters, how to fix it, and since when it is there. */
export default function FindingPeek({ finding, rule, repo, said, decision, onSuppress }: Props) {
  const known = useQuery(repoQuery(useWorkspace(), repo)).data?.data;
  if (!finding) {
    return (
      <Peek label={texts.title} title={<h2 className="text-dense font-semibold">{texts.title}</h2>}>
        <p className="p-4 text-dense text-muted">{texts.notLoaded}</p>
      </Peek>
    );
  }
  return (
    <Peek
      label={rule?.title ?? finding.rule}
      title={<h2 className="truncate text-dense font-semibold"><Prose text={rule?.title ?? finding.rule} /></h2>}
    >
      <div className="flex flex-col gap-5 p-4 text-dense">
        <div className="flex flex-col gap-2">
          <div className="flex flex-wrap items-center gap-2">
            <SeverityMark severity={finding.severity} />
            <Tag>{texts.kinds[finding.kind]}</Tag>
            {finding.in_test && <Tag>{finding.in_example ? texts.inExample : texts.inTest}</Tag>}
            {finding.confidence && <span className="text-meta text-faint">{texts.confidence[finding.confidence]}</span>}
          </div>
          <p className="text-body [overflow-wrap:anywhere]"><Prose text={finding.message} /></p>
          {decision && (
            <p className="rounded-control bg-subtle px-2.5 py-1.5 text-muted [overflow-wrap:anywhere]">
              {finding.suppressed?.ended ? texts.suppress.endedTag : texts.suppress.because}: {texts.suppress.kinds[decision.kind]}
              {decision.reason !== "" && `, ${visible(decision.reason)}`}
            </p>
          )}
          <div className="flex flex-wrap gap-2 empty:hidden">
            {onSuppress && finding.state === "open" && (
              <Button icon={EyeOff} onClick={onSuppress}>
                {texts.suppress.action}
              </Button>
            )}
            {known && (
              <Suspense>
                <Remember key={finding.id} of={() => ofFinding(finding, rule?.title ?? finding.rule, { id: known.id, commit: known.latest?.commit ?? null })} />
                <AskAbout about={() => ofTheFinding(finding, rule?.title ?? finding.rule)} repo={known.id} />
              </Suspense>
            )}
          </div>
        </div>
        <Section title={texts.where}>
          <PlaceLink repo={repo} span={finding.span} />
          {finding.symbol && <code className="ms-2 text-faint">{visible(finding.symbol)}</code>}
          {finding.span.start > 0 && <Snippet repo={repo} finding={finding} />}
        </Section>
        {finding.package && (
          <Section title={texts.package}>
            <p className="font-medium">
              {visible(finding.package.name)} {visible(finding.package.version)}
            </p>
            <p className="text-muted">{finding.package.fixed ? advisories.fixedIn(finding.package.fixed) : advisories.noFix}</p>
            <p className="text-meta text-faint">{[finding.package.advisory, ...finding.package.aliases].join(" · ")}</p>
            {finding.package.via.length > 0 && (
              <p className="mt-1 text-muted">
                {texts.through}: {finding.package.via.map(visible).join(" → ")}
              </p>
            )}
          </Section>
        )}
        {rule && (
          <>
            <Section title={texts.why}>
              <p className="text-muted"><Prose text={rule.why} /></p>
            </Section>
            <Section title={texts.fix}>
              <p className="text-muted"><Prose text={rule.fix} /></p>
            </Section>
          </>
        )}
        <Section title={texts.rule}>
          <p>
            <code>{finding.rule}</code>
            {rule?.cwe.map((cwe) => (
              <span key={cwe} className="ms-2 text-meta text-faint">
                CWE-{cwe}
              </span>
            ))}
          </p>
          {rule?.links.map((link) => (
            <a
              key={link}
              href={link}
              target="_blank"
              rel="noreferrer noopener"
              className="block truncate text-accent hover:underline"
              title={`${link} (${common.opensNewTab})`}
            >
              {host(link)}
              <span className="sr-only"> ({common.opensNewTab})</span>
            </a>
          ))}
        </Section>
        {onSuppress && (
          <Section title={texts.verdict.title}>
            <Suspense>
              <Judge finding={finding} said={said} repo={repo} />
            </Suspense>
          </Section>
        )}
        <Section title={texts.history}>
          <p className="text-muted">
            {texts.firstSeen(formatDay(finding.first_seen_at))}, {texts.lastSeen(formatDay(finding.last_seen_at))}
          </p>
          {finding.state === "gone" && <p className="text-ok">{texts.gone}</p>}
        </Section>
      </div>
    </Peek>
  );
}

function Snippet({ repo, finding }: { repo: string; finding: Finding }) {
  const { path, start, end } = finding.span;
  // Long functions are cut: the link above opens all of it.
  const last = Math.min(end, start + 20);
  const query = useQuery(linesQuery(useWorkspace(), repo, undefined, path, Math.max(1, start - AROUND), last + AROUND));
  return (
    <div className="mt-2 overflow-hidden rounded-card border border-line">
      <Loaded query={query} what={source.what} skeleton={<SkeletonRows rows={6} height="h-4" />}>
        {({ data }) => <CodeLines lines={data.lines} start={start} end={end} label={source.label(path)} />}
      </Loaded>
    </div>
  );
}

/** Where an outside link leads. Links that are not web addresses lead nowhere. */
function host(link: string): string {
  try {
    const url = new URL(link);
    return url.host + (url.pathname === "/" ? "" : url.pathname);
  } catch {
    return link;
  }
}
