import { useState } from "react";

import type { Hotspots } from "@/api/types";
import { visible } from "@/lib/visible";
import { hotspots } from "@/texts/hotspots";
import { Button, buttonLook } from "@/ui/button";

const texts = hotspots.ownership;

/** People who can be chosen before the others are asked for. */
const FIRST = 12;

interface Props {
  people: Hotspots["people"];
  /** The names of those who are away. */
  away: readonly string[];
  onChange: (away: readonly string[]) => void;
}

/** Who changed the code, those who changed most first; whoever is pressed is away. */
export function People({ people, away, onChange }: Props) {
  const [all, setAll] = useState(false);
  // Commits of one name may be of two people; they are chosen together.
  const names = [...new Set(people.map((each) => each.name))];
  const shown = names.filter((name, index) => all || index < FIRST || away.includes(name));
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1.5 text-dense">
        <span className="font-medium">{texts.away}</span> <span className="text-faint">{texts.awayHint}</span>
      </legend>
      <div className="flex flex-wrap gap-1.5">
        {shown.map((name) => {
          const pressed = away.includes(name);
          return (
            <button
              key={name}
              type="button"
              aria-pressed={pressed}
              className={buttonLook("secondary", `max-w-full ${pressed ? "!border-accent !text-accent line-through" : ""}`)}
              onClick={() => onChange(pressed ? away.filter((each) => each !== name) : [...away, name])}
            >
              <span className="truncate">{visible(name)}</span>
            </button>
          );
        })}
        {shown.length < names.length && (
          <Button look="ghost" onClick={() => setAll(true)}>
            {texts.more(names.length - shown.length)}
          </Button>
        )}
        {away.length > 0 && (
          <Button look="ghost" onClick={() => onChange([])}>
            {texts.nobodyBack}
          </Button>
        )}
      </div>
    </fieldset>
  );
}
