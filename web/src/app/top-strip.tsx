import { useEffect, useState } from "react";

import { useLive } from "@/live/state";
import { sidebar } from "@/texts/sidebar";

const time = new Intl.DateTimeFormat("en-GB", { timeStyle: "short" });

/** Attempts to reconnect after which the page says that what it shows may be old. */
const ATTEMPTS_BEFORE_OFFLINE = 3;

/** A line above everything, only when there is something to know about the connection. */
export default function TopStrip() {
  const { status, gap } = useLive();
  const away = status.state === "reconnecting" && status.attempt >= ATTEMPTS_BEFORE_OFFLINE;
  const [since, setSince] = useState<Date | null>(null);
  useEffect(() => setSince((known) => (away ? (known ?? new Date()) : null)), [away]);
  const text = away && since ? sidebar.offline(time.format(since)) : gap ? sidebar.gap : null;
  return (
    <div role="status" aria-live="polite">
      {text && <p className="bg-medium-bg px-4 py-1 text-center text-meta font-medium text-medium">{text}</p>}
    </div>
  );
}
