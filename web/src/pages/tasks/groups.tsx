import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Lightbulb, Trash2 } from "lucide-react";

import { deleteTask, restoreTask } from "@/api/mutations/tasks";
import type { Task, TaskStatus } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { useNow } from "@/lib/clock";
import { cx } from "@/lib/cx";
import { formatCount } from "@/lib/count";
import { formatAge, formatMoment } from "@/lib/format";
import { visible } from "@/lib/visible";
import { useOffline } from "@/lib/offline";
import { peekText } from "@/lib/peek";
import { changedLook, useChanged } from "@/live/changed";
import { useSteady } from "@/live/steady";
import { useRepoPlace } from "@/repo/place";
import { tasks as texts } from "@/texts/tasks";
import { IconButton } from "@/ui/button";
import { Location } from "@/ui/location";
import { Prose } from "@/ui/prose";
import { toast } from "@/ui/toast";
import { Updates } from "@/ui/updates";

import { StatusIcon, StatusSelect } from "./status";
import { told } from "./told";

const GROUPS: readonly TaskStatus[] = ["in_progress", "review", "todo", "done"];

/** A task that got another state stands in another place. */
const placeOf = (task: Task) => `${task.key} ${task.status}`;

/** The tasks by state; `open` is the key of the one beside the list. */
export default function TaskGroups({ items, open }: { items: readonly Task[]; open: string | undefined }) {
  const ws = useWorkspace();
  const steady = useSteady(items, placeOf, ws);
  return (
    <Updates steady={steady}>
      <div className="flex flex-col gap-5">
        {GROUPS.map((status) => {
          const rows = steady.shown.filter((task) => task.status === status);
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
    </Updates>
  );
}

function TaskRow({ ws, task, current }: { ws: string; task: Task; current: boolean }) {
  const origin = useRepoPlace(task.origin?.repo);
  const now = useNow();
  const changed = useChanged(task.id);
  const offline = useOffline();
  const restore = useMutation(told(restoreTask(ws)));
  const remove = useMutation({
    ...told(deleteTask(ws)),
    onSuccess: (deleted) => toast(texts.deleted(deleted.key), { undo: () => restore.mutate(deleted) }),
  });
  return (
    <li className={cx("group relative flex min-h-9 items-start gap-3 border-b border-line px-3 text-dense hover:bg-subtle", current && "bg-subtle shadow-[inset_2px_0_0_var(--accent)]", changed && changedLook)}>
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
          blocked={offline}
          onClick={() => remove.mutate(task)}
          className="relative z-[1] mt-1 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:mt-0 pointer-coarse:opacity-100"
        />
      )}
    </li>
  );
}
