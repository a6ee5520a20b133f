import type { ChatSource } from "@/api/types";
import { visible } from "@/lib/visible";
import { source as texts } from "@/texts/conversation";
import { RichText } from "@/ui/rich-text";

interface Props {
  source: ChatSource;
  /** At most so many lines. */
  lines?: number;
}

/** What a source says, as it was read for the answer. */
export function Passage({ source: { kind, text, place }, lines = Number.POSITIVE_INFINITY }: Props) {
  if (kind !== "code" && kind !== "snippet") {
    return (
      <div className={`text-dense text-muted ${lines < Number.POSITIVE_INFINITY ? "line-clamp-6" : ""}`}>
        <RichText text={text} repo={undefined} />
      </div>
    );
  }
  const all = text.replace(/\n$/, "").split("\n");
  const first = place && place.start > 0 ? place.start : 1;
  return (
    <div role="region" aria-label={texts.lines} tabIndex={0} data-testid="passage" className="scroll-thin overflow-x-auto rounded-card bg-sunken py-2">
      <div className="w-max min-w-full">
        {all.slice(0, lines).map((line, at) => (
          <div key={at} className="code-line">
            <span className="code-number">{first + at}</span>
            <span className="code-text">{visible(line)}</span>
          </div>
        ))}
        {all.length > lines && <p className="ps-14 text-meta text-faint">…</p>}
      </div>
    </div>
  );
}
