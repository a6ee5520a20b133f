import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { previewQuery } from "@/api/chat";
import type { ChatPreview, ChatSource } from "@/api/types";
import { formatCount } from "@/lib/count";
import { visible } from "@/lib/visible";
import { sent as texts } from "@/texts/conversation";
import { Loaded, SkeletonRows } from "@/ui/loaded";

import { Chip } from "./chips";
import type { Draft } from "./drafts";
import { KIND_ICONS } from "./kinds";
import { Destination, PromptText } from "./prompt-view";
import { previewOf } from "./question-of";

/** How long nobody types before what would be sent is looked up, in milliseconds. */
const REST_MS = 500;

interface Props {
  workspace: string;
  thread: string | undefined;
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
}

/** What a question would be sent with, to whom, and the way to leave pieces out. */
export default function Preview({ workspace, thread, draft, onChange }: Props) {
  const rested = useRested(draft);
  const { excluded } = draft;
  return (
    <section aria-label={texts.title} className="scroll-thin flex max-h-[45dvh] flex-col gap-3 overflow-y-auto rounded-card border border-line bg-bg p-3 text-dense">
      {rested.text.trim() === "" ? <p className="text-muted">{texts.writeFirst}</p> : <Looked workspace={workspace} thread={thread} draft={rested} onExclude={(key) => onChange({ excluded: [...excluded, key] })} />}
      {excluded.length > 0 && (
        <p className="text-meta text-faint">
          {texts.excluded(excluded.length)}{" "}
          <button type="button" className="text-accent underline" onClick={() => onChange({ excluded: [] })}>
            {texts.putBack}
          </button>
        </p>
      )}
    </section>
  );
}

interface LookedProps extends Omit<Props, "onChange"> {
  onExclude: (key: string) => void;
}

function Looked({ workspace, thread, draft, onExclude }: LookedProps) {
  const query = useQuery({ ...previewQuery(workspace, previewOf(draft, thread)), placeholderData: keepPreviousData });
  return (
    <Loaded query={query} what={texts.what} skeleton={<SkeletonRows rows={3} height="h-6" />}>
      {(preview) => (
        <div className="flex flex-col gap-3" aria-busy={query.isPlaceholderData || undefined}>
          <Head preview={preview} />
          <Pieces pieces={preview.pieces} onExclude={onExclude} />
          {preview.left_out.length > 0 && <p className="text-meta text-faint">{texts.leftOut(preview.left_out.map(visible).join(", "))}</p>}
          {preview.prompt && (
            <details>
              <summary className="text-muted">{texts.exact}</summary>
              <div className="mt-2">
                <PromptText prompt={preview.prompt} />
              </div>
            </details>
          )}
        </div>
      )}
    </Loaded>
  );
}

function Head({ preview: { to, tokens, limit } }: { preview: ChatPreview }) {
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1">
      <Destination to={to} />
      <p className="text-meta text-faint">{limit === null ? texts.tokensOnly(formatCount(tokens)) : texts.tokens(formatCount(tokens), formatCount(limit))}</p>
    </div>
  );
}

function Pieces({ pieces, onExclude }: { pieces: readonly ChatSource[]; onExclude: (key: string) => void }) {
  if (pieces.length === 0) return <p className="text-muted">{texts.noPieces}</p>;
  return (
    <ul aria-label={texts.pieces} className="flex flex-col gap-1.5">
      {pieces.map((piece) => {
        const note = [texts.tokensOnly(formatCount(piece.tokens)), piece.added === "you" ? texts.you : visible(piece.why.replaceAll("`", ""))];
        // What somebody has put there they take away where they put it.
        const takes = piece.added === "you" ? {} : { takeLabel: texts.exclude(visible(piece.name)), onTake: () => onExclude(piece.key) };
        return <Chip key={piece.key} icon={KIND_ICONS[piece.kind]} name={piece.name} notes={note} {...takes} />;
      })}
    </ul>
  );
}

/** The draft as it was when it was last left alone for a moment. What is not typed counts at once. */
function useRested(draft: Draft): Draft {
  const [text, setText] = useState(draft.text);
  useEffect(() => {
    const timer = setTimeout(() => setText(draft.text), REST_MS);
    return () => clearTimeout(timer);
  }, [draft.text]);
  return { ...draft, text };
}

