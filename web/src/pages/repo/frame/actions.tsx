import { Download, RotateCw } from "lucide-react";

import type { Repo } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { useOffline } from "@/lib/offline";
import { useKeys } from "@/lib/keys";
import { useAnalyse } from "@/repo/analyse";
import { exportsOf } from "@/repo/exports";
import { repo as texts } from "@/texts/repo";
import { Button } from "@/ui/button";
import { menuItem, Popover } from "@/ui/popover";

/** What can be done with a repository: export, analyse. */
export default function RepoActions({ repo }: { repo: Repo }) {
  const ws = useWorkspace();
  const analyse = useAnalyse(repo);
  const offline = useOffline();
  useKeys({ r: analyse.run });
  return (
    <>
      {repo.latest && (
        <Popover
          label={texts.export}
          triggerClass="tap inline-flex items-center gap-1.5 rounded-control border border-line bg-raised px-2.5 text-dense font-medium hover:border-control hover:bg-subtle"
          trigger={
            <>
              <Download size={14} strokeWidth={1.75} aria-hidden />
              <span className="max-sm:sr-only">{texts.export}</span>
            </>
          }
          className="w-60 p-1.5"
        >
          {(close) =>
            exportsOf(ws, repo).map(([href, label]) => (
              <a key={href} href={href} download className={menuItem} onClick={close}>
                {label}
              </a>
            ))
          }
        </Popover>
      )}
      {repo.can.analyze && repo.latest && (
        <Button icon={RotateCw} busy={analyse.busy} blocked={offline} onClick={analyse.run}>
          <span className="max-sm:sr-only">{repo.running ? texts.running : texts.analyse}</span>
        </Button>
      )}
    </>
  );
}
