import type { Blame } from "@/api/types";
import { formatAge, formatMoment, shortCommit } from "@/lib/format";
import { ageStep } from "@/lib/lines";
import { visible } from "@/lib/visible";
import { code as texts } from "@/texts/code";

/** Where one line comes from. */
export interface BlameLine {
  /** Whether its stretch begins with it. */
  lead: boolean;
  /** Position among the commits; nothing where it is not known. */
  commit: number | null;
  author: string;
  subject: string;
  age: string;
  /** How old it is among the lines of the file: 5 is the newest. */
  step: number;
}

/** What a card is about, and where what it is about stands. */
export interface Shown {
  commit: number;
  left: number;
  top: number;
  bottom: number;
}

/** Every line with the commit it comes from. */
export function blameLines(blame: Blame, now = Date.now()): Map<number, BlameLine> {
  const times = blame.commits.map((commit) => Date.parse(commit.authored));
  const [oldest, newest] = [Math.min(...times), Math.max(...times)];
  const all = new Map<number, BlameLine>();
  for (const { start, end, commit } of blame.runs) {
    const known = commit === null ? undefined : blame.commits[commit];
    const line = {
      commit: known ? commit : null,
      author: known?.author ?? "",
      subject: known?.subject ?? "",
      age: known ? formatAge(known.authored, now) : "",
      step: known ? ageStep(Date.parse(known.authored), oldest, newest) : 1,
    };
    for (let number = start; number <= end; number += 1) all.set(number, { ...line, lead: number === start });
  }
  return all;
}

/** What the strip beside the lines means. */
export function Ages() {
  return (
    <p className="flex items-center gap-1.5 text-meta text-muted" aria-label={texts.ages}>
      {texts.olderEnd}
      {([1, 2, 3, 4, 5] as const).map((step) => (
        <svg key={step} width={14} height={10} aria-hidden>
          <rect width={14} height={10} rx={2} fill={`var(--heat-${step})`} stroke="var(--line)" />
        </svg>
      ))}
      {texts.newer}
    </p>
  );
}

/** The commit that lines come from, beside them while they are pointed at or have the focus. */
export function BlameCard({ shown, blame }: { shown: Shown; blame: Blame }) {
  const commit = blame.commits[shown.commit];
  if (!commit) return null;
  const count = blame.runs.reduce((sum, run) => sum + (run.commit === shown.commit ? run.end - run.start + 1 : 0), 0);
  // The policy of the page lets scripts set positions, not markup.
  const place = (box: HTMLDivElement | null) => {
    if (!box) return;
    const below = shown.bottom + 4;
    const fits = below + box.offsetHeight <= innerHeight - 8;
    box.style.left = `${Math.max(8, Math.min(shown.left, innerWidth - box.offsetWidth - 8))}px`;
    box.style.top = `${fits ? below : Math.max(8, shown.top - 4 - box.offsetHeight)}px`;
  };
  return (
    <div ref={place} role="status" className="pointer-events-none fixed z-30 flex max-w-96 flex-col gap-0.5 rounded-card bg-raised p-3 text-dense text-text shadow-overlay">
      <p className="font-medium [overflow-wrap:anywhere]">{visible(commit.subject)}</p>
      <p className="text-muted">
        {visible(commit.author)} · {formatMoment(commit.authored)}
      </p>
      <p className="text-meta text-faint">
        <code>{shortCommit(commit.id)}</code> · {texts.lines(count)}
        {commit.edge && ` · ${texts.edge}`}
      </p>
    </div>
  );
}
