import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { insightsQuery } from "@/api/queries";
import type { Repo, Task } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { formatDay, formatMoment, words } from "@/lib/format";
import { visible } from "@/lib/visible";
import { Peek } from "@/peek/peek";
import { useRepoPlace } from "@/repo/place";
import { common } from "@/texts/common";
import { insight as insightTexts } from "@/texts/insight";
import { tasks as texts } from "@/texts/tasks";
import { CopyButton } from "@/ui/copy";
import { fieldLook } from "@/ui/field";
import { Location } from "@/ui/location";
import { Tag } from "@/ui/tag";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { CheckMark } from "@/ui/proof-marks";
import { Prose } from "@/ui/prose";
import { Section } from "@/ui/section";

import { Note } from "./note";
import { StatusIcon, StatusSelect } from "./status";

/** One task: where it stands, where it comes from, and what is known about it. */
export default function TaskPeek({ task }: { task: Task | undefined }) {
  const repo = useRepoPlace(task?.origin?.repo);
  if (!task) {
    return (
      <Peek label={texts.title} title={<h2 className="text-dense font-semibold">{texts.title}</h2>}>
        <p className="p-4 text-dense text-muted">{texts.notListed}</p>
      </Peek>
    );
  }
  return (
    <Peek
      label={texts.named(task.key)}
      title={<p className="font-mono text-meta text-faint">{task.key}</p>}
      actions={<CopyButton text={`${task.key} ${task.title}`} label={texts.copy} />}
    >
      <div className="flex flex-col gap-5 p-4 text-dense">
        <h2 className="text-body font-semibold [overflow-wrap:anywhere]">
          <Prose text={task.title} />
        </h2>
        <dl className="grid grid-cols-[6rem_minmax(0,1fr)] items-center gap-y-2">
          <dt className="text-faint">{texts.state}</dt>
          <dd className="flex items-center gap-2">
            <StatusIcon status={task.status} />
            {task.can.edit ? <StatusSelect task={task} className={`${fieldLook} !w-auto`} /> : common.status[task.status]}
          </dd>
          {task.priority !== "none" && (
            <>
              <dt className="text-faint">{texts.priority}</dt>
              <dd>{words(task.priority)}</dd>
            </>
          )}
          <dt className="text-faint">{texts.created}</dt>
          <dd title={formatMoment(task.created_at)}>{formatDay(task.created_at)}</dd>
        </dl>
        <Section title={texts.origin}>
          {!task.origin ? (
            <p className="text-muted">{texts.byHand}</p>
          ) : repo ? (
            <Origin id={task.origin.id} repo={repo} />
          ) : (
            <p className="text-muted">{texts.repoGone}</p>
          )}
        </Section>
        <Section title={texts.note}>
          <Note key={task.key} task={task} repo={repo?.slug} />
        </Section>
      </div>
    </Peek>
  );
}

/** The insight a task was made from: its repository, and what its check says now. */
function Origin({ id, repo }: { id: string; repo: Repo }) {
  const ws = useWorkspace();
  const query = useQuery(insightsQuery(ws, repo.slug));
  return (
    <div className="flex flex-col gap-2">
      <div>
        <Link to="/w/$ws/repos/$repo" params={{ ws, repo: repo.slug }} className="font-medium text-accent hover:underline">
          {visible(repo.name)}
        </Link>
        <Location text={repo.source.location} />
      </div>
      <Loaded query={query} what={insightTexts.what} skeleton={<SkeletonRows rows={2} height="h-5" />}>
        {({ items }) => {
          const insight = items.find((each) => each.id === id);
          if (!insight) return <p className="text-muted">{texts.insightGone}</p>;
          return (
            <>
              <p className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
                <Link to="/w/$ws/repos/$repo/insights" params={{ ws, repo: repo.slug }} hash={insight.id} className="text-accent hover:underline">
                  {texts.seeInsight}
                </Link>
                <Tag tone={insight.state === "closed" ? "ok" : "neutral"}>{texts.insightStates[insight.state]}</Tag>
              </p>
              <p className="flex items-start gap-2">
                <span className="mt-0.5">
                  <CheckMark passed={insight.check.last?.passed} />
                </span>
                <span className="min-w-0 [overflow-wrap:anywhere]">
                  <Prose text={insight.check.text} />{" "}
                  <span className="text-muted">
                    <Prose text={insight.check.last?.detail ?? insightTexts.notRun} />
                  </span>
                </span>
              </p>
            </>
          );
        }}
      </Loaded>
    </div>
  );
}
