import { Eye, Paperclip, SendHorizontal, Square, X } from "lucide-react";
import { Suspense, useEffect, useRef, useState, type ClipboardEvent, type KeyboardEvent, type ReactNode } from "react";

import type { ChatMessage, ChatMode } from "@/api/types";
import { cx } from "@/lib/cx";
import { useOffline } from "@/lib/offline";
import { part } from "@/lib/part";
import { visible } from "@/lib/visible";
import { composer as texts } from "@/texts/conversation";
import { Button } from "@/ui/button";
import { fieldLook } from "@/ui/field";
import { toast } from "@/ui/toast";

import { buries, MOST, withOne } from "./attachments";
import { Chip } from "./chips";
import { editing, NEW, NOT_EDITING, useDraft, type Attached, type Draft } from "./drafts";
import { KIND_ICONS, kindOf } from "./kinds";
import { WriterLine } from "./writer-line";

const AttachDialog = part(() => import("./attach-dialog"));
const Preview = part(() => import("./preview"));

const MODES = Object.keys(texts.modes) as ChatMode[];

/** What the server takes. */
const LONGEST = 32_000;

interface Props {
  workspace: string;
  /** The conversation; nothing while it is not begun. */
  thread: string | undefined;
  /** The address of the repository that it is about. */
  repo: string | undefined;
  /** The same by its id, of a conversation that is not begun. */
  about?: string | undefined;
  /** An answer is being written, or what was said of it is being kept. */
  running?: "writing" | "stopping" | undefined;
  busy?: boolean;
  /** The question that was asked last, to be edited. */
  last?: ChatMessage | undefined;
  onAsk: (draft: Draft) => void;
  onStop?: () => void;
  /** What is chosen besides. */
  children?: ReactNode;
}

/** Where a question is written: what comes along, what kind of answer is wanted, and what will be sent. */
export function Composer({ workspace, thread, repo, about, running, busy, last, onAsk, onStop, children }: Props) {
  const [draft, write] = useDraft(workspace, thread ?? NEW);
  const offline = useOffline();
  const field = useRef<HTMLTextAreaElement>(null);
  const [attaching, setAttaching] = useState(false);
  const [previewing, setPreviewing] = useState(false);
  const blocked = offline ?? (running ? texts.waits : draft.text.trim() === "" ? texts.empty : undefined);

  useEffect(() => {
    // Whoever has a keyboard writes at once.
    if (matchMedia("(pointer: fine)").matches) field.current?.focus({ preventScroll: true });
  }, [thread]);

  const ask = () => {
    if (blocked === undefined && !busy) onAsk(draft);
    else if (draft.text.trim() === "") field.current?.focus();
  };
  const attach = (attached: Attached) => {
    if (draft.attached.length >= MOST) toast(texts.most);
    else write({ attached: withOne(draft.attached, attached) });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    const sends = event.key === "Enter" && !event.shiftKey && !event.altKey && (event.ctrlKey || event.metaKey || !matchMedia("(pointer: coarse)").matches);
    if (sends) ask();
    else if (event.key === "Escape" && running === "writing") onStop?.();
    else if (event.key === "Escape" && draft.insteadOf) write(NOT_EDITING);
    else if (event.key === "ArrowUp" && draft.text === "" && last && !running) write(editing(last));
    else if (event.key === "@" && !event.ctrlKey && !event.metaKey && /(^|\s)$/.test(event.currentTarget.value.slice(0, event.currentTarget.selectionStart))) setAttaching(true);
    else return;
    event.preventDefault();
  };
  const onPaste = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData("text/plain");
    if (!buries(text) || text.length > LONGEST) return;
    event.preventDefault();
    const name = texts.pasted(text.split("\n").length);
    attach({ attachment: { kind: "snippet", name, text }, name });
    toast(texts.pastedTold);
  };
  useEffect(() => {
    const onAlt = (event: globalThis.KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.code !== "KeyP" || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      setPreviewing((shown) => !shown);
    };
    addEventListener("keydown", onAlt);
    return () => removeEventListener("keydown", onAlt);
  }, []);

  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <Suspense>{previewing && <Preview workspace={workspace} thread={thread} draft={{ ...draft, repo: about }} onChange={write} />}</Suspense>
      <div className="flex flex-col rounded-card border border-control bg-bg focus-within:border-accent focus-within:shadow-[inset_0_0_0_1px_var(--accent)]">
        {draft.insteadOf && (
          <p className="flex items-center justify-between gap-2 rounded-t-card bg-subtle px-3 py-1 text-meta text-muted">
            {texts.editing}
            <Button look="ghost" icon={X} onClick={() => write(NOT_EDITING)}>
              {texts.keepEarlier}
            </Button>
          </p>
        )}
        {draft.attached.length > 0 && (
          <ul aria-label={texts.attached} className="flex flex-wrap gap-1.5 px-3 pt-2.5">
            {draft.attached.map((each, at) => (
              <Chip
                key={JSON.stringify(each.attachment)}
                icon={KIND_ICONS[kindOf(each.attachment)]}
                name={each.name}
                takeLabel={texts.take(visible(each.name))}
                onTake={() => write({ attached: draft.attached.filter((_, other) => other !== at) })}
              />
            ))}
          </ul>
        )}
        <textarea
          ref={field}
          aria-label={texts.label}
          aria-keyshortcuts="Enter"
          placeholder={thread ? texts.follow : texts.placeholder}
          rows={2}
          maxLength={LONGEST}
          value={draft.text}
          onChange={(event) => write({ text: event.target.value })}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          className="scroll-thin field-sizing-content max-h-[30dvh] min-h-14 w-full resize-none bg-transparent px-3 py-2.5 text-body outline-none"
        />
        <div className="flex flex-wrap items-center gap-1.5 px-2 pb-2">
          <select
            aria-label={texts.mode}
            title={texts.modeHints[draft.mode]}
            value={draft.mode}
            onChange={(event) => write({ mode: event.target.value as ChatMode })}
            className={cx(fieldLook, "!w-auto border-line !px-1 text-muted max-sm:max-w-24")}
          >
            {MODES.map((mode) => (
              <option key={mode} value={mode}>
                {texts.modes[mode]}
              </option>
            ))}
          </select>
          {children}
          <Button look="ghost" icon={Paperclip} aria-label={texts.attach} title={`${texts.attach} (@)`} onClick={() => setAttaching(true)}>
            <span className="max-sm:sr-only">{texts.attach}</span>
          </Button>
          <Button look="ghost" icon={Eye} aria-expanded={previewing} aria-keyshortcuts="Alt+P" title={`${texts.preview} (Alt P)`} onClick={() => setPreviewing(!previewing)}>
            <span className="max-sm:sr-only">{texts.preview}</span>
          </Button>
          <span className="ms-auto flex">
            {running ? (
              <Button icon={Square} busy={running === "stopping"} onClick={onStop} aria-keyshortcuts="Escape">
                {running === "stopping" ? texts.stopping : texts.stop}
              </Button>
            ) : (
              <Button type="submit" look="primary" icon={SendHorizontal} title={texts.keys} busy={busy === true} blocked={blocked}>
                {texts.send}
              </Button>
            )}
          </span>
        </div>
      </div>
      <WriterLine />
      <Suspense>{attaching && <AttachDialog workspace={workspace} repo={repo} onTake={attach} onClose={() => setAttaching(false)} />}</Suspense>
    </form>
  );
}
