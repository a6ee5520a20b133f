import { useMutation } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import { useState } from "react";

import { updateTask } from "@/api/mutations/tasks";
import type { Task } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { common } from "@/texts/common";
import { tasks as texts } from "@/texts/tasks";
import { Button } from "@/ui/button";

import { RichText } from "@/ui/rich-text";
import { told } from "./told";

/** What the server takes. */
const LONGEST = 50_000;

/** The note of a task, and a field to change it. What is being written stays when the task changes elsewhere. */
export function Note({ task, repo }: { task: Task; repo: string | undefined }) {
  const [draft, setDraft] = useState<string | null>(null);
  // What is written is written about this version: what comes meanwhile is not overwritten unseen.
  const [base, setBase] = useState(task);
  const update = useMutation(told(updateTask(useWorkspace())));
  const edit = () => {
    setBase(task);
    setDraft(task.description);
  };
  if (draft === null) {
    return (
      <div className="flex flex-col items-start gap-2">
        {task.description.trim() === "" ? (
          <p className="text-faint">{texts.noNote}</p>
        ) : (
          <div className="text-muted">
            <RichText text={task.description} repo={repo} />
          </div>
        )}
        {task.can.edit && (
          <Button icon={Pencil} onClick={edit}>
            {task.description.trim() === "" ? texts.writeNote : texts.editNote}
          </Button>
        )}
      </div>
    );
  }
  const save = () => update.mutate({ task: base, description: draft }, { onSuccess: () => setDraft(null) });
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <textarea
        autoFocus
        aria-label={texts.note}
        rows={Math.min(20, Math.max(5, draft.split("\n").length + 1))}
        maxLength={LONGEST}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && draft === base.description) setDraft(null);
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            save();
          }
        }}
        className="w-full rounded-control border border-control bg-bg px-2.5 py-1.5"
      />
      <div className="flex gap-2">
        <Button type="submit" look="primary" busy={update.isPending}>
          {texts.saveNote}
        </Button>
        <Button onClick={() => setDraft(null)}>{common.cancel}</Button>
      </div>
    </form>
  );
}
