import { RotateCw } from "lucide-react";
import { Suspense } from "react";

import { problemOf } from "@/api/client";
import { part } from "@/lib/part";
import { problems as texts, common } from "@/texts/common";

import { Button } from "./button";
import type { ProblemProps } from "./problem";
import { Prose } from "./prose";

const Denied = part(() => import("@/access/denied"));
const CopyButton = part(() => import("./copy").then((module) => ({ default: module.CopyButton })));

/** What failed, why, what was kept, what to do next. Renders the server's problem document. */
export default function ProblemCard({ error, what, onRetry }: ProblemProps) {
  const problem = problemOf(error);
  if (problem.code === "role_needed" && problem.permission) {
    return (
      <Suspense>
        <Denied told={problem.detail} permission={problem.permission} grantors={problem.grantors} onGranted={onRetry} />
      </Suspense>
    );
  }
  const known = sentence(problem.status, problem.retry_after);
  return (
    <div role="alert" className="flex flex-col items-start gap-2 rounded-card border border-line bg-subtle p-4 text-dense">
      {what && <p className="font-medium">{texts.failed(what)}</p>}
      <p className="text-muted">
        <Prose text={known ?? problem.detail} />
      </p>
      {problem.errors.length > 0 && (
        <ul className="list-disc ps-5 text-muted">
          {problem.errors.map((each) => (
            <li key={each.field}><Prose text={each.message} /></li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap items-center gap-2">
        {onRetry && (
          <Button icon={RotateCw} onClick={onRetry}>
            {common.tryAgain}
          </Button>
        )}
        {problem.request_id && (
          <span className="inline-flex items-center gap-1 text-meta text-faint">
            {common.request} <code>{problem.request_id.slice(0, 8)}</code>
            <Suspense>
              <CopyButton text={problem.request_id} label={`${common.copy} ${common.request.toLowerCase()} id`} />
            </Suspense>
          </span>
        )}
      </div>
    </div>
  );
}

/** The sentence for statuses that read the same everywhere; the rest speak for themselves. */
function sentence(status: number, retryAfter: number | null): string | null {
  if (status === 404) return texts.notFound;
  if (status === 429) return texts.limited(retryAfter ?? 1);
  return null;
}
