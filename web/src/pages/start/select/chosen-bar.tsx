import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useState } from "react";

import { importRepositories, type Wanted } from "@/api/hosts";
import type { Host } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { formatBytes } from "@/lib/format";
import { useOffline } from "@/lib/offline";
import { visible } from "@/lib/visible";
import { select as texts } from "@/texts/hosts";
import { source } from "@/texts/start";
import { Button, IconButton } from "@/ui/button";
import { fieldLook } from "@/ui/field";
import { Problem } from "@/ui/problem";
import { toast } from "@/ui/toast";

import type { Unanswered } from "../advisory-question";
import { amount } from "./offered";

/** More runs than a page can show one below the other; the list of repositories shows them instead. */
const FOLLOWED = 30;

interface Props {
  host: Host;
  wanted: readonly Wanted[];
  /** How many of those that are listed can be chosen. */
  matching: number;
  /** How many of these are not chosen yet. */
  left: number;
  /** What is still to be said about known vulnerabilities. */
  question: Unanswered;
  onAll: () => void;
  onClear: () => void;
  onRemove: (path: string) => void;
  onBranch: (path: string, branch: string) => void;
}

/** What is chosen, how much that is, and the button that begins; it stays in sight at the lower edge. */
export function ChosenBar({ host, wanted, matching, left, question, onAll, onClear, onRemove, onBranch }: Props) {
  const ws = useWorkspace();
  const offline = useOffline();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const begin = useMutation(importRepositories(ws, host.id));
  const blocked = offline ?? (wanted.length === 0 ? source.noneChosen : question ? source.open[question] : undefined);
  const start = () =>
    begin.mutate(wanted, {
      onSuccess: (runs) => {
        if (runs.length <= FOLLOWED) return void navigate({ to: "/start/progress", search: { runs: runs.join(",") } });
        toast(texts.background(runs.length));
        void navigate({ to: "/w/$ws/repos", params: { ws } });
      },
    });
  const { bytes, unknown } = amount(wanted);
  return (
    <section
      aria-label={texts.selection}
      className="sticky bottom-3 z-20 flex flex-col gap-2.5 rounded-card border border-control bg-raised px-4 py-3 text-dense shadow-overlay"
    >
      {begin.error !== null && <Problem error={begin.error} />}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0">
          <p role="status" className="font-medium">
            {texts.chosen(wanted.length)}
          </p>
          <p className="text-meta text-muted">
            {wanted.length === 0 ? texts.keys : unknown === wanted.length ? texts.sizeUnknown : texts.size(formatBytes(bytes), unknown)}
          </p>
        </div>
        <div className="flex flex-wrap items-center gap-1">
          {left > 0 && (
            <Button look="ghost" onClick={onAll}>
              {texts.all(matching)}
            </Button>
          )}
          {wanted.length > 0 && (
            <>
              <Button look="ghost" aria-expanded={open} onClick={() => setOpen(!open)}>
                {texts.branches}
              </Button>
              <Button look="ghost" icon={X} onClick={onClear}>
                {texts.none}
              </Button>
            </>
          )}
        </div>
        <Button look="primary" className="ms-auto h-9 px-4 max-sm:w-full" busy={begin.isPending} blocked={blocked} onClick={start}>
          {begin.isPending ? texts.starting : texts.analyse(Math.max(1, wanted.length))}
        </Button>
      </div>
      {open && wanted.length > 0 && (
        <ul className="scroll-thin -me-2 flex max-h-[30dvh] flex-col gap-1.5 overflow-y-auto border-t border-line pt-2.5 pe-2">
          {wanted.map(({ repo, branch = "" }) => (
            <li key={repo.path} className="flex items-center gap-2">
              <span className="min-w-0 flex-1 truncate" title={visible(repo.path)}>
                {visible(repo.path)}
              </span>
              <input
                aria-label={texts.branch(visible(repo.path))}
                placeholder={visible(repo.default_branch ?? "")}
                value={branch}
                spellCheck={false}
                autoComplete="off"
                className={cx(fieldLook, "!w-40 font-mono max-sm:!w-28")}
                onChange={(event) => onBranch(repo.path, event.target.value)}
              />
              <IconButton icon={X} label={texts.remove(visible(repo.path))} onClick={() => onRemove(repo.path)} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
