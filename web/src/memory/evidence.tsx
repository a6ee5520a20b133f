import { Link } from "@tanstack/react-router";
import { FileCode, GitCommitHorizontal, Link2, ScanSearch, SquareCheck, type LucideIcon } from "lucide-react";

import type { MemoryEvidence } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { shortCommit } from "@/lib/format";
import { peekText } from "@/lib/peek";
import { placeIn } from "@/lib/rich-text";
import { visible } from "@/lib/visible";
import { useRepoPlace } from "@/repo/place";
import { common } from "@/texts/common";
import { memoryEditor, memoryPeek as texts } from "@/texts/memory";
import { CommitLink } from "@/ui/commit-link";
import { PlaceLink } from "@/ui/place-link";

export const EVIDENCE_ICONS: Record<MemoryEvidence["kind"], LucideIcon> = {
  file: FileCode,
  commit: GitCommitHorizontal,
  task: SquareCheck,
  finding: ScanSearch,
  url: Link2,
};

/** What a memory rests on, each with the way there. */
export function EvidenceList({ evidence }: { evidence: readonly MemoryEvidence[] }) {
  return (
    <ul className="flex flex-col gap-1.5">
      {evidence.map((piece, index) => (
        <Piece key={index} piece={piece} />
      ))}
    </ul>
  );
}

function Piece({ piece }: { piece: MemoryEvidence }) {
  const Icon = EVIDENCE_ICONS[piece.kind];
  const repo = useRepoPlace(piece.repo);
  return (
    <li className="grid grid-cols-[1.15rem_minmax(0,1fr)] gap-x-2">
      <Icon size={14} strokeWidth={1.75} aria-label={memoryEditor.evidenceKinds[piece.kind]} className="mt-1.5 text-faint" />
      <div className="flex min-w-0 flex-wrap items-baseline gap-x-2 leading-6">
        <Target piece={piece} repo={repo?.slug} />
        {piece.kind === "file" && piece.commit && <span className="font-mono text-meta text-faint">@ {shortCommit(visible(piece.commit))}</span>}
        {piece.repo && <span className="text-meta text-faint">{repo ? texts.inRepo(visible(repo.name)) : texts.repoGone}</span>}
      </div>
    </li>
  );
}

const link = "min-w-0 text-accent hover:underline [overflow-wrap:anywhere]";

/** Where a piece leads. What cannot be followed any more stays the text it is. */
function Target({ piece: { kind, target }, repo }: { piece: MemoryEvidence; repo: string | undefined }) {
  const ws = useWorkspace();
  if (kind === "file" && repo) return <PlaceLink repo={repo} span={placeIn(target) ?? { path: target, start: 0, end: 0 }} />;
  if (kind === "commit" && repo && /^[0-9a-f]{40}$/.test(target)) return <CommitLink repo={repo} id={target} />;
  if (kind === "task") {
    return (
      <Link to="/w/$ws/tasks" params={{ ws }} search={{ peek: peekText({ kind: "task", id: target }) }} className={`${link} font-mono text-meta leading-6`}>
        {visible(target)}
      </Link>
    );
  }
  if (kind === "finding" && repo) {
    return (
      <Link to="/w/$ws/repos/$repo/findings" params={{ ws, repo }} search={{ code: "all", baseline: "show", peek: peekText({ kind: "finding", id: target }) }} className={link}>
        {memoryEditor.evidenceKinds.finding}
      </Link>
    );
  }
  if (kind === "url" && /^https?:\/\//i.test(target)) {
    return (
      <a href={target} target="_blank" rel="noreferrer noopener" className={link} title={`${visible(target)} (${common.opensNewTab})`}>
        {visible(target.replace(/^https?:\/\//i, ""))}
        <span className="sr-only"> ({common.opensNewTab})</span>
      </a>
    );
  }
  return <code className="min-w-0 text-meta [overflow-wrap:anywhere]">{visible(target)}</code>;
}
