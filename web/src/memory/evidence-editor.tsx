import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useId, useState } from "react";

import { reposQuery } from "@/api/queries";
import type { MemoryEvidence } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { visible } from "@/lib/visible";
import { memoryEditor as texts } from "@/texts/memory";
import { Button, IconButton } from "@/ui/button";
import { fieldLook } from "@/ui/field";

import { EVIDENCE_ICONS } from "./evidence";

type Kind = MemoryEvidence["kind"];

/** What people write by hand; findings come from their page. */
const BY_HAND: readonly Kind[] = ["url", "file", "commit", "task"];

/** Kinds that are something only in a repository. */
const IN_REPO = new Set<Kind>(["file", "commit"]);

/** What the server takes. */
const MOST = 20;

const NONE: MemoryEvidence = { kind: "url", target: "", repo: null, commit: null };

interface Props {
  evidence: readonly MemoryEvidence[];
  onChange: (evidence: MemoryEvidence[]) => void;
  /** The piece that is being written, and not yet among them. */
  piece: MemoryEvidence | undefined;
  onPiece: (piece: MemoryEvidence | undefined) => void;
}

/** What a memory rests on: pieces are taken away, and added by hand. */
export function EvidenceEditor({ evidence, onChange, piece, onPiece }: Props) {
  const id = useId();
  const repos = useQuery(reposQuery(useWorkspace())).data?.items ?? [];
  const { kind, target } = piece ?? NONE;
  const [repo, setRepo] = useState<string>();
  const inRepo = (of: Kind) => (IN_REPO.has(of) ? (repo ?? repos[0]?.id ?? null) : null);
  const write = (change: Partial<MemoryEvidence>) => {
    const next = { ...(piece ?? NONE), ...change };
    onPiece({ ...next, repo: change.repo ?? inRepo(next.kind) });
  };
  const add = () => {
    if (!piece || target.trim() === "") return;
    onChange([...evidence, { ...piece, target: target.trim(), repo: inRepo(kind) }]);
    onPiece(undefined);
  };
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1 font-medium">{texts.evidence}</legend>
      {evidence.length > 0 && (
        <ul className="flex flex-col rounded-card border border-line">
          {evidence.map((each, index) => {
            const Icon = EVIDENCE_ICONS[each.kind];
            const name = each.kind === "finding" ? texts.evidenceKinds.finding : visible(each.target);
            return (
              <li key={index} className="flex items-center gap-2 border-b border-line ps-2.5 pe-1 last:border-b-0">
                <Icon size={14} strokeWidth={1.75} aria-label={texts.evidenceKinds[each.kind]} className="shrink-0 text-faint" />
                <code className="min-w-0 flex-1 truncate text-meta" title={name}>
                  {name}
                </code>
                <IconButton icon={X} label={texts.take(name)} onClick={() => onChange(evidence.filter((_, other) => other !== index))} />
              </li>
            );
          })}
        </ul>
      )}
      {piece ? (
        <div className="grid grid-cols-1 gap-2 rounded-card bg-subtle p-3 sm:grid-cols-[8rem_minmax(0,1fr)]">
          <select aria-label={texts.evidenceKind} value={kind} onChange={(event) => write({ kind: event.target.value as Kind })} className={cx(fieldLook, "h-9")}>
            {BY_HAND.map((each) => (
              <option key={each} value={each}>
                {texts.evidenceKinds[each]}
              </option>
            ))}
          </select>
          <input
            autoFocus
            id={`${id}-target`}
            aria-label={texts.target}
            placeholder={texts.evidenceTarget[kind]}
            maxLength={2000}
            value={target}
            onChange={(event) => write({ target: event.target.value })}
            onKeyDown={(event) => {
              if (event.key !== "Enter") return;
              // It adds the piece, and does not send the form.
              event.preventDefault();
              add();
            }}
            className={cx(fieldLook, "h-9")}
          />
          {IN_REPO.has(kind) && (
            <select aria-label={texts.repo} value={inRepo(kind) ?? ""} onChange={(event) => {
                setRepo(event.target.value);
                write({ repo: event.target.value });
              }} className={cx(fieldLook, "h-9 sm:col-span-2")}>
              {repos.map((each) => (
                <option key={each.id} value={each.id}>
                  {visible(each.name)}
                </option>
              ))}
            </select>
          )}
          <Button className="w-fit sm:col-span-2" icon={Plus} onClick={add}>
            {texts.addEvidence}
          </Button>
        </div>
      ) : (
        evidence.length < MOST && (
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <Button icon={Plus} onClick={() => onPiece(NONE)}>
              {texts.addEvidence}
            </Button>
            {evidence.length === 0 && <span className="text-meta text-faint">{texts.evidenceHint}</span>}
          </div>
        )
      )}
    </fieldset>
  );
}
