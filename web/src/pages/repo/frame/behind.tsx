import { useQuery } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";

import { behindQuery } from "@/api/queries";
import type { Behind as BehindAnswer, Repo } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { useOffline } from "@/lib/offline";
import { useAnalyse } from "@/repo/analyse";
import { repo as texts } from "@/texts/repo";

/** What there is to say; nothing where the report is of what is there. */
function wordsFor({ state, branch, commits, more }: BehindAnswer, repo: Repo): string | undefined {
  if (state === "behind") return texts.behind(commits ?? 0, more);
  if (state === "older") return texts.older;
  if (state === "rewritten") return texts.rewritten;
  if (state === "other_branch") return texts.otherBranch(repo.latest?.branch, branch);
  return undefined;
}

/** How far the repository has moved on since its report, and a way to catch up. Says nothing where it has not. */
export default function Behind({ repo }: { repo: Repo }) {
  const behind = useQuery(behindQuery(useWorkspace(), repo.slug)).data?.data;
  const analyse = useAnalyse(repo);
  const offline = useOffline();
  const moved = behind && wordsFor(behind, repo);
  return (
    <span role="status" className="inline-flex flex-wrap items-center gap-x-2 text-meta text-muted">
      {moved && (
        <>
          <span>{moved}</span>
          {repo.can.analyze && !repo.running && (
            <button
              type="button"
              className="tap -my-2 inline-flex items-center gap-1 rounded-control font-medium text-accent hover:underline aria-disabled:opacity-55"
              aria-disabled={analyse.busy || offline !== undefined || undefined}
              title={offline}
              onClick={analyse.run}
            >
              <RotateCw size={12} strokeWidth={2} aria-hidden />
              {texts.again}
            </button>
          )}
        </>
      )}
    </span>
  );
}
