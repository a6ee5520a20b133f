import { ArrowDownUp } from "lucide-react";
import type { ReactNode } from "react";

import type { Steady } from "@/live/steady";
import { lists } from "@/texts/lists";

import { buttonLook } from "./button";

/** A list that holds still, with a word about what waits in the meantime. */
export function Updates<T>({ steady, children }: { steady: Steady<T>; children: ReactNode }) {
  return (
    <div {...steady.holding}>
      {/* Of no height: the list does not move when it comes. */}
      <div role="status" className="sticky top-[calc(var(--head,0px)+8px)] z-20 flex h-0 justify-center">
        {steady.waiting > 0 && (
          <button type="button" className={buttonLook("secondary", "!rounded-full !border-accent !text-accent shadow-overlay -mt-2 h-7")} onClick={steady.apply}>
            <ArrowDownUp size={14} strokeWidth={1.75} aria-hidden />
            {lists.updates(steady.waiting)}
          </button>
        )}
      </div>
      {children}
    </div>
  );
}
