import { useEffect, useRef, useState } from "react";

import type { ChatMessage } from "@/api/types";
import type { Asking } from "@/chat/asking";
import { Question } from "@/chat/question";
import { Running } from "@/chat/running";
import { citedIn } from "@/chat/said";
import { asking as texts, said } from "@/texts/conversation";

/** The question that is being answered, and the answer as far as it came. */
export function Now({ asking, messages }: { asking: Asking; messages: readonly ChatMessage[] }) {
  const { question, begun } = asking;
  // Asked again, it is the question that is there.
  const earlier = messages.find(({ id }) => id === messages.find((answer) => answer.id === question.again)?.question);
  const known = begun?.question ?? earlier;
  return (
    <>
      <Question text={known?.text ?? question.text ?? ""} attached={known?.attached ?? question.attached ?? []} mode={question.mode ?? "answer"} />
      <article className="min-w-0" data-running>
        <h2 className="sr-only">{said.answer}</h2>
        <Running asking={asking} />
      </article>
    </>
  );
}

/** What is read out: that an answer began, and how it ended. Never its words. */
export function Told({ asking, last }: { asking: boolean; last: ChatMessage | undefined }) {
  const [told, tell] = useState("");
  const was = useRef(false);
  useEffect(() => {
    if (asking) tell(texts.started);
    else if (was.current) tell(endOf(last));
    was.current = asking;
  }, [asking, last]);
  return (
    <p role="status" className="sr-only">
      {told}
    </p>
  );
}

function endOf(last: ChatMessage | undefined): string {
  if (!last?.answer || last.state === "failed") return texts.failed;
  if (last.state === "stopped") return texts.stopped;
  return texts.complete(citedIn(last.answer).length);
}
