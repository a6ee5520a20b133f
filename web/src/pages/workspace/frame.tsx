import { Tabbed, type Tab } from "@/app/tabbed";
import { useWorkspace } from "@/api/workspace";
import { part } from "@/lib/part";
import { workspaceSettings as texts } from "@/texts/workspace-settings";

const TABS: readonly Tab[] = [
  { page: "general", name: texts.general, body: part(() => import("./general")) },
  { page: "team", name: texts.team, body: part(() => import("./team")) },
  { page: "integrations", name: texts.integrations, body: part(() => import("./integrations")) },
  { page: "models", name: texts.models, body: part(() => import("./models")) },
  { page: "audit", name: texts.audit, body: part(() => import("./audit")) },
];

/** The pages of a workspace's settings. */
export const WorkspaceFrame = () => <Tabbed label={texts.navigation} at={`/w/${useWorkspace()}/settings`} tabs={TABS} />;
