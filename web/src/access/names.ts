/**
 * Permissions as they are named on the wire, where a page has to name one by itself. The document has the names that they
 * have in the program; nothing else here depends on either.
 */
import type { Permission } from "@/api/types";

const onTheWire = (name: string) => name as Permission;

export const MANAGE_WORKSPACE = onTheWire("ws.manage");
export const MANAGE_MEMBERS = onTheWire("members.manage");
