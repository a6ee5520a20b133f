import type { ReactNode } from "react";

import type { Job } from "@/api/types";
import { useNow } from "@/lib/clock";
import { formatAge, formatMoment } from "@/lib/format";
import { visible } from "@/lib/visible";
import { jobs as texts } from "@/texts/operation";
import { Prose } from "@/ui/prose";
import { Tag } from "@/ui/tag";

import { pairsOf } from "./payload";

/** One job: what it is, where it stands, what it is about, and how its last try failed. */
export function JobCard({ job, children }: { job: Job; children?: ReactNode }) {
  const now = useNow();
  const [when, at] = standing(job, now);
  return (
    <article aria-label={job.kind} className="flex items-start gap-x-4 gap-y-2 px-4 py-3 text-dense max-sm:flex-col">
      <div className="min-w-0 flex-1">
        <h3 className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <code className="font-medium">{visible(job.kind)}</code>
          {job.stopping && <Tag tone="medium">{texts.stopping}</Tag>}
          <span className="text-meta font-normal text-faint">
            {texts.attempt(job.attempt, job.max_attempts)} · <span title={formatMoment(at)}>{when}</span>
          </span>
        </h3>
        {job.failure && (
          <p className="mt-1 [overflow-wrap:anywhere]">
            <span className="font-medium">{texts.reason[job.failure.kind]}.</span> <span className="text-muted">
              <Prose text={job.failure.detail} />
            </span>
          </p>
        )}
        <Pairs title={texts.about} text={job.payload} />
        {job.progress && <Pairs title={texts.progress} text={job.progress} />}
      </div>
      <div className="flex shrink-0 flex-wrap gap-2">{children}</div>
    </article>
  );
}

/** Where a job stands in time: in words, and the moment that they are about. */
function standing(job: Job, now: number): [words: string, at: string] {
  if (job.situation === "dead" && job.finished_at) return [texts.gaveUp(formatAge(job.finished_at, now)), job.finished_at];
  if (job.situation === "running" && job.started_at) return [texts.began(formatAge(job.started_at, now)), job.started_at];
  if (job.situation === "scheduled") return [texts.due(formatMoment(job.run_at)), job.run_at];
  return [texts.enqueued(formatAge(job.created_at, now)), job.created_at];
}

/** What a job is about: ids with their names. */
function Pairs({ title, text }: { title: string; text: string }) {
  const pairs = pairsOf(text);
  if (pairs.length === 0) return null;
  return (
    <p className="mt-1 text-meta text-faint [overflow-wrap:anywhere]">
      {title}{" "}
      {pairs.map(([name, value]) => (
        <span key={name} className="me-3">
          {name && `${visible(name)} `}
          <code>{visible(value)}</code>
        </span>
      ))}
    </p>
  );
}
