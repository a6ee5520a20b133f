import { useState } from "react";

import { cx } from "@/lib/cx";

interface Props {
  person: { name: string; avatar?: string | null };
  /** Size and place: `size-5`. */
  className?: string;
}

/** The picture of a person beside their name, or its first letter where there is none that can be shown. */
export function Avatar({ person, className }: Props) {
  const [broken, setBroken] = useState<string>();
  const look = cx("inline-flex shrink-0 select-none items-center justify-center rounded-full", className);
  if (person.avatar && person.avatar !== broken) {
    return <img src={person.avatar} alt="" draggable={false} className={cx(look, "bg-sunken object-cover")} onError={() => setBroken(person.avatar ?? undefined)} />;
  }
  const [letter = ""] = person.name;
  return (
    <i aria-hidden className={cx(look, "bg-accent font-semibold not-italic text-on-accent")}>
      {letter.toUpperCase()}
    </i>
  );
}
