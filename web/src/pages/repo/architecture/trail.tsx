import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { visible } from "@/lib/visible";
import { architecture as texts } from "@/texts/architecture";

import { closedBelow, type Chain } from "../diagram/open";
import { searchOf, trail, type Place } from "./levels";
import { opening } from "./opened";

interface Props {
  place: Place;
  modules: readonly string[];
  /** The boxes that are open, those opened last at the end. */
  opened: readonly Chain[];
  view: "table" | undefined;
}

const look = "min-w-0 text-accent [overflow-wrap:anywhere] hover:underline";

/** Where the page stands between the whole and what was opened last, and the way back: a step that is open closes what is in it. */
export function Trail({ place, modules, opened, view }: Props) {
  const last = opened.at(-1) ?? [];
  const here = (name: string) => (
    <span aria-current="page" className="min-w-0 font-medium [overflow-wrap:anywhere]">
      {name}
    </span>
  );
  const closing = (name: string, chain: Chain) => (
    <Link to="." search={opening((now) => closedBelow(now, chain))} resetScroll={false} className={look} title={texts.closeBelow(name)}>
      {name}
    </Link>
  );
  const steps: [key: string, step: ReactNode][] = trail(place, modules).map(({ name, place: to, here: reached }) => [
    `${to.level} ${name}`,
    !reached ? (
      <Link to="." search={searchOf(to, view)} className={look}>
        {name}
      </Link>
    ) : last.length > 0 ? (
      closing(name, [])
    ) : (
      here(name)
    ),
  ]);
  last.forEach((id, at) => {
    const name = visible(id) || texts.root;
    const chain = last.slice(0, at + 1);
    steps.push([`open ${at}`, chain.length < last.length ? closing(name, chain) : here(name)]);
  });
  return (
    <nav aria-label={texts.path} className="min-w-0">
      <ol className="flex flex-wrap items-baseline gap-x-1.5 text-dense">
        {steps.map(([key, step], index) => (
          <li key={key} className="flex min-w-0 items-baseline gap-1.5">
            {index > 0 && (
              <span aria-hidden className="text-faint">
                ›
              </span>
            )}
            {step}
          </li>
        ))}
      </ol>
    </nav>
  );
}
