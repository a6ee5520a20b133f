import { Link } from "@tanstack/react-router";

import type { Repo } from "@/api/types";
import { useSession } from "@/api/workspace";
import { visible } from "@/lib/visible";
import { repo as texts } from "@/texts/repo";
import { entrance } from "@/texts/entrance";
import { buttonLook } from "@/ui/button";
import { PageTitle } from "@/ui/page";

/** A repository that was here a moment ago: somebody removed it, perhaps in another window. */
export default function Removed({ repo }: { repo: Repo }) {
  const { workspace } = useSession();
  return (
    <div className="flex min-h-full flex-col items-start justify-center gap-4 p-6 sm:p-12">
      <PageTitle name={texts.removed} scope={workspace.name} />
      <p role="status" className="max-w-[60ch] text-muted [overflow-wrap:anywhere]">
        {texts.removedText(visible(repo.name))}
      </p>
      <Link to="/w/$ws/repos" params={{ ws: workspace.slug }} className={buttonLook("primary")}>
        {entrance.toRepositories}
      </Link>
    </div>
  );
}
