import { Tabbed, type Tab } from "@/app/tabbed";
import { useSession } from "@/api/workspace";
import { part } from "@/lib/part";
import { admin as texts } from "@/texts/admin";

const TABS: readonly Tab[] = [{ page: "outbox", name: texts.outbox, body: part(() => import("./outbox")) }];

/** The pages of whoever runs this server. Others find nothing here. */
export const AdminFrame = () => <Tabbed label={texts.navigation} at="/admin" tabs={useSession().can.operate ? TABS : []} />;
