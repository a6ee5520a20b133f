import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useLocation, useSearch } from "@tanstack/react-router";
import { Lightbulb, Trash2 } from "lucide-react";
import { lazy, Suspense, useEffect, useRef, useState } from "react";

import { createTask, deleteTask, restoreTask } from "@/api/mutations/tasks";
import { tasksQuery } from "@/api/queries";
import type { Task, TaskStatus } from "@/api/types";
import { useSession } from "@/api/workspace";
import { useNow } from "@/lib/clock";
import { cx } from "@/lib/cx";
import { formatAge, formatCount, formatMoment, visible } from "@/lib/format";
import { parsePeek, peekText } from "@/lib/peek";
import { useRepoPlace } from "@/repo/place";
import { tasks as texts } from "@/texts/tasks";
import { Button, IconButton } from "@/ui/button";
import { fieldLook } from "@/ui/field";
import { Location } from "@/ui/location";
import { PageHeader, PageTitle } from "@/ui/page";
import { Empty, Loaded, SkeletonRows } from "@/ui/panel";
import { Prose } from "@/ui/prose";
import { toast } from "@/ui/toast";

import { StatusIcon, StatusSelect, told } from "./tasks/status";

const TaskPeek = lazy(() => import("./tasks/peek"));

const GROUPS: readonly TaskStatus[] = ["in_progress", "review", "todo", "done"];

/** The plain list of tasks, by state. */
export function TasksPage() {
  const session = useSession();
  const ws = session.workspace.slug;
  const query = useQuery(tasksQuery(ws));
  const may = session.can.write_tasks;
  const target = parsePeek(useSearch({ strict: false }).peek);
  const open = target?.kind === "task" ? target.id : undefined;
  return (
    <div className="flex max-w-[920px] flex-col gap-4 p-4 sm:p-6">
      <PageHeader>
        <PageTitle name={texts.title} scope={session.workspace.name} />
        {query.data && <span className="text-dense text-faint">{formatCount(query.data.total)}</span>}
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
                      <span className="font-normal text-faint">{formatCount(rows.length)}</span>
                    </h2>
                    <ul>
                      {rows.map((task) => (
                        <TaskRow key={task.key} ws={ws} task={task} current={task.key === open} />
                      ))}
                    </ul>
                  </section>
                );
              })}
            </div>
          )
        }
      </Loaded>
      <Suspense>{open && query.data && <TaskPeek task={query.data.items.find((each) => each.key === open)} />}</Suspense>
    </div>
  );
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
        id="new-task"
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

function TaskRow({ ws, task, current }: { ws: string; task: Task; current: boolean }) {
  const origin = useRepoPlace(task.origin?.repo);
  const now = useNow();
  const restore = useMutation(told(restoreTask(ws)));
  const remove = useMutation({
    ...told(deleteTask(ws)),
    onSuccess: (deleted) => toast(texts.deleted(deleted.key), { undo: () => restore.mutate(deleted) }),
  });
  return (
    <li className={cx("group relative flex min-h-9 items-start gap-3 border-b border-line px-3 text-dense hover:bg-subtle", current && "bg-subtle shadow-[inset_2px_0_0_var(--accent)]")}>
      <span className="relative z-[1] flex h-9 items-center rounded-control has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-focus">
        <StatusIcon status={task.status} />
        {task.can.edit && <StatusSelect task={task} className="absolute -inset-1.5 cursor-default opacity-0" />}
      </span>
      <code className="w-16 shrink-0 text-meta leading-9 text-faint">{task.key}</code>
      <div className="min-w-0 flex-1 py-2">
        <Link
          data-row
          to="."
          search={(search) => ({ ...search, peek: peekText({ kind: "task", id: task.key }) })}
          aria-current={current || undefined}
          resetScroll={false}
          className={cx(
            "[overflow-wrap:anywhere] after:absolute after:inset-0 hover:text-accent",
            task.status === "done" && "text-faint line-through",
          )}
        >
          <Prose text={task.title} />
        </Link>
        {origin && (
          <span className="mt-0.5 flex items-center gap-1 text-meta text-faint" title={visible(origin.source.location)}>
            <Lightbulb size={12} aria-hidden className="shrink-0" />
            <span className="shrink-0">
              <span className="sr-only">{texts.fromInsight} </span>
              {visible(origin.name)}
            </span>
            <Location text={origin.source.location} className="min-w-0 max-sm:hidden" />
          </span>
        )}
      </div>
      <span className="hidden whitespace-nowrap text-meta leading-9 text-faint sm:inline" title={formatMoment(task.updated_at)}>
        {formatAge(task.updated_at, now)}
      </span>
      {task.can.delete && (
        <IconButton
          icon={Trash2}
          label={texts.remove(task.key)}
          onClick={() => remove.mutate(task)}
          className="relative z-[1] mt-1 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:mt-0 pointer-coarse:opacity-100"
        />
      )}
    </li>
  );
}
