import { History } from "lucide-react";
import type { ReactNode } from "react";

import { problemOf } from "@/api/client";
import { nobodyAnswered } from "@/api/keeping";
import { useNow } from "@/lib/clock";
import { formatAge } from "@/lib/format";
import { useOffline } from "@/lib/offline";
import { common } from "@/texts/common";
import { offline as texts } from "@/texts/offline";

import { NextTry } from "./next-try";
import { Problem } from "./problem";
import { Prose } from "./prose";

interface Props {
  /** Why the newest answer did not come; nothing while it may still. */
  error: unknown;
  /** What is loaded, for messages. */
  what: string;
  /** When what is on the screen was read, in milliseconds since the epoch; 0 when nothing is. */
  readAt: number;
  /** Whether it is asked again without anybody's doing. */
  again: boolean;
  onRetry: () => void;
}

/** What stands beside data that may be old, or in the place of data that is not there. */
export default function Trouble({ error, what, readAt, again, onRetry }: Props) {
  const offline = useOffline() !== undefined;
  const absent = error !== null && !again && !nobodyAnswered(error);
  if (absent) return <Problem error={error} what={what} onRetry={onRetry} />;
  if (readAt > 0) return <Age readAt={readAt} error={error} again={again} onRetry={onRetry} />;
  if (offline) return <Told>{texts.notStored}</Told>;
  if (again) return <Resting error={error} />;
  return <Problem error={error} what={what} onRetry={onRetry} />;
}

const Told = ({ children }: { children: ReactNode }) => (
  <p role="status" className="rounded-card border border-dashed border-line px-5 py-6 text-dense text-muted">
    {children}
  </p>
);

/** How old the data is, and why nothing newer came. */
function Age({ readAt, error, again, onRetry }: Omit<Props, "what">) {
  const now = useNow();
  return (
    <p className="mb-2 flex w-fit flex-wrap items-center gap-x-1.5 rounded-control bg-medium-bg px-2 py-0.5 text-meta font-medium text-medium">
      <History size={12} aria-hidden className="shrink-0" />
      {texts.storedAt(formatAge(new Date(readAt).toISOString(), now))}
      {again ? (
        <NextTry error={error} />
      ) : (
        error !== null && (
          <button type="button" className="underline" onClick={onRetry}>
            {common.tryAgain}
          </button>
        )
      )}
    </p>
  );
}

function Resting({ error }: { error: unknown }) {
  const { code, detail } = problemOf(error);
  return (
    <Told>
      {/* What an operator says about it says more than the number. */}
      {code === "maintenance" && (
        <>
          <Prose text={detail} />{" "}
        </>
      )}
      <NextTry error={error} />
    </Told>
  );
}
