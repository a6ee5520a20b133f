import { GitCommitHorizontal, Quote, Ruler, ShieldAlert } from "lucide-react";

import type { Evidence } from "@/api/types";

import { CommitLink } from "./commit-link";
import { PlaceLink } from "./place-link";
import { OriginMark } from "./proof-marks";
import { Prose } from "./prose";

/** Something a reader can follow to convince themselves, with where it comes from. */
export function EvidenceItem({ repo, evidence }: { repo: string; evidence: Evidence }) {
  const Icon = { span: Quote, advisory: ShieldAlert, commit: GitCommitHorizontal, metric: Ruler }[evidence.type];
  return (
    <li className="grid grid-cols-[1.15rem_minmax(0,1fr)] gap-x-2 text-dense">
      <Icon size={14} strokeWidth={1.75} aria-hidden className="mt-1.5 text-faint" />
      <div className="min-w-0 leading-6 [overflow-wrap:anywhere]">
        {evidence.type === "span" && <PlaceLink repo={repo} span={evidence.span} />}
        {evidence.type === "advisory" && <code className="text-meta">{evidence.id}</code>}
        {evidence.type === "commit" && <CommitLink repo={repo} id={evidence.id} />}
        {evidence.type === "metric" && <span className="font-medium">{evidence.name}</span>}
        <span className="text-muted before:content-['_'] after:content-['_']">
          <Prose text={evidence.note} />
        </span>
        <OriginMark origin={evidence.origin} />
      </div>
    </li>
  );
}
