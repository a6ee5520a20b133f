import { useQuery } from "@tanstack/react-query";
import { Lock } from "lucide-react";
import { Suspense, useEffect, useRef, useState } from "react";

import { membersQuery, permissionsQuery } from "@/api/people";
import type { Permission, PermissionInfo, Member, Role } from "@/api/types";
import { useSession } from "@/api/workspace";
import { useNow } from "@/lib/clock";
import { formatAge, formatMoment } from "@/lib/format";
import { useOffline } from "@/lib/offline";
import { part } from "@/lib/part";
import { visible } from "@/lib/visible";
import { access as texts } from "@/texts/access";
import { team } from "@/texts/team";
import { Button } from "@/ui/button";

import { noteGranted, useAsked } from "./asked";
import { MANAGE_MEMBERS } from "./names";

const AskDialog = part(() => import("./ask-dialog"));

interface Props {
  permission: Permission;
  /** Who can grant it, where an answer said so. */
  grantors?: readonly { name: string }[];
  /** The answer's own sentence, where something was tried and refused: it is read out at once. */
  told?: string;
  /** Reads again what was refused; it is called when the permission is there. */
  onGranted?: (() => void) | undefined;
}

/** How many people are named who can grant something. */
const NAMED = 3;

/** What the reader's role does not permit: who can grant it, a way to ask them, and how that went. */
export default function Denied({ permission, grantors, told, onGranted }: Props) {
  const { user, workspace, role } = useSession();
  const offline = useOffline();
  const now = useNow();
  const asked = useAsked({ user: user.id, workspace: workspace.id, permission });
  const permissions = useQuery(permissionsQuery).data?.data ?? [];
  const members = useQuery({ ...membersQuery(workspace.slug), enabled: grantors === undefined }).data?.data ?? [];
  const [asking, setAsking] = useState(false);
  const info = permissions.find((each) => each.permission === permission);
  const permitted = info?.roles.includes(role) === true;
  const names = (grantors ?? whoGrants(members, permissions, info)).slice(0, NAMED).map(({ name }) => visible(name));
  const latest = useRef(onGranted);
  latest.current = onGranted;
  useEffect(() => {
    if (!permitted) return;
    noteGranted({ user: user.id, workspace: workspace.id, permission });
    latest.current?.();
  }, [permitted, user.id, workspace.id, permission]);

  return (
    <section aria-label={texts.title} className="flex max-w-[72ch] items-start gap-3 rounded-card border border-line bg-subtle p-4 text-dense">
      <Lock size={16} strokeWidth={1.75} aria-hidden className="mt-0.5 shrink-0 text-faint" />
      <div role={told === undefined ? undefined : "alert"} className="flex min-w-0 flex-col items-start gap-2">
        <p className="font-medium">{texts.title}</p>
        <p className="text-muted">
          {info ? texts.needs(visible(info.words), team.roles[info.roles[0] ?? "owner"]) : told && visible(told)} {names.length > 0 && texts.grantors(names)}
        </p>
        <p role="status" className="text-muted empty:hidden" title={asked && formatMoment(asked.at)}>
          {permitted ? texts.granted : asked && (asked.declined ? texts.declined : texts.asked(formatAge(asked.at, now)))}
        </p>
        {!permitted && (
          <Button look={asked ? "secondary" : "primary"} blocked={offline} onClick={() => setAsking(true)}>
            {asked ? texts.askAgain : texts.ask}
          </Button>
        )}
      </div>
      <Suspense>{asking && <AskDialog permission={permission} words={info ? visible(info.words) : undefined} onClose={() => setAsking(false)} />}</Suspense>
    </section>
  );
}

/** Those who may give the role that it takes: who manages people, and has that role. */
function whoGrants(members: readonly Member[], permissions: readonly PermissionInfo[], info: PermissionInfo | undefined): { name: string }[] {
  const manage = permissions.find((each) => each.permission === MANAGE_MEMBERS);
  const can = (role: Role): boolean => manage?.roles.includes(role) === true && info?.roles.includes(role) === true;
  return members.filter((each) => can(each.role)).map(({ person }) => person);
}
