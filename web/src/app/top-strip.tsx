import { Suspense, useEffect, useState } from "react";

import { cancelAll, usePaced } from "@/api/pacing";
import { cx } from "@/lib/cx";
import { useCountdown } from "@/lib/countdown";
import { DATES } from "@/lib/locale";
import { useOffline } from "@/lib/offline";
import { once } from "@/lib/once";
import { part } from "@/lib/part";
import { useLive } from "@/live/state";
import { useAsked, useWaiting } from "@/offline/state";
import { offline as texts } from "@/texts/offline";
import { sidebar } from "@/texts/sidebar";

const Tray = part(() => import("./offline-tray"));
const ConflictDialog = part(() => import("./conflict-dialog"));

const time = once(() => new Intl.DateTimeFormat(DATES, { timeStyle: "short" }));

/** A line above everything, only when there is something to know about the connection or about what is not saved. */
export default function TopStrip() {
  const { gap } = useLive();
  const away = useOffline() !== undefined;
  const [since, setSince] = useState<Date | null>(null);
  useEffect(() => setSince((known) => (away ? (known ?? new Date()) : null)), [away]);
  const waiting = useWaiting();
  const needs = waiting.filter((each) => each.trouble).length;
  const [paced] = usePaced();
  const [choosing, setChoosing] = useState<string>();
  const asked = useAsked();
  useEffect(() => setChoosing(asked), [asked]);
  const chosen = waiting.find((each) => each.key === choosing);
  const waits = waiting.length - needs;
  const words = [waits > 0 && texts.waiting(waits), needs > 0 && texts.needs(needs)].filter(Boolean).join(" · ");
  const shown = (away && since) || gap || paced || words;
  return (
    <>
      <div className={cx("flex flex-wrap justify-center gap-x-3 bg-medium-bg px-4 text-center text-meta font-medium text-medium", shown && "py-1")}>
        <div role="status">
          {away && since ? texts.since(time().format(since)) : gap && sidebar.gap}
          <span className="sr-only"> {words}</span>
          {paced && <Pacing until={paced.until} />}
        </div>
        {words && (
          <Suspense fallback={words}>
            <Tray changes={waiting} words={words} onChoose={setChoosing} />
          </Suspense>
        )}
      </div>
      <Suspense>{chosen && <ConflictDialog key={chosen.key} change={chosen} onClose={() => setChoosing(undefined)} />}</Suspense>
    </>
  );
}

/** Counts down for the eyes; whoever listens hears it once. */
function Pacing({ until }: { until: number }) {
  const seconds = useCountdown(until);
  return (
    <>
      <span className="sr-only"> {texts.limitedOnce}</span>
      <span aria-hidden className="tabular-nums">
        {texts.limited(seconds)}
      </span>{" "}
      <button type="button" className="underline" onClick={cancelAll}>
        {texts.cancel}
      </button>
    </>
  );
}
