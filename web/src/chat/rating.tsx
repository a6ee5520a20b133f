import { useMutation } from "@tanstack/react-query";
import { ThumbsDown, ThumbsUp } from "lucide-react";
import { useState } from "react";

import { rateMessage } from "@/api/chat";
import { problemOf } from "@/api/client";
import type { ChatMessage, ChatRating } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { useOffline } from "@/lib/offline";
import { said as texts } from "@/texts/conversation";
import { Button, buttonLook } from "@/ui/button";
import { toast } from "@/ui/toast";

/** What the reader thinks of an answer, and of one that did not help, why. */
export function Rating({ thread, message }: { thread: string; message: ChatMessage }) {
  const offline = useOffline();
  const [asking, setAsking] = useState(false);
  const rate = useMutation({ ...rateMessage(useWorkspace(), thread), onError: (error) => toast(problemOf(error).detail) });
  const { rating, reasons } = message;
  const say = (wanted: ChatRating) => {
    const taken = rating === wanted;
    rate.mutate({ message: message.id, rating: taken ? null : wanted, reasons: [] });
    setAsking(!taken && wanted === "down");
  };
  const because = (reason: string) =>
    rate.mutate({ message: message.id, rating: "down", reasons: reasons.includes(reason) ? reasons.filter((each) => each !== reason) : [...reasons, reason] });
  return (
    <>
      <Button look="ghost" icon={ThumbsUp} aria-pressed={rating === "up"} className={rating === "up" ? "!text-ok" : ""} blocked={offline} onClick={() => say("up")}>
        {texts.helped}
      </Button>
      <Button look="ghost" icon={ThumbsDown} aria-pressed={rating === "down"} className={rating === "down" ? "!text-high" : ""} blocked={offline} onClick={() => say("down")}>
        {texts.notHelped}
      </Button>
      {rating === "down" && (asking || reasons.length > 0) && (
        <fieldset className="flex w-full flex-wrap items-center gap-1.5">
          <legend className="mb-1 text-meta text-faint">{texts.why}</legend>
          {texts.reasons.map((reason) => (
            <button
              key={reason}
              type="button"
              aria-pressed={reasons.includes(reason)}
              className={buttonLook("secondary", cx(reasons.includes(reason) && "!border-accent !text-accent"))}
              onClick={() => because(reason)}
            >
              {reason}
            </button>
          ))}
        </fieldset>
      )}
    </>
  );
}
