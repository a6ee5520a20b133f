import { Tabbed, type Tab } from "@/app/tabbed";
import { useSession } from "@/api/workspace";
import { part } from "@/lib/part";
import { admin as texts } from "@/texts/admin";

const TABS: readonly Tab[] = [
  { page: "health", name: texts.pages.health, body: part(() => import("./health")) },
  { page: "jobs", name: texts.pages.jobs, body: part(() => import("./jobs")) },
  { page: "dead-letters", name: texts.pages["dead-letters"], body: part(() => import("./dead")) },
  { page: "caches", name: texts.pages.caches, body: part(() => import("./caches")) },
  { page: "outbox", name: texts.pages.outbox, body: part(() => import("./outbox")) },
  { page: "audit", name: texts.pages.audit, body: part(() => import("./audit")) },
];

/** The pages of whoever runs this server. Others find nothing here. */
export const AdminFrame = () => <Tabbed label={texts.navigation} at="/admin" tabs={useSession().can.operate ? TABS : []} />;
