import { Tabbed, type Tab } from "@/app/tabbed";
import { part } from "@/lib/part";
import { own as texts } from "@/texts/own-settings";
import { tokens } from "@/texts/tokens";

const TABS: readonly Tab[] = [
  { page: "profile", name: texts.profile, body: part(() => import("./profile")) },
  { page: "security", name: texts.security, body: part(() => import("./security")) },
  { page: "tokens", name: tokens.title, body: part(() => import("./tokens")) },
];

/** The pages of one's own account. */
export const SettingsFrame = () => <Tabbed label={texts.navigation} at="/settings" tabs={TABS} />;
