import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { problemOf } from "@/api/client";
import { createTasks, wantOnce, type TaskText } from "@/api/mutations/transfers";
import type { Hotspots } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { useNow } from "@/lib/clock";
import { formatAge } from "@/lib/format";
import { useOffline } from "@/lib/offline";
import { sayAfter } from "@/lib/say-after";
import { visible } from "@/lib/visible";
import type { Absence } from "@/repo/absence";
import { common } from "@/texts/common";
import { transfer as texts } from "@/texts/transfer";
import { hotspots } from "@/texts/hotspots";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { toast } from "@/ui/toast";

interface Props {
  /** The folders that would miss those who are away. */
  folders: readonly Absence[];
  people: Hotspots["people"];
  away: readonly string[];
  repo: string;
  onClose: () => void;
}

/** Which folders somebody else is to learn, as tasks: nothing is created before it is confirmed. */
export default function TransferDialog({ folders, people, away, repo, onClose }: Props) {
  const ws = useWorkspace();
  const now = useNow();
  const offline = useOffline();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const wanted = folders.filter(({ row }) => !left.has(row.folder));
  const create = useMutation({ ...createTasks(ws), onError: (error) => toast(problemOf(error).detail) });
  // Where only some could be created, pressing again creates the rest.
  const [want] = useState(wantOnce);
  const choose = (folder: string, on: boolean) => {
    const next = new Set(left);
    if (on) next.delete(folder);
    else next.add(folder);
    setLeft(next);
  };
  const next = (each: Absence) => (each.next ? (people[each.next.person]?.name ?? "") : "");
  const textOf = (each: Absence): TaskText => {
    const folder = each.row.folder || hotspots.ownership.root;
    return {
      title: texts.title(folder, next(each)),
      description: texts.description(repo, folder, away, each.lost, each.next && { name: next(each), percent: each.next.percent, age: formatAge(each.next.last_change, now) }),
    };
  };
  return (
    <Dialog title={texts.heading} onClose={onClose}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          sayAfter(create, wanted.map((each) => want(each.row.folder, () => textOf(each))), (made) => toast(texts.made(made.length)), {
            onSuccess: onClose,
          });
        }}
      >
        <p className="text-dense text-muted">{texts.lead(away.map(visible).join(", "))}</p>
        <ul className="scroll-thin flex max-h-[50vh] flex-col gap-1 overflow-y-auto">
          {folders.map((each) => (
            <li key={each.row.folder}>
              <label className="flex items-start gap-2 py-1 text-dense">
                <input
                  type="checkbox"
                  className="mt-1 size-3.5 shrink-0 accent-[var(--accent)]"
                  checked={!left.has(each.row.folder)}
                  onChange={(event) => choose(each.row.folder, event.target.checked)}
                />
                <span className="min-w-0 [overflow-wrap:anywhere]">
                  {visible(textOf(each).title)}
                  <span className="block text-meta text-muted">
                    {each.next
                      ? hotspots.ownership.next(visible(next(each)), each.next.percent, formatAge(each.next.last_change, now))
                      : hotspots.ownership.nobody}
                  </span>
                </span>
              </label>
            </li>
          ))}
        </ul>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button look="primary" type="submit" busy={create.isPending} blocked={offline ?? (wanted.length === 0 ? texts.chooseOne : undefined)}>
            {texts.create(wanted.length)}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
