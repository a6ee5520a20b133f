import type { Problem } from "@devmentor/client";
import { Link } from "@tanstack/react-router";
import { Check, CircleX, X } from "lucide-react";

import type { Probe } from "@/api/types";
import { visible } from "@/lib/visible";
import { Refusal } from "@/repo/refusal";
import { forms as texts } from "@/texts/source-forms";
import { IconButton } from "@/ui/button";
import { Location } from "@/ui/location";
import { Prose } from "@/ui/prose";

/** What became of an attempt to begin. */
export interface Begun {
  /** Ids of the runs that began, as the next page takes them. */
  runs: string;
  /** What could not be connected, and why. */
  refused: readonly { probe: Probe; reason: Problem }[];
}

interface Props {
  chosen: readonly Probe[];
  begun: Begun | undefined;
  onRemove: (probe: Probe) => void;
}

/** The repositories that will be analysed; those that could not be connected stay, with the reason. */
export default function ChosenList({ chosen, begun, onRemove }: Props) {
  const reasonFor = (probe: Probe) => begun?.refused.find((each) => each.probe === probe)?.reason;
  return (
    <section aria-labelledby="chosen">
      <h2 id="chosen" className="mb-2 text-body font-semibold">
        {texts.chosen}
      </h2>
      <ul className="flex flex-col divide-y divide-line rounded-card border border-line">
        {chosen.map((probe) => {
          const reason = reasonFor(probe);
          return (
            <li key={probe.source.location} className="flex items-center gap-3 py-2 ps-4 pe-2">
              {reason === undefined ? (
                <Check size={16} aria-hidden className="shrink-0 text-ok" />
              ) : (
                <CircleX size={16} aria-hidden className="shrink-0 text-critical" />
              )}
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{visible(probe.name)}</span>
                <Location text={probe.source.location} />
                {reason === undefined ? (
                  <span className="block truncate text-dense text-muted">
                    <Prose text={probe.description} />
                    {probe.connected && ` · ${texts.connected}`}
                  </span>
                ) : (
                  <span className="block text-dense">
                    <Refusal reason={reason} />
                  </span>
                )}
              </span>
              <IconButton icon={X} label={texts.remove(probe.name)} onClick={() => onRemove(probe)} />
            </li>
          );
        })}
      </ul>
      {begun && begun.refused.length > 0 && (
        <p role="alert" className="mt-2 text-dense">
          {begun.runs === "" ? texts.failedAll : texts.failedSome}{" "}
          {begun.runs !== "" && (
            <Link to="/start/progress" search={{ runs: begun.runs }} className="text-accent hover:underline">
              {texts.follow}
            </Link>
          )}
        </p>
      )}
    </section>
  );
}
