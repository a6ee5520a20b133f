import { useLocation } from "@tanstack/react-router";
import { useEffect, useState } from "react";

import { readSetting, writeSetting } from "@/lib/storage";
import { tour as texts } from "@/texts/tour";
import { Button } from "@/ui/button";

/** Where each stop is, in the order of its words. What a page does not have is told without being shown. */
const STOPS = [
  "nav[aria-label] a[href$='/repos']",
  "#page button[aria-label^=Explain]",
  "#page a[href*='peek=src']",
  "#page article footer button",
  "[aria-keyshortcuts^='Control+K']",
];

const SETTING = "tour";

/** The tour: a card in the corner that covers nothing it talks about and takes no focus. */
export default function Tour({ asked, onStart, onClose }: { asked: boolean; onStart: () => void; onClose: () => void }) {
  // Whoever left at a stop goes on there; whoever asks after the end begins anew.
  const [at, setAt] = useState<number>(() => {
    const left = Number(readSetting(SETTING) ?? "");
    return asked ? (left > 0 && left < STOPS.length ? left : 0) : -1;
  });
  const path = useLocation({ select: (location) => location.pathname });
  const stop = at >= 0 ? texts.stops[at] : undefined;
  useEffect(() => {
    const target = document.querySelector(STOPS[at] ?? ":not(*)");
    target?.setAttribute("data-toured", "");
    target?.scrollIntoView({ block: "nearest" });
    return () => target?.removeAttribute("data-toured");
  }, [at, path]);
  const go = (to: number) => {
    if (at < 0) onStart();
    writeSetting(SETTING, to >= STOPS.length ? "done" : String(to));
    if (to >= STOPS.length) onClose();
    else setAt(to);
  };
  const skip = () => {
    writeSetting(SETTING, at > 0 ? String(at) : "done");
    onClose();
  };
  return (
    <section
      aria-label={texts.title}
      className="arrive fixed end-4 bottom-16 z-40 flex w-[min(340px,calc(100vw-32px))] flex-col gap-3 rounded-card border border-line bg-raised p-4 shadow-overlay sm:bottom-4"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        skip();
      }}
    >
      <div aria-live="polite" className="flex flex-col gap-1">
        <p className="flex items-center justify-between gap-3 text-body font-semibold">
          {stop ? stop[0] : texts.title}
          {stop && <span className="text-meta font-normal text-faint">{texts.place(at + 1, STOPS.length)}</span>}
        </p>
        <p className="text-dense text-muted">{stop ? stop[1] : texts.offer}</p>
      </div>
      <div className="flex items-center justify-between gap-2">
        <Button look="ghost" className="-ms-2.5" onClick={skip}>
          {texts.skip}
        </Button>
        <div className="flex gap-2">
          {at > 0 && <Button onClick={() => go(at - 1)}>{texts.back}</Button>}
          <Button look="primary" onClick={() => go(at + 1)}>
            {at < 0 ? texts.start : at === STOPS.length - 1 ? texts.end : texts.next}
          </Button>
        </div>
      </div>
    </section>
  );
}
