import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import { CircleCheck, CircleDashed, CircleDot, CircleDotDashed, Lightbulb, Trash2, type LucideIcon } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { problemOf } from "@/api/client";
import { createTask, deleteTask, restoreTask, updateTask } from "@/api/mutations/tasks";
import { reposQuery, tasksQuery } from "@/api/queries";
import type { Task, TaskStatus } from "@/api/types";
import { useSession } from "@/api/workspace";
import { useNow } from "@/lib/clock";
import { cx } from "@/lib/cx";
import { formatAge, formatMoment, visible } from "@/lib/format";
import { common } from "@/texts/common";
import { tasks as texts } from "@/texts/tasks";
import { Button, IconButton } from "@/ui/button";
import { fieldLook } from "@/ui/field";
import { PageHeader, PageTitle } from "@/ui/page";
import { Empty, Loaded, SkeletonRows } from "@/ui/panel";
import { Prose } from "@/ui/prose";
import { toast } from "@/ui/toast";

const GROUPS: readonly TaskStatus[] = ["in_progress", "review", "todo", "done"];

const ICONS: Record<TaskStatus, [LucideIcon, string]> = {
  todo: [CircleDashed, "text-faint"],
  in_progress: [CircleDot, "text-medium"],
  review: [CircleDotDashed, "text-low"],
  done: [CircleCheck, "text-ok"],
};

/** What a failed change says. */
const explain = (error: unknown): string => {
  const problem = problemOf(error);
  return problem.status === 409 ? texts.conflict : problem.detail;
};

/** The same change, with a word when it fails. It is said by the change itself, because its row may be gone by then. */
function told<T extends { onError?: (...args: never[]) => unknown }>(change: T): T {
  return {
    ...change,
    onError: (...args: never[]) => {
      toast(explain(args[0]));
      return change.onError?.(...args);
    },
  };
}

/** The plain list of tasks, by state. */
export function TasksPage() {
  const session = useSession();
  const ws = session.workspace.slug;
  const query = useQuery(tasksQuery(ws));
  const may = session.can.write_tasks;
  return (
    <div className="flex max-w-[920px] flex-col gap-4 p-4 sm:p-6">
      <PageHeader>
        <PageTitle name={texts.title} scope={session.workspace.name} />
        {query.data && <span className="text-dense text-faint">{query.data.total}</span>}
      </PageHeader>
      {may ? <NewTask ws={ws} /> : <p className="text-dense text-muted">{texts.readOnly}</p>}
      <Loaded query={query} what={texts.what} skeleton={<SkeletonRows rows={6} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>{texts.empty}</Empty>
          ) : (
            <div className="flex flex-col gap-5">
              {GROUPS.map((status) => {
                const rows = items.filter((task) => task.status === status);
                if (rows.length === 0) return null;
                return (
                  <section key={status} aria-labelledby={`group-${status}`}>
                    <h2 id={`group-${status}`} className="mb-1 flex items-center gap-2 rounded-control bg-subtle px-3 py-1 text-dense font-medium">
                      <StatusIcon status={status} />
                      {texts.groups[status]}
                      <span className="font-normal text-faint">{rows.length}</span>
                    </h2>
                    <ul>
                      {rows.map((task) => (
                        <TaskRow key={task.key} ws={ws} task={task} />
                      ))}
                    </ul>
                  </section>
                );
              })}
            </div>
          )
        }
      </Loaded>
    </div>
  );
}

function StatusIcon({ status }: { status: TaskStatus }) {
  const [Icon, colour] = ICONS[status];
  return <Icon size={14} strokeWidth={2} aria-hidden className={cx("shrink-0", colour)} />;
}

/** A title is enough. */
function NewTask({ ws }: { ws: string }) {
  const field = useRef<HTMLInputElement>(null);
  const [title, setTitle] = useState("");
  const hash = useLocation({ select: (location) => location.hash });
  const create = useMutation(told(createTask(ws)));
  useEffect(() => {
    if (hash === "new") field.current?.focus();
  }, [hash]);
  return (
    <form
      className="flex gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        const wanted = title.trim();
        if (wanted) create.mutate(wanted, { onSuccess: () => setTitle("") });
      }}
    >
      <input
        ref={field}
        aria-label={texts.newTask}
        placeholder={texts.placeholder}
        maxLength={200}
        value={title}
        onChange={(event) => setTitle(event.target.value)}
        className={cx(fieldLook, "h-9")}
      />
      <Button type="submit" look="primary" busy={create.isPending} className="h-9">
        {texts.add}
      </Button>
    </form>
  );
}

function TaskRow({ ws, task }: { ws: string; task: Task }) {
  const repos = useQuery(reposQuery(ws));
  const origin = repos.data?.items.find((repo) => repo.id === task.origin?.repo);
  const now = useNow();
  const update = useMutation(told(updateTask(ws)));
  const restore = useMutation(told(restoreTask(ws)));
  const remove = useMutation({
    ...told(deleteTask(ws)),
    onSuccess: (deleted) => toast(texts.deleted(deleted.key), { undo: () => restore.mutate(deleted) }),
  });
  return (
    <li className="group flex min-h-9 items-center gap-3 border-b border-line px-3 text-dense hover:bg-subtle">
      <span className="relative flex">
        <StatusIcon status={task.status} />
        {task.can.edit && (
          <select
            data-row
            aria-label={texts.status(task.key)}
            value={task.status}
            onChange={(event) => update.mutate({ task, status: event.target.value as TaskStatus })}
            className="absolute -inset-1.5 cursor-default opacity-0"
          >
            {[task.status, ...task.next].map((status) => (
              <option key={status} value={status}>
                {common.status[status]}
              </option>
            ))}
          </select>
        )}
      </span>
      <code className="w-16 shrink-0 text-meta text-faint">{task.key}</code>
      <span className={cx("min-w-0 flex-1 py-1.5 [overflow-wrap:anywhere]", task.status === "done" && "text-faint line-through")}>
        <Prose text={task.title} />
      </span>
      {origin && (
        <Link
          to="/w/$ws/repos/$repo/insights"
          params={{ ws, repo: origin.slug }}
          title={texts.fromInsight}
          className="hidden items-center gap-1 text-meta text-muted hover:text-accent hover:underline sm:inline-flex"
        >
          <Lightbulb size={12} aria-hidden />
          {visible(origin.name)}
        </Link>
      )}
      <span className="hidden whitespace-nowrap text-meta text-faint sm:inline" title={formatMoment(task.updated_at)}>
        {formatAge(task.updated_at, now)}
      </span>
      {task.can.delete && (
        <IconButton
          icon={Trash2}
          label={texts.remove(task.key)}
          onClick={() => remove.mutate(task)}
          className="opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100"
        />
      )}
    </li>
  );
}
