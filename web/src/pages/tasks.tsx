import { useMutation, useQuery } from "@tanstack/react-query";
import { useLocation, useSearch } from "@tanstack/react-router";
import { Suspense, useEffect, useRef, useState } from "react";

import { createTask } from "@/api/mutations/tasks";
import { tasksQuery } from "@/api/queries";
import { useSession } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { formatCount } from "@/lib/count";
import { early, part } from "@/lib/part";
import { parsePeek } from "@/lib/peek";
import { tasks as texts } from "@/texts/tasks";
import { Button } from "@/ui/button";
import { fieldLook } from "@/ui/field";
import { PageHeader, PageTitle } from "@/ui/page";
import { Empty, Loaded, SkeletonRows } from "@/ui/loaded";

import { told } from "./tasks/told";

const TaskGroups = early(() => import("./tasks/groups"));
const Cut = part(() => import("./tasks/cut"));
const TaskPeek = part(() => import("./tasks/peek"));

/** The plain list of tasks, by state. */
export function TasksPage() {
  const session = useSession();
  const ws = session.workspace.slug;
  const query = useQuery(tasksQuery(ws));
  const may = session.can.write_tasks;
  const target = parsePeek(useSearch({ strict: false }).peek);
  const open = target?.kind === "task" ? target.id : undefined;
  const rows = <SkeletonRows rows={6} />;
  return (
    <div className="flex max-w-[920px] flex-col gap-4 p-4 sm:p-6">
      <PageHeader>
        <PageTitle name={texts.title} scope={session.workspace.name} />
        {query.data && <span className="text-dense text-faint">{formatCount(query.data.total)}</span>}
      </PageHeader>
      {may ? <NewTask ws={ws} /> : <p className="text-dense text-muted">{texts.readOnly}</p>}
      <Loaded query={query} what={texts.what} skeleton={rows}>
        {({ items, total }) =>
          items.length === 0 ? (
            <Empty>{texts.empty}</Empty>
          ) : (
            <Suspense fallback={rows}>
              {query.data?.cut && <Cut shown={items.length} total={total} busy={query.isFetching} onRest={() => void query.refetch()} />}
              <TaskGroups items={items} open={open} />
            </Suspense>
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
