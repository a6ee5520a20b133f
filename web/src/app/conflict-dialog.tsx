import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";

import { answer, api, body, problemOf } from "@/api/client";
import { memoryQuery } from "@/api/memories";
import type { Insight, Task } from "@/api/types";
import { useNow } from "@/lib/clock";
import { formatAge, formatDay } from "@/lib/format";
import { visible } from "@/lib/visible";
import type { Change, MemoryFields, TaskFields } from "@/offline/change";
import { differing, settle, settleInsight, standing, wanted, type Field } from "@/offline/conflict";
import { drop } from "@/offline/queue";
import { common } from "@/texts/common";
import { insight as states } from "@/texts/insight";
import { memory as memories } from "@/texts/memory";
import { conflict as texts } from "@/texts/offline";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Loaded, SkeletonRows } from "@/ui/loaded";

interface Props {
  change: Change;
  onClose: () => void;
}

/** A change that somebody else was faster than, beside what is there now: which is to stand. */
export default function ConflictDialog(props: Props) {
  const { effect } = props.change;
  if (effect.kind === "task.update") return <OfTask {...props} name={effect.key} fields={effect.fields} />;
  if (effect.kind === "memory.update") return <OfMemory {...props} id={effect.id} fields={effect.fields} />;
  if (effect.kind === "insight.dismiss" || effect.kind === "insight.restore") return <OfInsight {...props} repo={effect.repo} id={effect.id} />;
  return null;
}

const wide = "!w-[min(720px,calc(100vw-32px))]";

function OfTask({ change, name, fields, onClose }: Props & { name: string; fields: TaskFields }) {
  const now = useNow();
  const { workspace } = change;
  const query = useQuery({
    queryKey: ["w", workspace, "task", name, change.key],
    queryFn: ({ signal }) =>
      answer<Task>(api.GET("/api/v1/w/{workspace}/tasks/{key}", { params: { path: { workspace, key: name } }, signal })),
    staleTime: 0,
    gcTime: 0,
  });
  return (
    <Dialog title={texts.title(name)} onClose={onClose} className={wide}>
      <Loaded query={query} what={name} skeleton={<SkeletonRows rows={3} />}>
        {({ data: theirs }) => {
          const rows = differing(fields, theirs);
          if (theirs.deleted_at !== null || rows.length === 0) {
            return <Nothing why={theirs.deleted_at === null ? texts.same : texts.gone} change={change} onClose={onClose} />;
          }
          return (
            <Chooser
              lead={texts.lead(formatAge(theirs.updated_at, now))}
              rows={rows.map((field) => ({ field, mine: shownOfTask(field, fields), theirs: shownOfTask(field, theirs) }))}
              onSave={(mine) => settle(change, theirs, mine)}
              onClose={onClose}
            />
          );
        }}
      </Loaded>
    </Dialog>
  );
}

function OfMemory({ change, id, fields, onClose }: Props & { id: string; fields: MemoryFields }) {
  const now = useNow();
  const { workspace } = change;
  const query = useQuery({ ...memoryQuery(workspace, id), queryKey: [...memoryQuery(workspace, id).queryKey, change.key], staleTime: 0, gcTime: 0, retry: false });
  // Deleted for good, or seen by others alone by now: the answer is the same.
  const gone = query.error !== null && problemOf(query.error).status === 404;
  return (
    <Dialog title={texts.title(texts.memory)} onClose={onClose} className={wide}>
      {gone ? (
        <Nothing why={texts.gone} change={change} onClose={onClose} />
      ) : (
        <Loaded query={query} what={memories.one} skeleton={<SkeletonRows rows={3} />}>
          {({ data: theirs }) => {
            const rows = differing(fields, theirs);
            if (rows.length === 0) return <Nothing why={texts.same} change={change} onClose={onClose} />;
            return (
              <Chooser
                lead={texts.lead(formatAge(theirs.updated_at, now))}
                rows={rows.map((field) => ({ field, mine: shownOfMemory(field, fields), theirs: shownOfMemory(field, theirs) }))}
                onSave={(mine) => settle(change, theirs, mine)}
                onClose={onClose}
              />
            );
          }}
        </Loaded>
      )}
    </Dialog>
  );
}

function OfInsight({ change, repo, id, onClose }: Props & { repo: string; id: string }) {
  const { effect, workspace } = change;
  const query = useQuery({
    queryKey: ["w", workspace, "insight", id, change.key],
    queryFn: ({ signal }) =>
      body(api.GET("/api/v1/w/{workspace}/repos/{repo}/insights", { params: { path: { workspace, repo }, query: { state: "all" } }, signal })),
    staleTime: 0,
    gcTime: 0,
  });
  const mine = wanted(change);
  if (!mine) return null;
  const reason = effect.kind === "insight.dismiss" && effect.reason !== "" ? `: ${effect.reason}` : "";
  return (
    <Dialog title={texts.title(texts.insight)} onClose={onClose} className={wide}>
      <Loaded query={query} what={states.what} skeleton={<SkeletonRows rows={3} />}>
        {({ items }) => {
          const theirs = items.find((each) => each.id === id);
          const left = standing(mine, theirs);
          if (!theirs || left !== "differs") return <Nothing why={left === "differs" ? texts.gone : texts[left]} change={change} onClose={onClose} />;
          return (
            <Chooser
              lead={visible(theirs.title)}
              rows={[{ field: "status", mine: stateOf(mine) + reason, theirs: stateOf(theirs.state) }]}
              onSave={(kept) => settleInsight(change, theirs, kept.has("status"))}
              onClose={onClose}
            />
          );
        }}
      </Loaded>
    </Dialog>
  );
}

const stateOf = (state: Insight["state"]): string => ({ open: states.open, dismissed: states.dismissedState, closed: states.closed })[state];

/** Why there is nothing to choose. */
function Nothing({ why, change, onClose }: Props & { why: string }) {
  return (
    <div className="flex flex-col items-start gap-3 text-dense">
      <p>{why}</p>
      <Button look="primary" onClick={() => void drop(change).then(onClose)}>
        {texts.drop}
      </Button>
    </div>
  );
}

interface ChooserProps {
  lead: string;
  rows: readonly { field: Field; mine: string; theirs: string }[];
  /** Gets the fields of which one's own is to stand. */
  onSave: (mine: ReadonlySet<Field>) => Promise<void>;
  onClose: () => void;
}

function Chooser({ lead, rows, onSave, onClose }: ChooserProps) {
  const [mine, setMine] = useState<ReadonlySet<Field>>(new Set());
  const choose = (field: Field, keep: boolean) =>
    setMine((known) => new Set([...known].filter((each) => each !== field).concat(keep ? [field] : [])));
  return (
    <form
      className="flex flex-col gap-4 text-dense"
      onSubmit={(event) => {
        event.preventDefault();
        void onSave(mine).then(onClose);
      }}
    >
      <p className="text-muted [overflow-wrap:anywhere]">{lead}</p>
      {rows.map((row) => (
        <fieldset key={row.field} className="flex flex-col gap-1">
          <legend className="mb-1 font-medium">{texts.field[row.field]}</legend>
          <div className="grid grid-cols-1 gap-2 sm:grid-cols-2">
            <Side name={texts.yours} value={row.mine} chosen={mine.has(row.field)} onChoose={() => choose(row.field, true)} />
            <Side name={texts.theirs} value={row.theirs} chosen={!mine.has(row.field)} onChoose={() => choose(row.field, false)} />
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

function shownOfTask(field: Field, { status, title, description }: TaskFields): string {
  if (field === "status") return status ? common.status[status] : "";
  return (field === "title" ? title : description) ?? "";
}

function shownOfMemory(field: Field, { kind, tags, evidence, expires_at: ends, title, text }: MemoryFields): string {
  if (field === "kind") return kind ? memories.kinds[kind] : "";
  if (field === "tags") return tags?.join(", ") ?? "";
  if (field === "evidence") return evidence?.map(({ target }) => target).join("\n") ?? "";
  if (field === "expires_at") return ends ? formatDay(ends) : texts.never;
  return (field === "title" ? title : text) ?? "";
}
