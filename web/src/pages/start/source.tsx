import { useQuery } from "@tanstack/react-query";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { BookOpen, Cloud, FolderGit2, GitBranch } from "lucide-react";
import { Suspense, useState } from "react";

import { serverQuery } from "@/api/queries";
import type { Probe } from "@/api/types";
import { cx } from "@/lib/cx";
import { early, part } from "@/lib/part";
import { sample } from "@/texts/sample";
import { source as texts } from "@/texts/start";
import { PageTitle } from "@/ui/page";
import { SkeletonRows } from "@/ui/loaded";

import type { Begun } from "./chosen-list";
import { useAdvisories } from "./use-advisories";

const BeginBar = early(() => import("./begin-bar"));
const ProblemCard = part(() => import("@/ui/problem-card"));
const AdvisoryChoice = part(() => import("./advisory-choice"));
const ChosenList = part(() => import("./chosen-list"));
const HistoryChoice = part(() => import("./history-choice"));
const LocalPathForm = part(() => import("./local-path-form").then((module) => ({ default: module.LocalPathForm })));
const GitUrlForm = part(() => import("./git-url-form"));
const HostsForm = part(() => import("./hosts-form"));
const SampleForm = part(() => import("./sample-form"));

type Kind = "local" | "git" | "host" | "sample";

function localHint(roots: readonly string[]): string {
  return roots.includes("/") ? texts.localAny : texts.localRoots(roots.join(", "));
}

/** First step: which repositories, and how to look up known vulnerabilities. */
export function SourcePage() {
  const navigate = useNavigate();
  const server = useQuery(serverQuery);
  const hash = useLocation({ select: (location) => location.hash });
  const { query: advisories, status, asked, open, answer } = useAdvisories(hash === "advisories");
  const local = server.data?.data.local_paths;
  const [kindPicked, setKind] = useState<Kind>();
  const kind = kindPicked ?? (local?.allowed === false ? "git" : "local");
  const [chosen, setChosen] = useState<readonly Probe[]>([]);
  const add = (probe: Probe) =>
    setChosen((list) => [...list.filter((each) => each.source.location !== probe.source.location), probe]);

  // Who typed one repository and begins at once means that one: the list is for several.
  const [typed, setTyped] = useState<Probe>();
  const isTypedToo = typed !== undefined && !chosen.some((each) => each.source.location === typed.source.location);
  const all = isTypedToo ? [...chosen, typed] : chosen;

  const [history, setHistory] = useState(false);
  const [begun, setBegun] = useState<Begun>();
  // What stood in the field has begun, or is on the list with its reason: the field is empty again.
  const [round, setRound] = useState(0);
  const settle = (outcome: Begun) => {
    setBegun(outcome);
    setRound((before) => before + 1);
    // What was refused stays on the list with its reason; going on would hide it.
    if (outcome.refused.length === 0) void navigate({ to: "/start/progress", search: { runs: outcome.runs } });
    else setChosen(outcome.refused.map((each) => each.probe));
  };

  const reason = all.length === 0 ? texts.noneChosen : open ? texts.open[open] : undefined;

  const cards: { kind: Kind; icon: typeof GitBranch; title: string; hint: string; off?: string | undefined }[] = [
    {
      kind: "local",
      icon: FolderGit2,
      title: texts.local,
      hint: local?.allowed && local.roots.length > 0 ? localHint(local.roots) : texts.localHint,
      off: local && !local.allowed ? (local.reason ?? texts.localOff) : undefined,
    },
    { kind: "git", icon: GitBranch, title: texts.git, hint: texts.gitHint },
    { kind: "host", icon: Cloud, title: texts.host, hint: texts.hostHint },
    { kind: "sample", icon: BookOpen, title: sample.card, hint: sample.cardHint },
  ];

  return (
    <div className="flex flex-col gap-6">
      <div>
        <PageTitle name={texts.title} />
        <p className="mt-1 max-w-[60ch] text-muted">{texts.lead}</p>
      </div>
      <div role="radiogroup" aria-label={texts.kinds} className="grid grid-cols-1 gap-3 sm:grid-cols-2 xl:grid-cols-4">
        {cards.map((card) => (
          <label
            key={card.kind}
            className={cx(
              "relative flex items-start gap-3 rounded-card xl:flex-col xl:gap-2 border bg-raised p-4 transition-colors has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-offset-2 has-[:focus-visible]:outline-focus",
              kind === card.kind ? "border-accent ring-1 ring-accent" : "border-line hover:border-control",
            )}
          >
            <input
              type="radio"
              name="kind"
              className="sr-only"
              checked={kind === card.kind}
              disabled={card.off !== undefined}
              onChange={() => setKind(card.kind)}
            />
            <card.icon size={20} strokeWidth={1.75} aria-hidden className={cx("shrink-0", kind === card.kind ? "text-accent" : "text-faint")} />
            <span className="min-w-0">
              <span className="block font-medium">{card.title}</span>
              <span className="mt-0.5 line-clamp-4 text-dense text-muted [overflow-wrap:anywhere]" title={card.off ?? card.hint}>
                {card.off ?? card.hint}
              </span>
            </span>
          </label>
        ))}
      </div>
      <Suspense fallback={<SkeletonRows rows={1} height="h-20" />}>
        {kind === "local" && <LocalPathForm key={round} roots={local?.roots ?? []} onAdd={add} onFound={setTyped} />}
        {kind === "git" && <GitUrlForm key={round} onAdd={add} onFound={setTyped} />}
        {kind === "host" && <HostsForm />}
        {kind === "sample" && <SampleForm onAdd={add} />}
      </Suspense>
      {chosen.length > 0 && (
        <Suspense fallback={<SkeletonRows rows={chosen.length} height="h-16" />}>
          <ChosenList
            chosen={chosen}
            begun={begun}
            onRemove={(probe) => setChosen((list) => list.filter((each) => each !== probe))}
          />
        </Suspense>
      )}
      {all.length > 0 && (
        <Suspense fallback={<SkeletonRows rows={1} height="h-16" />}>
          <HistoryChoice history={history} onHistory={setHistory} />
        </Suspense>
      )}
      {status && (kind !== "host" || chosen.length > 0) && (asked || all.length > 0) && (
        <Suspense fallback={<SkeletonRows rows={1} height="h-56" />}>
          <AdvisoryChoice status={status} {...answer} />
        </Suspense>
      )}
      {advisories.error && (
        <Suspense>
          <ProblemCard error={advisories.error} what={texts.advisories} onRetry={() => void advisories.refetch()} />
        </Suspense>
      )}
      {/* From a host, repositories are chosen on a page of their own. */}
      {(kind !== "host" || chosen.length > 0) && (
        <Suspense fallback={<div className="tap" />}>
          <BeginBar chosen={all} history={history} reason={reason} onBegun={settle} />
        </Suspense>
      )}
    </div>
  );
}
