import { useSearch } from "@tanstack/react-router";

import { AuditLog } from "@/audit/log";
import { admin } from "@/texts/admin";
import { audit as texts } from "@/texts/audit";

/** What was done on this server. */
export default function ServerAuditPage() {
  const filters = useSearch({ from: "/inside/admin/$page" });
  return <AuditLog filters={filters} scope={admin.scope} lead={texts.leadServer} />;
}
