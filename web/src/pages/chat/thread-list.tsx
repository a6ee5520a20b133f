import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Pin, Plus, Users } from "lucide-react";
import { useEffect, useRef } from "react";

import { mayAsk, threadsQuery } from "@/api/chat";
import { reposQuery } from "@/api/queries";
import type { ChatThread } from "@/api/types";
import { useSession } from "@/api/workspace";
import { useNow } from "@/lib/clock";
import { cx } from "@/lib/cx";
import { formatAge, formatMoment } from "@/lib/format";
import { visible } from "@/lib/visible";
import { chat as texts } from "@/texts/chat";
import { buttonLook } from "@/ui/button";
import { fieldLook, SearchField } from "@/ui/field";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { More } from "@/ui/more";

/** Conversations, pinned ones first, then those where something was said last; its filters stand in the address. */
export default function ThreadList({ open }: { open: string | undefined }) {
  const session = useSession();
  const ws = session.workspace.slug;
  const { q, repo, archived } = useSearch({ from: "/inside/w/$ws/chat" });
  const navigate = useNavigate();
  const repos = useQuery(reposQuery(ws)).data?.items ?? [];
  const query = useInfiniteQuery({ ...threadsQuery(ws, { q, repo: repos.find(({ slug }) => slug === repo)?.id, archived }), placeholderData: (old) => old });
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (field.current && field.current.value.trim() !== (q ?? "")) field.current.value = q ?? "";
  }, [q]);
  const set = (change: object) =>
    void navigate({ to: ".", search: (old) => Object.fromEntries(Object.entries({ ...old, ...change }).filter(([, value]) => value)), replace: true, resetScroll: false });
  const look = (text: string) => text.trim() !== (q ?? "") && set({ q: text.trim() });
  const filtered = q !== undefined || repo !== undefined;
  return (
    <>
      {open && mayAsk(session) && (
        <Link to="/w/$ws/chat" params={{ ws }} className={buttonLook("secondary", "w-full")}>
          <Plus size={14} strokeWidth={1.75} aria-hidden />
          {texts.start}
        </Link>
      )}
      <SearchField
        ref={field}
        label={texts.search}
        defaultValue={q}
        maxLength={200}
        className="!w-full"
        onKeyDown={(event) => event.key === "Enter" && look(event.currentTarget.value)}
        onBlur={(event) => look(event.currentTarget.value)}
      />
      <div className="flex items-center gap-1.5">
        {repos.length > 1 && (
          <select aria-label={texts.repo} value={repo ?? ""} onChange={(event) => set({ repo: event.target.value })} className={cx(fieldLook, "!min-w-0 flex-1 border-line !px-1.5 text-muted")}>
            <option value="">{texts.all}</option>
            {repos.map(({ id, slug, name }) => (
              <option key={id} value={slug}>
                {visible(name)}
              </option>
            ))}
          </select>
        )}
        <button type="button" aria-pressed={archived === true} className={buttonLook("ghost", cx("ms-auto", archived && "!text-accent"))} onClick={() => set({ archived: archived ? undefined : true })}>
          {texts.archived}
        </button>
      </div>
      <Loaded query={query} what={texts.whatAll} skeleton={<SkeletonRows rows={6} height="h-10" />}>
        {({ pages }) => {
          const all = pages.flatMap(({ items }) => items);
          return all.length === 0 ? (
            <p className="px-2 py-1 text-dense text-faint">{filtered ? texts.noneFound : archived ? texts.noneArchived : texts.none}</p>
          ) : (
            <>
              <ul aria-label={texts.conversations} className="flex flex-col gap-px">
                {all.map((thread) => (
                  <Row key={thread.id} thread={thread} ws={ws} repo={repos.find(({ id }) => id === thread.repo)?.name} current={thread.id === open} mine={thread.author === session.user.id} />
                ))}
              </ul>
              <More query={query} />
            </>
          );
        }}
      </Loaded>
    </>
  );
}

interface RowProps {
  thread: ChatThread;
  ws: string;
  /** The name of the repository that it is about. */
  repo: string | undefined;
  current: boolean;
  mine: boolean;
}

function Row({ thread, ws, repo, current, mine }: RowProps) {
  const now = useNow();
  return (
    <li>
      <Link
        data-row
        to="/w/$ws/chat/$thread"
        params={{ ws, thread: thread.id }}
        search={({ q, repo: about, archived }) => ({ ...(q ? { q } : {}), ...(about ? { repo: about } : {}), ...(archived ? { archived } : {}) })}
        aria-current={current || undefined}
        className={cx("flex flex-col rounded-control px-2 py-1.5 text-dense hover:bg-sunken", current && "bg-sunken font-medium")}
      >
        <span className="flex items-center gap-1.5">
          {thread.pinned && <Pin size={12} fill="currentColor" aria-hidden className="shrink-0 text-faint" />}
          <span className="min-w-0 flex-1 truncate">{visible(thread.title) || texts.untitled}</span>
          {thread.shared && <Users size={12} aria-label={texts.shared} className="shrink-0 text-faint" />}
        </span>
        <span className="flex gap-1.5 text-meta font-normal text-faint">
          {repo && <span className="min-w-0 truncate">{visible(repo)} ·</span>}
          <span className="shrink-0" title={formatMoment(thread.updated_at)}>
            {formatAge(thread.updated_at, now)}
          </span>
          {!mine && <span className="sr-only">{texts.theirs}</span>}
        </span>
      </Link>
    </li>
  );
}
