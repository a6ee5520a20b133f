import { useSearch } from "@tanstack/react-router";
import { ArrowDown } from "lucide-react";
import { Suspense, useEffect, useRef } from "react";

import type { AskMentor, ChatMessage, ChatThreadDetail } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { Answer } from "@/chat/answer";
import { ask, dismiss, kept, stop, useAsking } from "@/chat/asking";
import { Composer } from "@/chat/composer";
import { draftOf, editing, writeDraft } from "@/chat/drafts";
import { Question } from "@/chat/question";
import { questionOf } from "@/chat/question-of";
import { useKeys } from "@/lib/keys";
import { part } from "@/lib/part";
import { parsePeek } from "@/lib/peek";
import { chat } from "@/texts/chat";
import { asking as texts, said, thread as words } from "@/texts/conversation";
import { Button } from "@/ui/button";
import { Problem } from "@/ui/problem";

import { copyCode, jump } from "./keys";
import { Now, Told } from "./now";
import { useEnd } from "./end";

const CitePeek = part(() => import("@/chat/cite-peek"));

interface Props {
  detail: ChatThreadDetail;
  /** The address of the repository that it is about. */
  repo: string | undefined;
}

/** What was said, what is being said, and where it goes on. */
export default function Conversation({ detail: { thread, messages }, repo }: Props) {
  const ws = useWorkspace();
  const { asking, error } = useAsking(thread.id);
  const shown = asking ? kept(messages, asking.question, asking.begun) : messages;
  const list = useRef<HTMLDivElement>(null);
  const { away, toEnd, toTop } = useEnd(list);
  const target = parsePeek(useSearch({ strict: false }).peek);
  const say = (question: AskMentor) => {
    toEnd();
    void ask(ws, thread.id, question);
  };
  const lastQuestion = messages.findLast(({ speaker }) => speaker === "person");
  const lastAnswer = messages.findLast(({ speaker }) => speaker === "mentor");
  const excluded = () => [...draftOf(ws, thread.id).excluded];
  /** The last question once more; what it found before is replaced. */
  const again = (answer: ChatMessage, evidence = false) => say({ again: answer.id, mode: answer.mode, excluded: excluded(), ...(evidence ? { evidence_only: true } : {}) });
  const edit = (question: ChatMessage) => {
    writeDraft(ws, thread.id, editing(question));
    document.querySelector<HTMLElement>("#page textarea")?.focus();
  };
  // Passages are read from the first one on: nobody has followed them as they came.
  const passages = !asking && lastAnswer?.answer?.writer?.kind === "nobody" ? lastAnswer.id : undefined;
  useEffect(() => {
    if (passages) toTop([...(list.current?.querySelectorAll("[data-question]") ?? [])].at(-1));
  }, [passages, toTop]);
  useKeys({
    Escape: () => stop(thread.id),
    // With a source beside the page, these keys step through the sources.
    n: () => target?.kind !== "cite" && jump(list.current, 1),
    "Shift n": () => target?.kind !== "cite" && jump(list.current, -1),
    y: () => copyCode(list.current),
  });
  return (
    <>
      <div ref={list} className="scroll-thin relative min-h-0 flex-1 overflow-y-auto" tabIndex={-1}>
        <div className="@container mx-auto flex w-full max-w-[calc(72ch+3rem)] flex-col gap-5 p-4 sm:p-6">
          {!thread.can.ask && <p className="text-dense text-faint">{chat.theirs}</p>}
          {shown.length === 0 && !asking && <p className="text-muted">{words.empty}</p>}
          {shown.map((message) =>
            message.speaker === "person" ? (
              <Question
                key={message.id}
                text={message.text}
                attached={message.attached}
                mode={message.mode}
                onEdit={thread.can.ask && !asking ? () => edit(message) : undefined}
              />
            ) : (
              <article key={message.id} className="min-w-0" data-answer>
                <h2 className="sr-only">{said.answer}</h2>
                {message.state === "answering" ? (
                  <p className="text-dense text-muted">{words.elsewhere}</p>
                ) : (
                  <Answer
                    thread={thread}
                    question={messages.find(({ id }) => id === message.question)?.text ?? ""}
                    message={message}
                    last={message.id === lastAnswer?.id && !asking}
                    onAgain={() => again(message)}
                    onContinue={() => say({ text: said.continueText, mode: message.mode, excluded: excluded() })}
                  />
                )}
              </article>
            ),
          )}
          {asking && <Now asking={asking} messages={messages} />}
          {error !== undefined && (
            <div className="flex flex-col gap-2">
              <Problem error={error} />
              <div className="flex flex-wrap gap-2">
                {lastAnswer && lastAnswer.state !== "done" && (
                  <>
                    <Button onClick={() => again(lastAnswer)}>{texts.again}</Button>
                    <Button onClick={() => again(lastAnswer, true)}>{texts.evidence}</Button>
                  </>
                )}
                <Button look="ghost" onClick={() => dismiss(thread.id)}>
                  {texts.close}
                </Button>
              </div>
            </div>
          )}
        </div>
      </div>
      <Told asking={asking !== undefined} last={lastAnswer} />
      <div className="relative mx-auto w-full max-w-[calc(72ch+3rem)] shrink-0 px-4 pb-4 sm:px-6">
        {away && (
          <span className="absolute inset-x-0 -top-10 flex justify-center">
            <Button icon={ArrowDown} className="shadow-overlay" onClick={toEnd}>
              {texts.latest}
            </Button>
          </span>
        )}
        {thread.can.ask && (
          <Composer
            workspace={ws}
            thread={thread.id}
            repo={repo}
            running={asking && (asking.stopping ? "stopping" : "writing")}
            last={lastQuestion}
            onAsk={(draft) => say(questionOf(draft))}
            onStop={() => stop(thread.id)}
          />
        )}
      </div>
      <Suspense>{target?.kind === "cite" && <CitePeek messages={messages} id={target.id} about={thread.repo} />}</Suspense>
    </>
  );
}
