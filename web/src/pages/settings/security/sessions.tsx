import { LogOut } from "lucide-react";
import { useState } from "react";

import { revokeSession, sessionsQuery, signOut } from "@/api/account";
import { queryClient } from "@/api/client";
import type { AccountSession } from "@/api/types";
import { deviceOf } from "@/account/device";
import { SessionLine } from "@/account/session-line";
import { useLeave } from "@/app/leave";
import { useOffline } from "@/lib/offline";
import { own as texts } from "@/texts/own-settings";
import { Button } from "@/ui/button";
import { Panel } from "@/ui/panel";
import { Problem } from "@/ui/problem";

/** Every place where one is signed in; each can be ended, and what is open there closes within a second. */
export default function Sessions({ sessions }: { sessions: readonly AccountSession[] }) {
  const leave = useLeave();
  const offline = useOffline();
  const [busy, setBusy] = useState<string>();
  const [failure, setFailure] = useState<unknown>();
  const [said, setSaid] = useState("");
  const alone = sessions.every((session) => session.current);

  /** Ends some, and reads the list again: what it shows is what the server knows. */
  const end = async (which: string, run: () => Promise<{ ended: number }>) => {
    setBusy(which);
    setFailure(undefined);
    try {
      setSaid(texts.ended((await run()).ended));
    } catch (error) {
      setFailure(error);
    }
    await queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    setBusy(undefined);
  };

  return (
    <Panel
      title={texts.sessions}
      note={sessions.length}
      actions={
        <>
          <Button
            busy={busy === "others"}
            blocked={offline ?? (alone ? texts.noOthers : undefined)}
            onClick={() => void end("others", () => signOut("others"))}
          >
            {texts.others}
          </Button>
          <Button look="ghost" blocked={offline} onClick={() => void leave("all")}>
            {texts.everywhere}
          </Button>
        </>
      }
    >
      <p role="status" className="mb-2 text-dense text-ok empty:hidden">
        {said}
      </p>
      {failure !== undefined && (
        <div className="mb-3">
          <Problem error={failure} />
        </div>
      )}
      <ul className="divide-y divide-line rounded-card border border-line">
        {sessions.map((session) => (
          <li key={session.id} className="flex items-center justify-between gap-3 px-4 py-3 text-dense">
            <SessionLine session={session} />
            <Button
              icon={LogOut}
              aria-label={texts.signOutNamed(deviceOf(session.user_agent))}
              busy={busy === session.id}
              blocked={offline}
              onClick={() =>
                void (session.current ? leave() : end(session.id, () => revokeSession(session.id).then(() => ({ ended: 1 }))))
              }
            >
              {texts.signOut}
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
