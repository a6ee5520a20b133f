import { Link } from "@tanstack/react-router";

import { useWorkspace } from "@/api/workspace";
import { useSlug } from "@/repo/slug";
import { entrance } from "@/texts/entrance";
import { buttonLook } from "@/ui/button";

/** An address below a repository at which there is no page: the repository stays around it. */
export function MissingPage() {
  return (
    <div className="flex flex-col items-start gap-3">
      <h2 className="text-section font-semibold">{entrance.notFoundTitle}</h2>
      <p className="max-w-[60ch] text-muted">{entrance.noSuchPage}</p>
      <div className="flex gap-2">
        <Link to="/w/$ws/repos/$repo" params={{ ws: useWorkspace(), repo: useSlug() }} className={buttonLook("primary")}>
          {entrance.toOverview}
        </Link>
        <button type="button" className={buttonLook("secondary")} onClick={() => history.back()}>
          {entrance.goBack}
        </button>
      </div>
    </div>
  );
}
