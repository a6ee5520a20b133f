import { Tabbed, type Tab } from "@/app/tabbed";
import { part } from "@/lib/part";
import { own as texts } from "@/texts/own-settings";
import { tokens } from "@/texts/tokens";
import { workspaceSettings } from "@/texts/workspace-settings";

const TABS: readonly Tab[] = [
  { page: "profile", name: texts.profile, body: part(() => import("./profile")) },
  { page: "security", name: texts.security, body: part(() => import("./security")) },
  { page: "tokens", name: tokens.title, body: part(() => import("./tokens")) },
  { page: "workspaces", name: workspaceSettings.all, body: part(() => import("./workspaces")) },
];

/** The pages of one's own account. */
export const SettingsFrame = () => <Tabbed label={texts.navigation} at="/settings" tabs={TABS} />;
