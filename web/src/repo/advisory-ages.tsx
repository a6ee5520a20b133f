import { History } from "lucide-react";

import { useNow } from "@/lib/clock";
import { formatDay } from "@/lib/format";
import { advisories as texts } from "@/texts/advisories";
import { Tag } from "@/ui/tag";
import type { Tone } from "@/ui/tones";

import { formatSpan, levelOf, type AgeLevel, type Knowledge } from "./advisory-age";

const TONE: Record<AgeLevel, Tone> = { fresh: "neutral", aging: "medium", old: "high", outdated: "critical" };
/** The date and the age of each ecosystem's data, in words and in colour. */
export function Ages({ known }: { known: readonly Knowledge[] }) {
  const now = useNow();
  return (
    <ul aria-label={texts.dates} className="flex flex-wrap gap-1.5">
      {known.map(({ ecosystem, asOf }) => {
        const level = levelOf(asOf, now);
        return (
          <li key={ecosystem} className="flex">
            <Tag tone={TONE[level]} {...(level === "fresh" ? {} : { icon: History })}>
              {ecosystem ?? texts.all} · {formatDay(asOf)} · {texts.age(formatSpan(asOf, now))}
            </Tag>
          </li>
        );
      })}
    </ul>
  );
}
