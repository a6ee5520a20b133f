import { Link } from "@tanstack/react-router";

import { PageTitle } from "@/ui/page";
import { buttonLook } from "@/ui/button";
import { entrance } from "@/texts/entrance";

/** One page for what does not exist and for what is not shared with the reader. */
export function NotFound() {
  return (
    <main className="mx-auto flex min-h-full max-w-[60ch] flex-col items-start justify-center gap-4 p-6">
      <PageTitle name={entrance.notFoundTitle} />
      <p className="max-w-[60ch] text-muted">{entrance.notFound}</p>
      <div className="flex gap-2">
        <Link to="/" className={buttonLook("primary")}>
          {entrance.toRepositories}
        </Link>
        <button type="button" className={buttonLook("secondary")} onClick={() => history.back()}>
          {entrance.goBack}
        </button>
      </div>
    </main>
  );
}
