import { Check } from "lucide-react";

import type { PermissionInfo, Role } from "@/api/types";
import { cx } from "@/lib/cx";
import { visible } from "@/lib/visible";
import { team as texts } from "@/texts/team";
import { Cell, rowLook, Table } from "@/ui/table";

/** The roles, the lowest first: each includes those before it. */
export const ROLES = ["viewer", "member", "admin", "owner"] as const satisfies readonly Role[];

/** Every permission in words, and which roles have it; one's own role stands out. */
export default function RoleMatrix({ permissions, own }: { permissions: readonly PermissionInfo[]; own: Role }) {
  return (
    <Table
      label={texts.matrix}
      columns={[{ title: texts.may }, ...ROLES.map((role) => ({ title: texts.roles[role], className: cx("!text-center max-sm:!px-1", role === own && "!text-text") }))]}
    >
      {permissions.map(({ permission, words, roles }) => (
        <tr key={permission} className={rowLook}>
          <Cell className="min-w-36">{visible(words)}</Cell>
          {ROLES.map((role) => (
            <Cell key={role} className={cx("text-center max-sm:!px-1 sm:w-20", role === own && "bg-subtle")}>
              {roles.includes(role) ? <Check size={16} aria-label={texts.yes} role="img" className="inline text-ok" /> : <span className="text-faint">–<span className="sr-only">{texts.no}</span></span>}
            </Cell>
          ))}
        </tr>
      ))}
    </Table>
  );
}
