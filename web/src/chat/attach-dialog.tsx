import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { useDeferredValue, useEffect, useRef, useState, type ReactNode } from "react";

import { filesQuery } from "@/api/code";
import { memoriesQuery } from "@/api/memories";
import { tasksQuery } from "@/api/queries";
import { visible } from "@/lib/visible";
import { attaching as texts } from "@/texts/conversation";
import { common } from "@/texts/common";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { fieldLook } from "@/ui/field";

import { ofPlace, ofTheMemory, ofTheTask } from "./attachments";
import type { Attached } from "./drafts";
import { KIND_ICONS } from "./kinds";

/** How many of each kind are offered. */
const OFFERED = 8;

interface Props {
  workspace: string;
  /** The address of the repository whose files can be taken. */
  repo: string | undefined;
  onTake: (attached: Attached) => void;
  onClose: () => void;
}

/** Chooses what comes along with a question: a file, a task, a memory or a text. */
export default function AttachDialog({ workspace, repo, onTake, onClose }: Props) {
  const [writing, setWriting] = useState(false);
  const take = (attached: Attached) => {
    onTake(attached);
    onClose();
  };
  return writing ? <Snippet onTake={take} onClose={onClose} /> : <Search workspace={workspace} repo={repo} onTake={take} onClose={onClose} onWrite={() => setWriting(true)} />;
}

function Search({ workspace, repo, onTake, onClose, onWrite }: Props & { onWrite: () => void }) {
  const [text, setText] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const wanted = useDeferredValue(text.trim().toLowerCase());
  const files = useQuery({ ...filesQuery(workspace, repo ?? "", wanted), enabled: repo !== undefined && wanted !== "", placeholderData: keepPreviousData });
  const tasks = useQuery(tasksQuery(workspace)).data?.items ?? [];
  const [memories] = useInfiniteQuery(memoriesQuery(workspace, {})).data?.pages ?? [];
  const has = (...words: string[]) => wanted === "" || words.some((word) => word.toLowerCase().includes(wanted));
  const paths = wanted === "" ? [] : (files.data?.data.entries ?? []).filter(({ kind }) => kind === "file").map(({ path }) => path);
  const found: [string, Attached[]][] = [
    [texts.files, paths.slice(0, OFFERED).map((path) => ofPlace({ path, start: 0, end: 0 }))],
    [texts.tasks, tasks.filter(({ key, title }) => has(key, title)).slice(0, OFFERED).map(ofTheTask)],
    [texts.memories, (memories?.items ?? []).filter(({ title, tags }) => has(title, ...tags)).slice(0, OFFERED).map(ofTheMemory)],
  ];
  // What Enter takes is what was found best, also when it is found later than it was typed.
  const [best] = found.flatMap(([, all]) => all);
  const first = best ? JSON.stringify(best.attachment) : texts.paste;
  const [marked, setMarked] = useState(first);
  useEffect(() => setMarked(first), [first]);
  return (
    <Dialog title={texts.title} onClose={onClose} className="self-start sm:mt-[12vh]" bare>
      <Command label={texts.title} loop shouldFilter={false} value={marked} onValueChange={setMarked}>
        <Command.Input
          ref={field}
          value={text}
          onValueChange={setText}
          placeholder={texts.placeholder}
          className="h-12 w-full border-b border-line bg-transparent px-4 text-body outline-none placeholder:text-faint"
        />
        <Command.List className="scroll-thin max-h-[min(380px,50dvh)] overflow-y-auto p-1.5">
          {found.map(([name, all]) => all.length > 0 && <Offered key={name} name={name} all={all} onTake={onTake} />)}
          {wanted !== "" && !files.isFetching && found.every(([, all]) => all.length === 0) && <p className="px-2.5 py-2 text-dense text-muted">{texts.none(visible(text.trim()))}</p>}
          <Row value={texts.paste} onSelect={onWrite}>
            {texts.paste}
          </Row>
        </Command.List>
      </Command>
    </Dialog>
  );
}

function Offered({ name, all, onTake }: { name: string; all: readonly Attached[]; onTake: (attached: Attached) => void }) {
  return (
    <Command.Group heading={name} className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-meta [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-faint">
      {all.map((each) => {
        const { kind } = each.attachment;
        const Icon = KIND_ICONS[kind === "file" ? "code" : kind];
        return (
          <Row key={JSON.stringify(each.attachment)} value={JSON.stringify(each.attachment)} onSelect={() => onTake(each)}>
            <Icon size={14} strokeWidth={1.75} aria-hidden className="shrink-0 text-faint" />
            <span className="truncate">{visible(each.name)}</span>
          </Row>
        );
      })}
    </Command.Group>
  );
}

const Row = ({ value, onSelect, children }: { value: string; onSelect: () => void; children: ReactNode }) => (
  <Command.Item
    value={value}
    onSelect={onSelect}
    className="flex min-h-9 cursor-default items-center gap-2 rounded-control px-2.5 text-dense data-[selected=true]:bg-sunken pointer-coarse:min-h-11"
  >
    {children}
  </Command.Item>
);

/** A text that is pasted or written. */
function Snippet({ onTake, onClose }: Pick<Props, "onTake" | "onClose">) {
  const [name, setName] = useState("");
  const [text, setText] = useState("");
  return (
    <Dialog title={texts.snippetTitle} onClose={onClose}>
      <form
        className="flex flex-col gap-4 text-dense"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== "") onTake({ attachment: { kind: "snippet", name: name.trim() || texts.snippetUsual, text }, name: name.trim() || texts.snippetUsual });
        }}
      >
        <label className="flex flex-col gap-1">
          <span className="font-medium">{texts.snippetText}</span>
          <textarea required rows={10} maxLength={32_000} value={text} onChange={(event) => setText(event.target.value)} className="rounded-control border border-control bg-bg px-2.5 py-1.5 font-mono text-meta" />
        </label>
        <label className="flex flex-col gap-1">
          <span className="font-medium">{texts.snippetName}</span>
          <input maxLength={200} value={name} onChange={(event) => setName(event.target.value)} className={fieldLook} />
          <span className="text-meta text-faint">{texts.snippetNameHint}</span>
        </label>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" look="primary">
            {texts.snippetAdd}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
