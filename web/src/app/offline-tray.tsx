import type { Problem } from "@devmentor/client";

import { useNow } from "@/lib/clock";
import { formatAge } from "@/lib/format";
import { visible } from "@/lib/visible";
import { hasSides, isConflict, OLD, type Change } from "@/offline/change";
import { again, drop } from "@/offline/queue";
import { offline as texts } from "@/texts/offline";
import { Button } from "@/ui/button";
import { Popover } from "@/ui/popover";
import { toast } from "@/ui/toast";

interface Props {
  changes: readonly Change[];
  /** How many there are, in words. */
  words: string;
  onChoose: (key: string) => void;
}

/** Why a change needs its maker. Whether the server took one whose outcome is unknown, nobody can say. */
function why(trouble: Problem): string {
  if (isConflict(trouble)) return texts.conflict;
  return trouble.code === "outcome_unknown" || trouble.code === OLD ? visible(trouble.detail) : texts.refused(visible(trouble.detail));
}

/** What is not saved yet, by the count that opens it. */
export default function OfflineTray({ changes, words, onChoose }: Props) {
  const now = useNow();
  const stored = changes.every((each) => each.order !== undefined);
  return (
    <Popover
      label={texts.tray}
      trigger={words}
      triggerClass="underline underline-offset-2"
      className="w-96 p-4 text-start font-normal"
    >
      {(close) => (
        <div className="flex flex-col gap-3 text-dense">
          <p className="text-meta text-muted">{stored ? texts.trayHint : texts.unstoredHint}</p>
          <ul className="scroll-thin flex max-h-80 flex-col gap-2 overflow-y-auto">
            {changes.map((change) => (
              <li key={change.key} className="flex items-start gap-2 border-t border-line pt-2">
                <div className="min-w-0 flex-1">
                  <p className="[overflow-wrap:anywhere]">{visible(change.label)}</p>
                  <p className="text-meta text-faint">{formatAge(new Date(change.at).toISOString(), now)}</p>
                  {change.trouble && (
                    <p className="text-meta text-critical">
                      {why(change.trouble)}
                    </p>
                  )}
                </div>
                {change.trouble && hasSides(change) && isConflict(change.trouble) && (
                  <Button
                    onClick={() => {
                      close();
                      onChoose(change.key);
                    }}
                  >
                    {texts.choose}
                  </Button>
                )}
                {change.trouble && !isConflict(change.trouble) && (
                  <Button
                    aria-label={`${change.trouble.code === OLD ? texts.sendNow : texts.again}: ${visible(change.label)}`}
                    onClick={() => {
                      void again(change);
                      close();
                    }}
                  >
                    {change.trouble.code === OLD ? texts.sendNow : texts.again}
                  </Button>
                )}
                <Button
                  look="ghost"
                  aria-label={`${texts.drop}: ${visible(change.label)}`}
                  onClick={() => {
                    void drop(change).then((dropped) => toast(dropped ? texts.dropped : texts.notDropped));
                    close();
                  }}
                >
                  {texts.drop}
                </Button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Popover>
  );
}
