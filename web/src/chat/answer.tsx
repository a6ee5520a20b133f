import { BookmarkPlus, ChevronRight, CircleSlash2, FileSearch, Pencil, Play, RefreshCw, Ruler, Sparkles, TriangleAlert } from "lucide-react";
import { Suspense, useState } from "react";

import { mayRemember } from "@/api/memories";
import type { ChatAnswer, ChatMessage, ChatThread } from "@/api/types";
import { useSession } from "@/api/workspace";
import { useOffline } from "@/lib/offline";
import { part } from "@/lib/part";
import { visible } from "@/lib/visible";
import { write } from "@/memory/writing";
import { useRepoPlace } from "@/repo/place";
import { said as texts } from "@/texts/conversation";
import { Button } from "@/ui/button";
import { CopyButton } from "@/ui/copy";
import { Tag } from "@/ui/tag";

import { AnswerText } from "./answer-text";
import { Cite } from "./cite";
import { removedWords } from "./prompt-view";
import { Rating } from "./rating";
import { answerText, asMemory, citedIn, fellBack, unsupported, writtenBy } from "./said";
import { SourceList } from "./source-list";

const SentDialog = part(() => import("./sent-dialog"));
const NoModel = part(() => import("./no-model"));

interface Props {
  thread: ChatThread;
  /** The question it answers. */
  question: string;
  message: ChatMessage;
  /** Whether it is the last one: only that is gone on with. */
  last: boolean;
  onAgain: () => void;
  onContinue: () => void;
}

/** An answer as it was kept: what it says, who wrote it, what it rests on, and what can be done with it. */
export function Answer({ thread, question, message, last, onAgain, onContinue }: Props) {
  const { answer, state } = message;
  if (!answer) return null;
  const evidence = answer.writer?.kind === "nobody";
  return (
    <div className="flex min-w-0 flex-col gap-3">
      {state !== "done" && state !== "answering" && <StateLine state={state} note={answer.note} />}
      {evidence ? <Evidence question={question} message={message} answer={answer} /> : <Written thread={thread} message={message} answer={answer} />}
      <Actions thread={thread} question={question} message={message} answer={answer} last={last} onAgain={onAgain} onContinue={onContinue} />
    </div>
  );
}

/** How it ended, where that is not its end. */
function StateLine({ state, note }: { state: "partial" | "stopped" | "failed"; note: string | null }) {
  return (
    <p className="flex flex-wrap items-center gap-2 text-dense text-muted">
      <Tag tone={state === "failed" ? "high" : "medium"} icon={state === "failed" ? TriangleAlert : CircleSlash2}>
        {texts.states[state]}
      </Tag>
      {note && visible(note)}
    </p>
  );
}

/** What a model wrote. */
function Written({ thread, message, answer }: { thread: ChatThread; message: ChatMessage; answer: ChatAnswer }) {
  const repo = useRepoPlace(thread.repo)?.slug;
  const byNumber = new Map(answer.sources.map((source) => [source.number, source]));
  const paths = new Set(answer.sources.flatMap(({ place }) => place?.path ?? []));
  const fallback = fellBack(answer);
  const wrong = unsupported(answer);
  const notes = [message.state === "done" ? answer.note && visible(answer.note) : "", answer.left_out.length > 0 && texts.noRoom(answer.left_out.map(visible).join(", "))].filter(Boolean);
  return (
    <>
      {fallback && <p className="rounded-card bg-medium-bg px-3 py-1.5 text-dense text-medium [overflow-wrap:anywhere]">{fallback}</p>}
      <AnswerText text={message.text} cite={(number) => <Cite number={number} source={byNumber.get(number)} message={message.id} />} places={repo ? { repo, paths } : undefined} />
      {wrong > 0 && (
        <p className="flex items-center gap-1.5 text-dense text-high">
          <TriangleAlert size={14} aria-hidden className="shrink-0" />
          {texts.unsupportedTold(wrong)}
        </p>
      )}
      <div className="flex flex-col gap-1">
        {answer.writer && (
          <p className="flex flex-wrap items-center gap-x-1.5 text-meta text-faint">
            <Sparkles size={12} aria-hidden className="shrink-0" />
            <span className="sr-only">{texts.generated}:</span>
            {writtenBy(answer)}
          </p>
        )}
        {notes.map((note) => (
          <p key={String(note)} className="text-meta text-faint [overflow-wrap:anywhere]">
            {note}
          </p>
        ))}
        {answer.removed.length > 0 && <p className="text-meta text-faint">{texts.removed(removedWords(answer.removed))}</p>}
      </div>
      {answer.sources.length > 0 && <Sources message={message} answer={answer} />}
    </>
  );
}

function Sources({ message, answer }: { message: ChatMessage; answer: ChatAnswer }) {
  const cited = new Set(citedIn(answer).map(({ number }) => number));
  return (
    <details className="group rounded-card border border-line">
      <summary className="flex min-h-8 list-none items-center gap-1.5 px-2.5 text-dense text-muted">
        <ChevronRight size={14} aria-hidden className="transition-transform group-open:rotate-90" />
        {texts.sources(answer.sources.length)}
      </summary>
      <div className="px-2 pb-2">
        <SourceList message={message.id} sources={answer.sources} cited={cited} />
      </div>
    </details>
  );
}

/** What was found, where no model writes: the passages are the answer. */
function Evidence({ question, message, answer }: { question: string; message: ChatMessage; answer: ChatAnswer }) {
  const writer = answer.writer?.kind === "nobody" ? answer.writer : undefined;
  return (
    <>
      <p className="flex items-center gap-1.5 text-dense font-medium">
        <Ruler size={14} aria-hidden className="shrink-0 text-faint" />
        {texts.evidenceMode}
      </p>
      {writer && (
        <Suspense>
          <NoModel writer={writer} missed={fellBack(answer)} />
        </Suspense>
      )}
      {answer.sources.length === 0 ? (
        <p className="text-muted">{texts.nothing}</p>
      ) : (
        <>
          {!answer.direct && <p className="text-muted">{texts.notDirect}</p>}
          <SourceList message={message.id} sources={answer.sources} cited={new Set()} question={question} whole />
        </>
      )}
    </>
  );
}

function Actions({ thread, question, message, answer, last, onAgain, onContinue }: Props & { answer: ChatAnswer }) {
  const session = useSession();
  const offline = useOffline();
  const [showing, setShowing] = useState(false);
  if (message.state === "answering") return null;
  // One that was stopped or broke off names nobody, but somebody wrote it.
  const model = answer.writer?.kind !== "nobody" && message.text !== "";
  const mayAsk = thread.can.ask && last;
  // What somebody else may not see, or nobody wrote, is no memory to begin with.
  const saves = mayRemember(session) && message.text.trim() !== "";
  const remember = (mine: boolean) => write({ workspace: session.workspace.slug, draft: { ...asMemory(question, message), ...(mine ? { scope: "private" } : {}) } });
  return (
    <div className="flex flex-wrap items-center gap-1">
      {message.text !== "" && <CopyButton text={answerText(message.text, answer)} label={texts.copy} />}
      {mayAsk && message.state !== "done" && model && (
        <Button icon={Play} blocked={offline} onClick={onContinue}>
          {texts.continue}
        </Button>
      )}
      {mayAsk && (
        <Button look="ghost" icon={RefreshCw} blocked={offline} onClick={onAgain}>
          {texts.again}
        </Button>
      )}
      {saves && (
        <Button look="ghost" icon={BookmarkPlus} onClick={() => remember(false)}>
          {texts.save}
        </Button>
      )}
      {saves && model && (
        <Button look="ghost" icon={Pencil} onClick={() => remember(true)}>
          {texts.correct}
        </Button>
      )}
      {thread.author === session.user.id && model && (
        <Button look="ghost" icon={FileSearch} onClick={() => setShowing(true)}>
          {texts.sent}
        </Button>
      )}
      {thread.can.ask && <Rating thread={thread.id} message={message} />}
      <Suspense>{showing && <SentDialog message={message.id} onClose={() => setShowing(false)} />}</Suspense>
    </div>
  );
}
