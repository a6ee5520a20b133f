import { Link } from "@tanstack/react-router";

import { PageTitle } from "@/ui/page";
import { buttonLook } from "@/ui/button";
import { shell } from "@/texts/shell";

/** One page for what does not exist and for what is not shared with the reader. */
export function NotFound() {
  return (
    <main className="flex min-h-full flex-col items-start justify-center gap-4 p-6 sm:p-12">
      <PageTitle name={shell.notFoundTitle} />
      <p className="max-w-[60ch] text-muted">{shell.notFound}</p>
      <div className="flex gap-2">
        <Link to="/" className={buttonLook("primary")}>
          {shell.toRepositories}
        </Link>
        <button type="button" className={buttonLook("secondary")} onClick={() => history.back()}>
          {shell.goBack}
        </button>
      </div>
    </main>
  );
}
