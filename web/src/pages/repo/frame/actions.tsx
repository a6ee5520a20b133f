import { Download, EllipsisVertical, RotateCw, Trash2 } from "lucide-react";
import { Suspense, useState } from "react";

import type { Repo } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { useKeys } from "@/lib/keys";
import { part } from "@/lib/part";
import { useAnalyse } from "@/repo/analyse";
import { exportsOf } from "@/repo/exports";
import { repo as texts } from "@/texts/repo";
import { Button } from "@/ui/button";
import { menuItem, Popover } from "@/ui/popover";

const RemoveDialog = part(() => import("./remove-dialog"));

/** What can be done with a repository: export, analyse, remove. */
export default function RepoActions({ repo }: { repo: Repo }) {
  const ws = useWorkspace();
  const [removing, setRemoving] = useState(false);
  const analyse = useAnalyse(repo);
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
              {texts.export}
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
        <Button icon={RotateCw} busy={analyse.busy} onClick={analyse.run}>
          {repo.running ? texts.running : texts.analyse}
        </Button>
      )}
      {repo.can.remove && (
        <Popover
          label={texts.remove}
          triggerLabel={texts.remove}
          triggerClass="tap inline-flex w-7 items-center justify-center rounded-control text-muted hover:bg-sunken hover:text-text pointer-coarse:w-11"
          trigger={<EllipsisVertical size={16} aria-hidden />}
          className="w-52 p-1.5"
        >
          {(close) => (
            <button
              type="button"
              className={menuItem}
              onClick={() => {
                close();
                setRemoving(true);
              }}
            >
              <Trash2 size={14} aria-hidden />
              {texts.remove}
            </button>
          )}
        </Popover>
      )}
      <Suspense>{removing && <RemoveDialog repo={repo} onClose={() => setRemoving(false)} />}</Suspense>
    </>
  );
}
