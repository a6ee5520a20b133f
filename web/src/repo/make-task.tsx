import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { SquareCheck } from "lucide-react";
import { useState } from "react";

import { problemOf } from "@/api/client";
import { createTasks, wantOnce, type TaskText } from "@/api/mutations/transfers";
import { useSession } from "@/api/workspace";
import { useOffline } from "@/lib/offline";
import { peekText } from "@/lib/peek";
import { insight as texts } from "@/texts/insight";
import { Button } from "@/ui/button";
import { toast } from "@/ui/toast";

/** Makes a task of what a panel shows, once; afterwards the way to it. */
export function MakeTask({ of, text }: { of: string; text: () => TaskText }) {
  const { workspace, can } = useSession();
  const ws = workspace.slug;
  const offline = useOffline();
  const create = useMutation(createTasks(ws));
  // Pressed again after an answer that was lost, it is still one task.
  const [want] = useState(wantOnce);
  const made = create.data?.[0];
  if (!can.write_tasks) return null;
  if (made) {
    return (
      <Link
        to="/w/$ws/tasks"
        params={{ ws }}
        search={{ peek: peekText({ kind: "task", id: made.key }) }}
        className="tap inline-flex w-fit items-center gap-1.5 rounded-control bg-ok-bg px-2.5 font-medium text-ok hover:underline"
      >
        <SquareCheck size={14} aria-hidden />
        {texts.madeTask(made.key)}
      </Link>
    );
  }
  return (
    <Button
      className="w-fit"
      icon={SquareCheck}
      busy={create.isPending}
      blocked={offline}
      onClick={() => create.mutate([want(of, text)], { onError: (error) => toast(problemOf(error).detail) })}
    >
      {texts.makeTask}
    </Button>
  );
}
