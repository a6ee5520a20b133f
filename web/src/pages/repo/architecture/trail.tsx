import { Link } from "@tanstack/react-router";

import { architecture as texts } from "@/texts/architecture";

import { searchOf, trail, type Place } from "./levels";

/** Where the page stands between the whole and a file, and the way back. */
export function Trail({ place, modules, view }: { place: Place; modules: readonly string[]; view: "table" | undefined }) {
  return (
    <nav aria-label={texts.path} className="min-w-0">
      <ol className="flex flex-wrap items-baseline gap-x-1.5 text-dense">
        {trail(place, modules).map((step, index) => (
          <li key={`${step.place.level} ${step.name}`} className="flex min-w-0 items-baseline gap-1.5">
            {index > 0 && (
              <span aria-hidden className="text-faint">
                ›
              </span>
            )}
            {step.here ? (
              <span aria-current="page" className="min-w-0 font-medium [overflow-wrap:anywhere]">
                {step.name}
              </span>
            ) : (
              <Link to="." search={searchOf(step.place, view)} className="min-w-0 text-accent [overflow-wrap:anywhere] hover:underline">
                {step.name}
              </Link>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
