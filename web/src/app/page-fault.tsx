import { useParams, type ErrorComponentProps } from "@tanstack/react-router";

import { problemOf } from "@/api/client";
import { problems } from "@/texts/common";
import { PageTitle } from "@/ui/page";
import { Problem } from "@/ui/problem";

import { NotFound } from "./not-found";

/** A page that could not be shown. */
export function PageFault({ error, reset }: ErrorComponentProps) {
  const { repo } = useParams({ strict: false });
  // Below a repository its name and its tabs stay, and so does the heading.
  if (repo !== undefined) {
    return (
      <section aria-label={problems.pageCrashed} className="flex flex-col items-start gap-4">
        <h2 className="text-section font-semibold">{problems.pageCrashed}</h2>
        <Problem error={error} onRetry={reset} />
      </section>
    );
  }
  if (problemOf(error).status === 404) return <NotFound />;
  return (
    <main className="flex flex-col items-start gap-4 p-6 sm:p-12">
      <PageTitle name={problems.pageCrashed} />
      <Problem error={error} onRetry={reset} />
    </main>
  );
}
