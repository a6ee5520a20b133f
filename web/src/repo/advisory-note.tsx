import { Link } from "@tanstack/react-router";
import { History, ShieldQuestionMark } from "lucide-react";
import type { ReactNode } from "react";

import type { AdvisoryCheck } from "@/api/types";
import { SAMPLE, useWorkspace } from "@/api/workspace";
import { useSlug } from "@/repo/slug";
import { formatSpan, levelOf, type AgeLevel, type Knowledge } from "@/repo/advisory-age";
import { useNow } from "@/lib/clock";
import { cx } from "@/lib/cx";
import { advisories as texts } from "@/texts/advisories";
import { Prose } from "@/ui/prose";

import { Ages } from "./advisory-ages";

const GROUND: Record<AgeLevel, string> = {
  fresh: "bg-subtle text-muted",
  aging: "bg-medium-bg text-medium",
  old: "bg-high-bg text-high",
  outdated: "bg-critical-bg text-critical",
};

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
export default function AdvisoryNote({ check, known, newer, children }: Props) {
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

function Decide({ children }: { children: string }) {
  const ws = useWorkspace();
  const repo = useSlug();
  // Of the sample nobody decides anything.
  if (ws === SAMPLE) return null;
  return (
    <Link to="/w/$ws/repos/$repo/settings" params={{ ws, repo }} hash="advisories" className="whitespace-nowrap font-medium text-accent hover:underline">
      {children}
    </Link>
  );
}
