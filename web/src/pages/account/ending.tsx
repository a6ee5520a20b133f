import { SessionLine } from "@/account/session-line";
import type { AccountSession } from "@/api/types";
import { account as texts } from "@/texts/account";

/** The sessions that end with the old password. */
export default function Ending({ sessions }: { sessions: readonly AccountSession[] }) {
  if (sessions.length === 0) return <p className="text-dense text-muted">{texts.endsNone}</p>;
  return (
    <div className="text-dense text-muted">
      <p>{texts.ends(sessions.length)}</p>
      <ul className="scroll-thin mt-2 flex max-h-48 flex-col gap-2 overflow-y-auto">
        {sessions.map((session) => (
          <li key={session.id} className="rounded-control bg-subtle px-3 py-2">
            <SessionLine session={session} />
          </li>
        ))}
      </ul>
    </div>
  );
}
