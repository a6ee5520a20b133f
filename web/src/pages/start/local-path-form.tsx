import { problemOf } from "@/api/client";
import { useQuery } from "@tanstack/react-query";
import { CircleCheck, Folder, FolderGit2, LoaderCircle } from "lucide-react";
import { useId, useState } from "react";

import { localPathsQuery } from "@/api/queries";
import type { Probe } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { visible } from "@/lib/visible";
import { Refusal } from "@/repo/refusal";
import { forms as texts } from "@/texts/source-forms";
import { source } from "@/texts/start";
import { Button } from "@/ui/button";
import { fieldLook } from "@/ui/field";
import { Prose } from "@/ui/prose";

import { useFound, useProbe, useSettled } from "./use-probe";

interface Props {
  roots: readonly string[];
  onAdd: (probe: Probe) => void;
  /** Gets the repository that stands in the field, or nothing while there is none. */
  onFound: (probe: Probe | undefined) => void;
}

/** A folder on the server's machine, completed while it is typed. */
export function LocalPathForm({ roots, onAdd, onFound }: Props) {
  const ws = useWorkspace();
  const id = useId();
  const [path, setPath] = useState("");
  const [open, setOpen] = useState(false);
  const [marked, setMarked] = useState(-1);
  const prefix = useSettled(path || (roots[0] ? `${roots[0]}/` : ""), 120);
  const folders = useQuery({ ...localPathsQuery(ws, prefix), enabled: open, placeholderData: (old) => old });
  const settled = useSettled(path, 250).trim();
  // The server may run as somebody else, somewhere else: what a path is relative to is not known here.
  const whole = settled.startsWith("/");
  const probe = useProbe(settled, whole);
  const found = settled === path.trim() ? probe.data : undefined;
  useFound(found, onFound);
  // The list may still be the one of the letters before: only what fits the field, and adds to it, is offered.
  const fits = (entry: { path: string }) => entry.path.startsWith(path) && entry.path !== path;
  const entries = open ? (folders.data?.data.entries ?? []).filter(fits) : [];

  const choose = (entry: { path: string; repository: boolean }) => {
    setPath(entry.repository ? entry.path : `${entry.path}/`);
    setMarked(-1);
    setOpen(!entry.repository);
  };
  const submit = () => {
    if (!found) return;
    onAdd(found);
    setPath("");
    setOpen(false);
  };

  return (
    <form
      className="flex flex-col gap-1.5"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <label htmlFor={`${id}-path`} className="text-dense font-medium">
        {texts.pathLabel}
      </label>
      {/* The list opens below what is said about the path: a refusal is read while the path is completed. */}
      <div className="relative flex flex-col gap-1.5">
        <div className="flex gap-2">
          <div className="min-w-0 flex-1">
            <input
              id={`${id}-path`}
              role="combobox"
              aria-expanded={entries.length > 0}
              aria-controls={`${id}-list`}
              aria-autocomplete="list"
              aria-activedescendant={marked >= 0 ? `${id}-${marked}` : undefined}
              aria-describedby={`${id}-state`}
              aria-invalid={probe.isError || (settled !== "" && !whole) || undefined}
              autoComplete="off"
              spellCheck={false}
              placeholder={texts.pathPlaceholder}
              value={path}
              className={cx(fieldLook, "h-9 font-mono")}
              onFocus={() => setOpen(true)}
              onBlur={() => setOpen(false)}
              onChange={(event) => {
                setPath(event.target.value);
                setOpen(true);
                setMarked(-1);
              }}
              onKeyDown={(event) => {
                if (event.key === "ArrowDown" || event.key === "ArrowUp") {
                  event.preventDefault();
                  const step = event.key === "ArrowDown" ? 1 : -1;
                  setMarked((at) => Math.max(-1, Math.min(entries.length - 1, at + step)));
                } else if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) {
                  const entry = entries[marked];
                  if (entry) {
                    event.preventDefault();
                    choose(entry);
                  }
                } else if (event.key === "Escape") setOpen(false);
              }}
            />
          </div>
          <Button type="submit" className="h-9" blocked={found ? undefined : source.noneChosen}>
            {texts.add}
          </Button>
        </div>
        {settled === "" || whole ? (
          <ProbeState id={`${id}-state`} probe={probe} shown={whole} />
        ) : (
          <p id={`${id}-state`} role="status" className="min-h-5 text-dense text-critical">
            {texts.wholePath(roots)}
          </p>
        )}
        <ul
          id={`${id}-list`}
          role="listbox"
          aria-label={texts.suggestions}
          hidden={entries.length === 0}
          className="scroll-thin absolute inset-x-0 top-full z-30 mt-1 max-h-72 overflow-y-auto rounded-card bg-raised p-1 shadow-overlay"
        >
          {entries.map((entry, index) => {
            const Icon = entry.repository ? FolderGit2 : Folder;
            return (
              <li
                key={entry.path}
                id={`${id}-${index}`}
                role="option"
                aria-selected={index === marked}
                className={cx(
                  "flex min-h-7 items-center gap-2 rounded-control px-2 text-dense",
                  index === marked ? "bg-sunken" : "hover:bg-subtle",
                )}
                onMouseDown={(event) => {
                  event.preventDefault();
                  choose(entry);
                }}
              >
                <Icon size={14} aria-hidden className={entry.repository ? "text-accent" : "text-faint"} />
                <span className="truncate font-mono">{visible(entry.name)}</span>
                {entry.repository && <span className="ms-auto text-meta text-faint">{texts.repository}</span>}
              </li>
            );
          })}
        </ul>
      </div>
    </form>
  );
}

/** What was found, or why the source cannot be used. */
export function ProbeState({
  id,
  probe,
  shown,
}: {
  id: string;
  probe: { data: Probe | undefined; error: unknown; isFetching: boolean };
  shown: boolean;
}) {
  return (
    <p id={id} role="status" className="flex min-h-5 items-start gap-1.5 text-dense">
      {!shown ? null : probe.isFetching ? (
        <>
          <LoaderCircle size={14} aria-hidden className="spin mt-0.5 text-faint" />
          <span className="text-muted">{texts.testing}</span>
        </>
      ) : probe.error ? (
        <Refusal reason={problemOf(probe.error)} />
      ) : (
        probe.data && (
          <>
            <CircleCheck size={14} aria-hidden className="mt-0.5 shrink-0 text-ok" />
            <span>
              <Prose text={probe.data.description} />
              {probe.data.notes.map((note) => (
                <span key={note} className="block text-muted">
                  <Prose text={note} />
                </span>
              ))}
            </span>
          </>
        )
      )}
    </p>
  );
}
