import { Link } from "@tanstack/react-router";
import { Check, Lock } from "lucide-react";
import { useId } from "react";

import type { OfferedRepository } from "@/api/types";
import { useNow } from "@/lib/clock";
import { cx } from "@/lib/cx";
import { formatAge, formatBytes, formatMoment } from "@/lib/format";
import { visible } from "@/lib/visible";
import { select as texts } from "@/texts/hosts";
import { Bodies } from "@/ui/bodies";
import { Cell, rowLink, rowLook, rowRest, Table, type Column } from "@/ui/table";
import { Tag } from "@/ui/tag";

import { choosable } from "./offered";

const COLUMNS: readonly Column[] = [
  { title: texts.columns.choose, hidden: true },
  { title: texts.columns.name },
  { title: texts.columns.visibility, wide: true },
  { title: texts.columns.language, wide: true },
  { title: texts.columns.pushed, numeric: true, wide: true },
  { title: texts.columns.size, numeric: true, wide: true },
];

interface Props {
  ws: string;
  items: readonly OfferedRepository[];
  has: (path: string) => boolean;
  onToggle: (path: string) => void;
}

/** What a host offers, one row for each repository; a click anywhere on a row chooses it. */
export function OfferTable({ ws, items, has, onToggle }: Props) {
  return (
    <Table label={texts.title} columns={COLUMNS} bodies rows={items.length + 1}>
      <Bodies items={items} columns={COLUMNS.length}>
        {(repo, index) => (
          <OfferRow key={repo.path} ws={ws} repo={repo} index={index} chosen={choosable(repo) && has(repo.path)} onToggle={() => onToggle(repo.path)} />
        )}
      </Bodies>
    </Table>
  );
}

interface RowProps {
  ws: string;
  repo: OfferedRepository;
  index: number;
  chosen: boolean;
  onToggle: () => void;
}

function OfferRow({ ws, repo, index, chosen, onToggle }: RowProps) {
  const now = useNow();
  const id = useId();
  const pushed = repo.pushed_at && <span title={formatMoment(repo.pushed_at)}>{formatAge(repo.pushed_at, now)}</span>;
  const bytes = repo.bytes === null ? null : formatBytes(repo.bytes);
  const seen = (
    <span className="inline-flex items-center gap-1">
      {repo.visibility !== "public" && <Lock size={12} strokeWidth={1.75} aria-hidden />}
      {texts.visibility[repo.visibility]}
    </span>
  );
  return (
    <tr className={cx(rowLook, chosen && "bg-subtle")} aria-rowindex={index + 2}>
      <Cell className="w-8 !pe-0">
        {repo.connected ? (
          <Check size={16} aria-hidden className="mt-0.5 text-ok" />
        ) : (
          <input
            id={id}
            type="checkbox"
            data-row
            data-id={repo.path}
            className="relative z-1 mt-0.5 size-4 accent-[var(--accent)]"
            disabled={!choosable(repo)}
            checked={chosen}
            onChange={onToggle}
          />
        )}
      </Cell>
      <Cell>
        <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
          {repo.connected ? (
            <Link data-row to="/w/$ws/repos/$repo" params={{ ws, repo: repo.connected.slug }} className={`${rowLink} [overflow-wrap:anywhere]`}>
              {visible(repo.path)}
            </Link>
          ) : (
            <label htmlFor={id} className={cx("[overflow-wrap:anywhere]", choosable(repo) ? rowLink : "font-medium text-muted")}>
              {visible(repo.path)}
            </label>
          )}
          {repo.connected && <Tag tone="ok">{texts.imported}</Tag>}
          {!repo.connected && repo.default_branch === null && <Tag>{texts.emptyRepo}</Tag>}
          {repo.archived && <Tag>{texts.archived}</Tag>}
        </span>
        {repo.description && <span className="mt-0.5 line-clamp-1 text-meta text-muted [overflow-wrap:anywhere]">{visible(repo.description)}</span>}
        <span className={rowRest}>
          {seen}
          {repo.language && <span>{visible(repo.language)}</span>}
          {pushed}
          {bytes && <span>{bytes}</span>}
        </span>
      </Cell>
      <Cell wide className="text-muted">
        {seen}
      </Cell>
      <Cell wide className="text-muted">
        {repo.language ? visible(repo.language) : <span className="text-faint">–</span>}
      </Cell>
      <Cell numeric wide className="text-muted">
        {pushed ?? <span className="text-faint">–</span>}
      </Cell>
      <Cell numeric wide className="text-muted">
        {bytes ?? <span className="text-faint">–</span>}
      </Cell>
    </tr>
  );
}
