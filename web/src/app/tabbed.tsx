import { Link, useParams } from "@tanstack/react-router";
import { Suspense, useEffect, useRef, type ComponentType } from "react";

import { part } from "@/lib/part";
import { Boundary } from "@/ui/boundary";
import { SkeletonRows } from "@/ui/loaded";

const NotFound = part(() => import("./not-found").then((module) => ({ default: module.NotFound })));

/** A page among others that share a frame. */
export interface Tab {
  /** The end of its address. */
  page: string;
  name: string;
  body: ComponentType;
}

/** An address that is put together: the type of one that is written out names them all. */
const addressOf = (at: string, { page }: Tab): string => `${at}/${page}`;

interface Props {
  label: string;
  /** The address of all of them, without a slash at the end. */
  at: string;
  tabs: readonly Tab[];
}

/** Pages that share a frame: the way from one to the other, and the one whose name ends the address. */
export function Tabbed({ label, at, tabs }: Props) {
  const { page } = useParams({ strict: false });
  const nav = useRef<HTMLElement>(null);
  // On a phone there may be more of them than fit beside each other.
  useEffect(() => {
    // No result of it: a browser may answer with a promise, which is nothing to clean up with.
    void nav.current?.querySelector("[aria-current=page]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [page]);
  const Body = tabs.find((each) => each.page === page)?.body;
  if (!Body) {
    return (
      <Suspense>
        <NotFound />
      </Suspense>
    );
  }
  return (
    <div className="flex flex-col gap-5 p-4 sm:p-6">
      {tabs.length > 1 && (
        <nav ref={nav} aria-label={label} className="scroll-thin -mx-2 flex shrink-0 gap-1 overflow-x-auto border-b border-line">
          {tabs.map((tab) => (
            <Link
              key={tab.page}
              to={addressOf(at, tab)}
              className="tap relative flex shrink-0 items-center rounded-control px-2 pb-1 text-dense text-muted hover:text-text"
              activeProps={{
                className:
                  "font-medium !text-text after:absolute after:inset-x-2 after:bottom-0 after:h-0.5 after:rounded-full after:bg-accent",
              }}
            >
              {tab.name}
            </Link>
          ))}
        </nav>
      )}
      <Boundary key={page}>
        <Suspense fallback={<SkeletonRows rows={3} height="h-24" />}>
          <Body />
        </Suspense>
      </Boundary>
    </div>
  );
}
