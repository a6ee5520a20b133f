import { useQuery } from "@tanstack/react-query";
import { Suspense } from "react";

import { invitesQuery, membersQuery, permissionsQuery, requestsQuery } from "@/api/people";
import { useSession } from "@/api/workspace";
import { early, part } from "@/lib/part";
import { team as texts } from "@/texts/team";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { PageHeader, PageTitle } from "@/ui/page";
import { Panel } from "@/ui/panel";

const InvitePanel = early(() => import("./team/invites"));
const Members = early(() => import("./team/members"));
const Requests = part(() => import("./team/requests"));
const RoleMatrix = early(() => import("./team/role-matrix"));

/** Who is in this workspace, who is invited, who asks for more, and what the roles permit. */
export default function TeamPage() {
  const session = useSession();
  const ws = session.workspace.slug;
  const manage = session.can.manage_members;
  const members = useQuery(membersQuery(ws));
  const requests = useQuery({ ...requestsQuery(ws), enabled: manage });
  const invites = useQuery({ ...invitesQuery(ws), enabled: manage });
  const permissions = useQuery(permissionsQuery);
  const [rows, matrix] = [<SkeletonRows rows={3} height="h-14" />, <SkeletonRows rows={10} />];
  return (
    <div className="flex max-w-[820px] flex-col gap-8">
      <PageHeader>
        <PageTitle name={texts.title} scope={session.workspace.name} />
      </PageHeader>
      {manage && (requests.data?.data.length ?? 0) > 0 && (
        <Panel title={texts.requests} note={requests.data?.data.length}>
          <Loaded query={requests} what={texts.requestsWhat} skeleton={rows}>
            {({ data }) => (
              <Suspense fallback={rows}>
                <Requests requests={data} ws={ws} />
              </Suspense>
            )}
          </Loaded>
        </Panel>
      )}
      <Panel title={texts.members} note={members.data?.data.length}>
        <Loaded query={members} what={texts.membersWhat} skeleton={rows}>
          {({ data }) => (
            <Suspense fallback={rows}>
              <Members members={data} ws={ws} manage={manage} />
            </Suspense>
          )}
        </Loaded>
      </Panel>
      {manage && (
        <Loaded query={invites} what={texts.invitesWhat} skeleton={rows}>
          {({ data }) => (
            <Suspense fallback={rows}>
              <InvitePanel invites={data} ws={ws} />
            </Suspense>
          )}
        </Loaded>
      )}
      <Panel title={texts.matrix}>
        <Loaded query={permissions} what={texts.matrixWhat} skeleton={matrix}>
          {({ data }) => (
            <Suspense fallback={matrix}>
              <RoleMatrix permissions={data} own={session.role} />
            </Suspense>
          )}
        </Loaded>
      </Panel>
    </div>
  );
}
