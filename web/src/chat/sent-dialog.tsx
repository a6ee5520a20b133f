import { useQuery } from "@tanstack/react-query";

import { sentQuery } from "@/api/chat";
import { useWorkspace } from "@/api/workspace";
import { sent as texts } from "@/texts/conversation";
import { Dialog } from "@/ui/dialog";
import { Loaded, SkeletonRows } from "@/ui/loaded";

import { Destination, PromptText } from "./prompt-view";

/** What a model was sent for an answer, word for word. */
export default function SentDialog({ message, onClose }: { message: string; onClose: () => void }) {
  const query = useQuery(sentQuery(useWorkspace(), message));
  return (
    <Dialog title={texts.past} onClose={onClose} className="w-[min(760px,calc(100vw-32px))]">
      <Loaded query={query} what={texts.whatSent} skeleton={<SkeletonRows rows={6} />}>
        {({ data: { prompt, to } }) =>
          prompt ? (
            <div className="flex flex-col gap-3 text-dense">
              <Destination to={to} />
              <PromptText prompt={prompt} />
            </div>
          ) : (
            <p className="text-dense text-muted">{texts.none}</p>
          )
        }
      </Loaded>
    </Dialog>
  );
}
