import { Outlet, useParams } from "@tanstack/react-router";
import { Suspense } from "react";

import { cx } from "@/lib/cx";
import { early } from "@/lib/part";
import { chat as texts } from "@/texts/chat";
import { SkeletonRows } from "@/ui/loaded";

const ThreadList = early(() => import("./chat/thread-list"));

/** Conversations with the mentor: all of them beside the one that is open, or alone where there is no room. */
export function ChatFrame() {
  const { thread } = useParams({ strict: false });
  // The conversation first: it is what is read and written in, wherever the others stand.
  return (
    <div className={cx("@container h-full", thread && "min-h-[26rem]")}>
      <div className={cx("flex @4xl:h-full @4xl:flex-row-reverse", thread ? "h-full" : "flex-col")}>
        <Outlet />
        <section
          aria-label={texts.conversations}
          className={cx("scroll-thin w-full shrink-0 flex-col gap-2 p-4 sm:p-6 @4xl:flex @4xl:w-64 @4xl:overflow-y-auto @4xl:border-e @4xl:border-line @4xl:p-3", thread ? "hidden" : "mx-auto flex max-w-[calc(72ch+3rem)]")}
        >
          <Suspense fallback={<SkeletonRows rows={8} height="h-10" />}>
            <ThreadList open={thread} />
          </Suspense>
        </section>
      </div>
    </div>
  );
}
