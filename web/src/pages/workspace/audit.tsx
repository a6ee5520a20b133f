import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";

import { membersQuery } from "@/api/people";
import { useSession } from "@/api/workspace";
import { AuditLog } from "@/audit/log";
import { audit as texts } from "@/texts/audit";

/** What was done in this workspace. */
export default function WorkspaceAuditPage() {
  const { workspace } = useSession();
  const members = useQuery(membersQuery(workspace.slug)).data?.data ?? [];
  const filters = useSearch({ from: "/inside/w/$ws/settings/$page" });
  return <AuditLog key={workspace.id} workspace={workspace.slug} filters={filters} scope={workspace.name} lead={texts.lead} people={members.map(({ person }) => person)} />;
}
