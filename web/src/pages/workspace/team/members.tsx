import { useNavigate } from "@tanstack/react-router";
import { Suspense, useState } from "react";

import { MANAGE_MEMBERS } from "@/access/names";
import { entered } from "@/api/account";
import { leaveWorkspace, removeMember, setRole } from "@/api/people";
import type { Member, Role } from "@/api/types";
import { useSession } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { formatDay, formatMoment } from "@/lib/format";
import { useOffline } from "@/lib/offline";
import { part } from "@/lib/part";
import { visible } from "@/lib/visible";
import { team as texts } from "@/texts/team";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { fieldLook } from "@/ui/field";
import { Problem } from "@/ui/problem";
import { Tag } from "@/ui/tag";

const Denied = part(() => import("@/access/denied"));
const ConfirmDialog = part(() => import("./confirm-dialog"));

/** Everybody in the workspace, with their role; what may be done about each is there. */
export default function Members({ members, ws, manage }: { members: readonly Member[]; ws: string; manage: boolean }) {
  const session = useSession();
  const navigate = useNavigate();
  const offline = useOffline();
  const [failure, setFailure] = useState<unknown>();
  const [going, setGoing] = useState<Member>();
  const change = async (member: Member, role: Role) => {
    setFailure(undefined);
    try {
      await setRole(ws, member.person.id, role);
    } catch (error) {
      setFailure(error);
    }
  };
  const go = async (member: Member) => {
    if (!member.own) return removeMember(ws, member.person.id);
    await leaveWorkspace(ws);
    await entered();
    await navigate({ to: "/" });
  };
  return (
    <>
      {failure !== undefined && (
        <div className="mb-3">
          <Problem error={failure} />
        </div>
      )}
      <ul className="divide-y divide-line rounded-card border border-line">
        {members.map((member) => {
          const name = visible(member.person.name);
          return (
            <li key={member.person.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5 text-dense">
              <Avatar person={member.person} className="size-7" />
              <div className="min-w-0 flex-1">
                <p className="flex items-center gap-2">
                  <span className="truncate font-medium">{name}</span>
                  {member.own && <Tag>{texts.you}</Tag>}
                </p>
                <p className="truncate text-meta text-faint" title={formatMoment(member.since)}>
                  {visible(member.person.handle)} · {texts.since(formatDay(member.since))}
                </p>
              </div>
              {member.can.roles.length > 0 ? (
                <select
                  aria-label={texts.role(name)}
                  className={cx(fieldLook, "!w-auto")}
                  value={member.role}
                  disabled={offline !== undefined}
                  title={offline}
                  onChange={(event) => {
                    const role = member.can.roles.find((each) => each === event.target.value);
                    if (role) void change(member, role);
                  }}
                >
                  {[...new Set([...member.can.roles, member.role])].map((role) => (
                    <option key={role} value={role}>
                      {texts.roles[role]}
                    </option>
                  ))}
                </select>
              ) : (
                <span className="text-muted">{texts.roles[member.role]}</span>
              )}
              {member.can.remove && (
                <Button look="ghost" aria-label={member.own ? undefined : texts.removeNamed(name)} blocked={offline} onClick={() => setGoing(member)}>
                  {member.own ? texts.leave : texts.remove}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {!manage && (
        <div className="mt-3">
          <Suspense>
            <Denied permission={MANAGE_MEMBERS} />
          </Suspense>
        </div>
      )}
      <Suspense>
        {going && (
          <ConfirmDialog
            title={going.own ? texts.leaveTitle(visible(session.workspace.name)) : texts.removeTitle(visible(going.person.name))}
            text={going.own ? texts.leaveText : texts.removeText}
            action={going.own ? texts.leave : texts.remove}
            send={() => go(going)}
            onClose={() => setGoing(undefined)}
          />
        )}
      </Suspense>
    </>
  );
}
