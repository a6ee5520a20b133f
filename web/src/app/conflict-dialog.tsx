import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";

import { answer, api } from "@/api/client";
import type { Task } from "@/api/types";
import { useNow } from "@/lib/clock";
import { formatAge } from "@/lib/format";
import { visible } from "@/lib/visible";
import type { Change, TaskFields } from "@/offline/change";
import { differing, settle, type Field } from "@/offline/conflict";
import { drop } from "@/offline/queue";
import { common } from "@/texts/common";
import { conflict as texts } from "@/texts/offline";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Loaded, SkeletonRows } from "@/ui/loaded";

interface Props {
  change: Change;
  onClose: () => void;
}

/** Two versions of a task beside each other: for each field, which is to stand. */
export default function ConflictDialog({ change, onClose }: Props) {
  const { workspace, effect } = change;
  const key = effect.kind === "task.update" ? effect.key : "";
  const query = useQuery({
    queryKey: ["w", workspace, "task", key, change.key],
    queryFn: ({ signal }) =>
      answer<Task>(api.GET("/api/v1/w/{workspace}/tasks/{key}", { params: { path: { workspace, key } }, signal })),
    staleTime: 0,
    gcTime: 0,
  });
  if (effect.kind !== "task.update") return null;
  return (
    <Dialog title={texts.title(key)} onClose={onClose} className="!w-[min(720px,calc(100vw-32px))]">
      <Loaded query={query} what={key} skeleton={<SkeletonRows rows={3} />}>
        {({ data }) => <Chooser change={change} fields={effect.fields} theirs={data} onClose={onClose} />}
      </Loaded>
    </Dialog>
  );
}

function Chooser({ change, fields, theirs, onClose }: Props & { fields: TaskFields; theirs: Task }) {
  const now = useNow();
  const rows = differing(fields, theirs);
  const [mine, setMine] = useState<ReadonlySet<Field>>(new Set());
  const choose = (field: Field, keep: boolean) =>
    setMine((known) => new Set([...known].filter((each) => each !== field).concat(keep ? [field] : [])));
  const save = async () => {
    await settle(change, theirs, mine);
    onClose();
  };
  if (theirs.deleted_at !== null || rows.length === 0) {
    return (
      <div className="flex flex-col items-start gap-3 text-dense">
        <p>{theirs.deleted_at === null ? texts.same : texts.gone}</p>
        <Button look="primary" onClick={() => void drop(change).then(onClose)}>
          {texts.drop}
        </Button>
      </div>
    );
  }
  return (
    <form
      className="flex flex-col gap-4 text-dense"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <p className="text-muted">{texts.lead(formatAge(theirs.updated_at, now))}</p>
      {rows.map((field) => (
        <fieldset key={field} className="flex flex-col gap-1">
          <legend className="mb-1 font-medium">{texts.field[field]}</legend>
          <div className="grid grid-cols-1 gap-2 sm:grid-cols-2">
            <Side name={texts.yours} value={shown(field, fields)} chosen={mine.has(field)} onChoose={() => choose(field, true)} />
            <Side name={texts.theirs} value={shown(field, theirs)} chosen={!mine.has(field)} onChoose={() => choose(field, false)} />
          </div>
        </fieldset>
      ))}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button look="primary" type="submit">
          {texts.apply}
        </Button>
      </div>
    </form>
  );
}

function Side({ name, value, chosen, onChoose }: { name: string; value: string; chosen: boolean; onChoose: () => void }) {
  const id = useId();
  return (
    <label
      className={`flex cursor-pointer items-start gap-2 rounded-card border p-3 ${chosen ? "border-accent bg-subtle" : "border-line"} has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-focus`}
    >
      <input type="radio" className="mt-0.5 size-4 shrink-0 accent-[var(--accent)]" checked={chosen} onChange={onChoose} aria-describedby={id} />
      <span className="min-w-0">
        <span className="block font-medium">{name}</span>
        <span id={id} className="block max-h-48 overflow-y-auto whitespace-pre-line text-muted [overflow-wrap:anywhere]">
          {visible(value) || "–"}
        </span>
      </span>
    </label>
  );
}

const shown = (field: Field, task: TaskFields): string =>
  field === "status" && task.status ? common.status[task.status] : (task[field] ?? "");
