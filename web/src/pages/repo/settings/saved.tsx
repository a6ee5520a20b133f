import type { Repo } from "@/api/types";
import { useAnalyse } from "@/repo/analyse";
import { settings as texts } from "@/texts/settings";
import { Button } from "@/ui/button";

/** Says, where it is so, that a setting is kept, and offers the analysis that is the first to follow it. */
export function Saved({ repo, shown }: { repo: Repo; shown: boolean }) {
  const analyse = useAnalyse(repo);
  return (
    <div role="status" className="empty:hidden">
      {shown && (
        <span className="flex flex-wrap items-center gap-2">
          {texts.saved}
          <Button look="ghost" busy={analyse.busy} onClick={analyse.run}>
            {texts.analyse}
          </Button>
        </span>
      )}
    </div>
  );
}
