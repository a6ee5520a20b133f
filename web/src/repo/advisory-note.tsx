import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { History, ShieldQuestionMark } from "lucide-react";
import type { ReactNode } from "react";

import { advisoriesQuery } from "@/api/queries";
import type { AdvisoryCheck } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { formatSpan, knowledgeOf, levelOf, type AgeLevel, type Knowledge } from "@/lib/advisory-age";
import { useNow } from "@/lib/clock";
import { cx } from "@/lib/cx";
import { formatDay } from "@/lib/format";
import { advisories as texts } from "@/texts/advisories";
import { Tag, type Tone } from "@/ui/marks";
import { Prose } from "@/ui/prose";

const TONE: Record<AgeLevel, Tone> = { fresh: "neutral", aging: "medium", old: "high", outdated: "critical" };
const GROUND: Record<AgeLevel, string> = {
  fresh: "bg-subtle text-muted",
  aging: "bg-medium-bg text-medium",
  old: "bg-high-bg text-high",
  outdated: "bg-critical-bg text-critical",
};

/** What a report knew about vulnerabilities, by ecosystem, the oldest first. */
export function useKnowledge(check: AdvisoryCheck, analysedAt: string, inUse: readonly string[]) {
  const mirror = useQuery({ ...advisoriesQuery(useWorkspace()), enabled: check.source === "mirror" });
  return knowledgeOf(check, analysedAt, inUse, mirror.data?.data);
}

interface Props {
  check: AdvisoryCheck;
  known: readonly Knowledge[];
  newer: boolean;
  /** More limits of the check, a sentence each. */
  children?: ReactNode;
}

/**
 * How old the knowledge about vulnerabilities is, or that there was none: always beside the numbers it limits, so
 * that old data is never read as an all-clear.
 */
export function AdvisoryNote({ check, known, newer, children }: Props) {
  const now = useNow();
  const [oldest] = known;
  if (!oldest) {
    return (
      <Box ground="bg-medium-bg text-medium" icon={<ShieldQuestionMark size={16} aria-hidden className="mt-0.5 shrink-0" />}>
        <p>
          <span className="font-medium">{texts.couldNot}</span> {check.reason && <Prose text={check.reason} />}{" "}
          <Decide>{texts.decide}</Decide>
        </p>
        {children}
      </Box>
    );
  }
  const level = levelOf(oldest.asOf, now);
  const age = formatSpan(oldest.asOf, now);
  return (
    <Box
      ground={GROUND[level]}
      icon={level !== "fresh" && <History size={16} strokeWidth={1.75} aria-hidden className="mt-0.5 shrink-0" />}
    >
      <p>
        <span className={level === "fresh" ? "" : "font-medium"}>
          {check.source === "online" ? texts.online(oldest.asOf) : texts.level[level](oldest.asOf, age)}
        </span>{" "}
        <span className="text-muted">{texts.compared(check.compared)}.</span>{" "}
        {level !== "fresh" && check.source !== "online" && !newer && <Decide>{texts.renew}</Decide>}
      </p>
      {newer && <p className="text-muted">{texts.newer}</p>}
      {known.length > 1 && <Ages known={known} />}
      {children}
    </Box>
  );
}

function Box({ ground, icon, children }: { ground: string; icon: ReactNode; children: ReactNode }) {
  return (
    <div className={cx("flex items-start gap-2 rounded-card px-3 py-2 text-dense", ground)}>
      {icon}
      <div className="flex min-w-0 max-w-[90ch] flex-col gap-1">{children}</div>
    </div>
  );
}

const Decide = ({ children }: { children: string }) => (
  <Link to="/start/source" hash="advisories" className="whitespace-nowrap font-medium text-accent hover:underline">
    {children}
  </Link>
);

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
