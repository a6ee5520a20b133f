/** What a memory begins with when it is made of something on the screen. */
import type { Evidence, Finding, Insight, MemoryEvidence, NewMemory, Repo, Span } from "@/api/types";
import { formatPlace } from "@/lib/format";
import { rememberThis as texts } from "@/texts/memory";

/** The place of a repository's newest report. */
type At = Pick<Repo, "id"> & { commit: string | null };

/** `path:12-30`, as it is stored. */
const placeOf = ({ path, start, end }: Span): string => (start === 0 ? path : `${path}:${start}${end > start ? `-${end}` : ""}`);

const file = (span: Span, { id: repo, commit }: At): MemoryEvidence => ({ kind: "file", target: placeOf(span), repo, commit });

/** Lines of code. */
export const ofLines = (span: Span, at: At): NewMemory => ({ title: texts.linesTitle(formatPlace(span)), kind: "bookmark", evidence: [file(span, at)] });

/** A finding, and the lines it is about. */
export const ofFinding = (finding: Finding, title: string, at: At): NewMemory => ({
  title: `${title}: ${formatPlace(finding.span)}`,
  text: finding.message,
  kind: "note",
  evidence: [{ kind: "finding", target: finding.id, repo: at.id, commit: null }, file(finding.span, at)],
});

/** An insight, and what proves it as far as a memory can rest on it. */
export const ofInsight = ({ title, why, evidence }: Insight, at: At): NewMemory => ({
  title,
  text: why,
  kind: "note",
  evidence: evidence.flatMap((each) => pieceOf(each, at)),
});

function pieceOf(evidence: Evidence, at: At): MemoryEvidence[] {
  if (evidence.type === "span") return [file(evidence.span, at)];
  if (evidence.type === "commit") return [{ kind: "commit", target: evidence.id, repo: at.id, commit: null }];
  return [];
}
