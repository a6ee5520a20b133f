import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Archive, ArchiveRestore, Ellipsis, Lock, Pencil, Pin, PinOff, Trash2, Users } from "lucide-react";
import { useState, type FormEvent } from "react";

import { changeThread, deleteThread, type ThreadChange } from "@/api/chat";
import { problemOf } from "@/api/client";
import type { ChatThread } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { useOffline } from "@/lib/offline";
import { sayAfter } from "@/lib/say-after";
import { thread as texts } from "@/texts/conversation";
import { common } from "@/texts/common";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { fieldLook } from "@/ui/field";
import { menuItem, Popover } from "@/ui/popover";
import { Problem } from "@/ui/problem";
import { toast } from "@/ui/toast";

/** What can be done with a conversation. */
export default function ThreadMenu({ thread, messages }: { thread: ChatThread; messages: number }) {
  const offline = useOffline();
  const [asking, setAsking] = useState<"rename" | "delete" | "share">();
  const change = useMutation(changeThread(useWorkspace()));
  const set = (wanted: ThreadChange, said?: string) =>
    sayAfter(
      change,
      { thread, change: wanted },
      () => said && toast(said),
      {
        // What rests on private memories is shared by a second decision.
        onError: (error) => (problemOf(error).code === "rests_on_private" ? setAsking("share") : toast(problemOf(error).detail)),
      },
    );
  const { pinned, archived, shared, can } = thread;
  if (!can.edit && !can.delete) return null;
  const items = [
    [Pencil, texts.rename, () => setAsking("rename")],
    [pinned ? PinOff : Pin, pinned ? texts.unpin : texts.pin, () => set({ pinned: !pinned })],
    [archived ? ArchiveRestore : Archive, archived ? texts.restore : texts.archive, () => set({ archived: !archived }, archived ? texts.toldRestored : texts.toldArchived)],
    [shared ? Lock : Users, shared ? texts.unshare : texts.share, () => set({ shared: !shared }, shared ? texts.toldUnshared : texts.toldShared)],
    ...(can.delete ? ([[Trash2, texts.delete, () => setAsking("delete")]] as const) : []),
  ] as const;
  return (
    <>
      <Popover
        label={texts.menu}
        trigger={<Ellipsis size={16} aria-hidden />}
        triggerLabel={texts.menu}
        triggerClass="tap inline-flex min-w-7 items-center justify-center rounded-control text-muted hover:bg-sunken hover:text-text"
        className="w-56 p-1"
      >
        {(close) =>
          items.map(([Icon, label, run]) => (
            <button
              key={label}
              type="button"
              className={menuItem}
              aria-disabled={offline !== undefined || undefined}
              title={offline}
              onClick={() => {
                if (offline !== undefined) return;
                close();
                run();
              }}
            >
              <Icon size={14} strokeWidth={1.75} aria-hidden className="text-faint" />
              {label}
            </button>
          ))
        }
      </Popover>
      {asking === "rename" && <Rename thread={thread} onClose={() => setAsking(undefined)} />}
      {asking === "share" && <Share thread={thread} onClose={() => setAsking(undefined)} />}
      {asking === "delete" && <Delete thread={thread} messages={messages} onClose={() => setAsking(undefined)} />}
    </>
  );
}

function Rename({ thread, onClose }: { thread: ChatThread; onClose: () => void }) {
  const [title, setTitle] = useState(thread.title);
  const change = useMutation(changeThread(useWorkspace()));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ thread, change: { title: title.trim() } }, { onSuccess: onClose });
  };
  return (
    <Dialog title={texts.renameTitle} onClose={onClose}>
      <form className="flex flex-col gap-4 text-dense" onSubmit={submit}>
        <label className="flex flex-col gap-1">
          <span className="font-medium">{texts.name}</span>
          <input required maxLength={200} value={title} onChange={(event) => setTitle(event.target.value)} className={fieldLook} />
        </label>
        {change.error && <Problem error={change.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" look="primary" busy={change.isPending}>
            {texts.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Share({ thread, onClose }: { thread: ChatThread; onClose: () => void }) {
  const change = useMutation(changeThread(useWorkspace()));
  const share = () =>
    sayAfter(
      change,
      { thread, change: { shared: true, with_private: true } },
      () => toast(texts.toldShared),
      { onSuccess: onClose },
    );
  return (
    <Dialog title={texts.shareTitle} onClose={onClose}>
      <div className="flex flex-col gap-3 text-dense">
        <p>{texts.shareLead}</p>
        <p className="text-muted">{texts.shareInstead}</p>
        {change.error && <Problem error={change.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button look="primary" busy={change.isPending} onClick={share}>
            {texts.shareIt}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function Delete({ thread, messages, onClose }: { thread: ChatThread; messages: number; onClose: () => void }) {
  const ws = useWorkspace();
  const navigate = useNavigate();
  const remove = useMutation(deleteThread(ws));
  return (
    <Dialog title={texts.deleteTitle} onClose={onClose}>
      <div className="flex flex-col gap-3 text-dense">
        <p>{texts.deleteLead(messages)}</p>
        <p className="text-muted">{texts.deleteInstead}</p>
        {remove.error && <Problem error={remove.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button
            look="primary"
            busy={remove.isPending}
            onClick={() =>
              sayAfter(remove, thread, () => toast(texts.deleted), {
                onSuccess: () => void navigate({ to: "/w/$ws/chat", params: { ws } }),
              })
            }
          >
            {texts.deleteIt}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
