import { useMutation } from "@tanstack/react-query";
import { CircleCheck, CircleDashed, CircleDot, CircleDotDashed, type LucideIcon } from "lucide-react";

import { updateTask } from "@/api/mutations/tasks";
import type { Task, TaskStatus } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { common } from "@/texts/common";
import { tasks as texts } from "@/texts/tasks";

import { told } from "./told";

const ICONS: Record<TaskStatus, [LucideIcon, string]> = {
  todo: [CircleDashed, "text-faint"],
  in_progress: [CircleDot, "text-medium"],
  review: [CircleDotDashed, "text-low"],
  done: [CircleCheck, "text-ok"],
};

export function StatusIcon({ status }: { status: TaskStatus }) {
  const [Icon, colour] = ICONS[status];
  return <Icon size={14} strokeWidth={2} aria-hidden className={cx("shrink-0", colour)} />;
}

/** The state of a task: one that may move shows where to. */
export function StatusSelect({ task, className }: { task: Task; className: string }) {
  const update = useMutation(told(updateTask(useWorkspace())));
  return (
    <select
      aria-label={texts.status(task.key)}
      value={task.status}
      onChange={(event) => update.mutate({ task, status: event.target.value as TaskStatus })}
      className={className}
    >
      {[task.status, ...task.next].map((status) => (
        <option key={status} value={status}>
          {common.status[status]}
        </option>
      ))}
    </select>
  );
}
