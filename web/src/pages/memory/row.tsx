import { Link } from "@tanstack/react-router";
import { Lock, Search } from "lucide-react";

import type { Memory } from "@/api/types";
import { useNow } from "@/lib/clock";
import { cx } from "@/lib/cx";
import { formatAge, formatMoment } from "@/lib/format";
import { peekText } from "@/lib/peek";
import { visible } from "@/lib/visible";
import { changedLook, useChanged } from "@/live/changed";
import { isRecalled, KindIcon, StateTag } from "@/memory/marks";
import { memory as texts } from "@/texts/memory";
import { Prose } from "@/ui/prose";
import { Tag } from "@/ui/tag";

interface Props {
  memory: Memory;
  /** Whether it is the one beside the list. */
  current: boolean;
  /** Why a search found it. */
  reason?: string;
}

/** A memory in a list: what it says, and how far it can be relied on. */
export function MemoryRow({ memory, current, reason }: Props) {
  const now = useNow();
  const changed = useChanged(memory.id);
  const facts = [
    texts.kinds[memory.kind],
    memory.evidence.length > 0 && texts.evidenceCount(memory.evidence.length),
    memory.used > 0 && texts.used(memory.used),
  ].filter(Boolean);
  return (
    <li
      className={cx(
        "relative flex gap-3 border-b border-line px-3 py-2.5 text-dense last:border-b-0 hover:bg-subtle has-[:focus-visible]:bg-subtle",
        current && "bg-subtle shadow-[inset_2px_0_0_var(--accent)]",
        changed && changedLook,
      )}
    >
      <span className="mt-0.5">
        <KindIcon kind={memory.kind} size={16} />
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-0.5">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Link
            data-row
            to="."
            search={(search) => ({ ...search, peek: peekText({ kind: "memory", id: memory.id }) })}
            aria-current={current || undefined}
            resetScroll={false}
            className={cx("min-w-0 font-medium [overflow-wrap:anywhere] after:absolute after:inset-0 hover:text-accent", !isRecalled(memory.state) && "!font-normal text-muted")}
          >
            <Prose text={memory.title} />
          </Link>
          <StateTag state={memory.state} />
          {memory.scope === "private" && <Tag icon={Lock}>{texts.private}</Tag>}
        </div>
        {memory.text.trim() !== "" && <p className="line-clamp-2 max-w-[80ch] text-muted [overflow-wrap:anywhere]">{visible(plain(memory.text))}</p>}
        <p className="flex flex-wrap items-center gap-x-1.5 text-meta text-faint">
          {facts.join(" · ")}
          {memory.tags.map((tag) => (
            <span key={tag}>#{visible(tag)}</span>
          ))}
        </p>
        {reason && (
          <p className="flex items-baseline gap-1.5 text-meta text-accent">
            <Search size={12} aria-hidden className="shrink-0 self-center" />
            <span className="min-w-0 [overflow-wrap:anywhere]">{reason}</span>
          </p>
        )}
      </div>
      <span className="shrink-0 whitespace-nowrap text-meta text-faint max-sm:hidden" title={formatMoment(memory.updated_at)}>
        {formatAge(memory.updated_at, now)}
      </span>
    </li>
  );
}

/** The beginning of a text without the marks of Markdown, on one line. */
const plain = (text: string): string =>
  text
    .slice(0, 400)
    .replace(/^\s*(#{1,6} |[-*] |`{3,}.*$)/gm, "")
    .replace(/[`*]/g, "")
    .replace(/\s+/g, " ")
    .trim();
