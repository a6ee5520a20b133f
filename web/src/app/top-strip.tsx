import { useEffect, useState } from "react";

import { DATES } from "@/lib/locale";
import { useOffline } from "@/lib/offline";
import { useLive } from "@/live/state";
import { sidebar } from "@/texts/sidebar";

const time = new Intl.DateTimeFormat(DATES, { timeStyle: "short" });

/** A line above everything, only when there is something to know about the connection. */
export default function TopStrip() {
  const { gap } = useLive();
  const away = useOffline() !== undefined;
  const [since, setSince] = useState<Date | null>(null);
  useEffect(() => setSince((known) => (away ? (known ?? new Date()) : null)), [away]);
  const text = away && since ? sidebar.offline(time.format(since)) : gap ? sidebar.gap : null;
  return (
    <div role="status" aria-live="polite">
      {text && <p className="bg-medium-bg px-4 py-1 text-center text-meta font-medium text-medium">{text}</p>}
    </div>
  );
}
