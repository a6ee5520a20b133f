import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useLocation, useNavigate, useSearch } from "@tanstack/react-router";
import { Archive, ArchiveRestore, CircleCheck, Lock, Pencil, Replace, ThumbsUp, Trash2 } from "lucide-react";
import { Suspense, useState } from "react";

import { problemOf } from "@/api/client";
import { mayRemember, memoryQuery, recallQuery } from "@/api/memories";
import { noteMemoryUse, sayOfMemory, type Say } from "@/api/mutations/memories";
import type { Memory } from "@/api/types";
import { useSession, useWorkspace } from "@/api/workspace";
import { useNow } from "@/lib/clock";
import { formatAge, formatDay, formatMoment } from "@/lib/format";
import { useKeys } from "@/lib/keys";
import { useOffline } from "@/lib/offline";
import { part } from "@/lib/part";
import { parsePeek, peekText } from "@/lib/peek";
import { sayAfter } from "@/lib/say-after";
import { visible } from "@/lib/visible";
import { Peek } from "@/peek/peek";
import { useRepoPlace } from "@/repo/place";
import { memory as words, memoryPeek as texts } from "@/texts/memory";
import { Button } from "@/ui/button";
import { CopyButton } from "@/ui/copy";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { Prose } from "@/ui/prose";
import { RichText } from "@/ui/rich-text";
import { Section } from "@/ui/section";
import { Tag } from "@/ui/tag";
import { toast } from "@/ui/toast";

import { EvidenceList } from "./evidence";
import { isRecalled, KindIcon, StateTag } from "./marks";
import { Reasons } from "./reasons";
import { write } from "./writing";

const ForgetDialog = part(() => import("./forget-dialog"));

/** A memory beside whatever page: it is evidence, and evidence opens where it is read. */
export default function MemoryPeek() {
  const target = parsePeek(useSearch({ strict: false }).peek);
  return target?.kind === "memory" ? <Panel key={target.id} id={target.id} /> : null;
}

function Panel({ id }: { id: string }) {
  const query = useQuery(memoryQuery(useWorkspace(), id));
  const gone = query.error !== null && problemOf(query.error).status === 404;
  const known = gone ? undefined : query.data?.data;
  return (
    <Peek
      label={known ? visible(known.title) : words.title}
      title={
        known ? (
          <p className="flex items-center gap-2 text-dense text-muted">
            <KindIcon kind={known.kind} />
            {words.kinds[known.kind]}
          </p>
        ) : (
          <h2 className="text-dense font-semibold">{words.title}</h2>
        )
      }
      actions={known && <CopyButton text={[known.title, known.text].filter(Boolean).join("\n\n")} label={texts.copy} />}
    >
      {gone ? (
        <p className="p-4 text-dense text-muted">{texts.gone}</p>
      ) : (
        <Loaded query={query} what={words.one} skeleton={<div className="p-4"><SkeletonRows rows={6} height="h-6" /></div>}>
          {({ data }) => <Shown memory={data} />}
        </Loaded>
      )}
    </Peek>
  );
}

function Shown({ memory }: { memory: Memory }) {
  // Places in the text are those of the repository that most of it rests on: the first one named.
  const repo = useRepoPlace(memory.evidence.find((piece) => piece.repo)?.repo);
  return (
    <div className="flex flex-col gap-5 p-4 text-dense">
      <div className="flex flex-col gap-2">
        <h2 className="text-body font-semibold [overflow-wrap:anywhere]">
          <Prose text={memory.title} />
        </h2>
        <div className="flex flex-wrap items-center gap-1.5 empty:hidden">
          <StateTag state={memory.state} />
          {memory.scope === "private" && <Tag icon={Lock}>{words.private}</Tag>}
          {memory.tags.map((tag) => (
            <Tag key={tag}>{visible(tag)}</Tag>
          ))}
        </div>
      </div>
      <Standing memory={memory} />
      {memory.text.trim() !== "" && (
        <div className="text-muted">
          <RichText text={memory.text} repo={repo?.slug} />
        </div>
      )}
      <Actions memory={memory} />
      <Section title={texts.evidence}>
        {memory.evidence.length > 0 ? <EvidenceList evidence={memory.evidence} /> : <p className="text-muted">{texts.noEvidence}</p>}
      </Section>
      <Why id={memory.id} />
      <Section title={texts.about}>
        <Facts memory={memory} />
      </Section>
    </div>
  );
}

/** What is to be known before the text is believed. */
function Standing({ memory: { state, superseded_by } }: { memory: Memory }) {
  if (state === "active") return null;
  const said = "rounded-card px-3 py-2";
  if (state === "needs_review") return <p className={`${said} bg-medium-bg text-medium`}>{texts.review}</p>;
  if (state !== "superseded") return <p className={`${said} bg-sunken text-muted`}>{texts[state]}</p>;
  return (
    <p className={`${said} bg-sunken text-muted`}>
      {texts.superseded}{" "}
      {superseded_by && (
        <Link to="." search={(search) => ({ ...search, peek: peekText({ kind: "memory", id: superseded_by }) })} resetScroll={false} className="text-accent underline">
          {texts.seeSuccessor}
        </Link>
      )}
    </p>
  );
}

/** What a memory says of itself when something was done to it. */
const SAID: Record<Say, string> = { confirm: words.confirmed, archive: words.archived, restore: words.restored };

function Actions({ memory }: { memory: Memory }) {
  const session = useSession();
  const ws = session.workspace.slug;
  const navigate = useNavigate();
  const offline = useOffline();
  const [forgetting, setForgetting] = useState(false);
  const say = useMutation({ ...sayOfMemory(ws), onError: (error) => toast(problemOf(error).detail) });
  const helped = useMutation({ ...noteMemoryUse(ws), onError: (error) => toast(problemOf(error).detail) });
  const edits = memory.can.edit && memory.state !== "superseded";
  const recalled = isRecalled(memory.state);
  const tell = (what: Say) =>
    sayAfter(say, { memory, say: what }, (now) => {
      const back: Say = what === "archive" ? "restore" : "archive";
      toast(SAID[what], what === "confirm" ? {} : { undo: () => sayAfter(say, { memory: now, say: back }, () => toast(SAID[back])) });
    });
  const edit = (replaces: boolean) =>
    write({
      workspace: ws,
      memory,
      replaces,
      onSaved: (made) => {
        // The one that is true now is what is looked at.
        if (made.id !== memory.id) void navigate({ to: ".", search: (search) => ({ ...search, peek: peekText({ kind: "memory", id: made.id }) }), resetScroll: false });
      },
    });
  const here = useLocation({ select: ({ pathname }) => pathname.endsWith("/memory") });
  const can = (what: boolean, run: () => void) => (): boolean => {
    if (!what || offline !== undefined || say.isPending) return false;
    run();
    return true;
  };
  // Elsewhere these keys belong to the page beside it.
  useKeys(
    here
      ? {
          e: () => (edits ? edit(false) : false),
          y: can(edits && recalled, () => tell("confirm")),
          a: can(edits, () => tell(recalled ? "archive" : "restore")),
        }
      : {},
  );
  return (
    <>
      <div className="flex flex-wrap gap-2 empty:hidden">
        {edits && recalled && (
          <Button look={memory.state === "needs_review" ? "primary" : "secondary"} icon={CircleCheck} blocked={offline} busy={say.isPending} onClick={() => tell("confirm")}>
            {texts.confirm}
          </Button>
        )}
        {edits && (
          <Button icon={Pencil} onClick={() => edit(false)}>
            {texts.edit}
          </Button>
        )}
        {edits && recalled && (
          <Button icon={Replace} blocked={offline} onClick={() => edit(true)}>
            {texts.replace}
          </Button>
        )}
        {edits && (
          <Button icon={recalled ? Archive : ArchiveRestore} blocked={offline} onClick={() => tell(recalled ? "archive" : "restore")}>
            {recalled ? texts.archive : texts.restore}
          </Button>
        )}
        {memory.version > 0 && mayRemember(session) && recalled && (
          <Button look="ghost" icon={ThumbsUp} blocked={offline} busy={helped.isPending} onClick={() => sayAfter(helped, memory.id, () => toast(texts.helpedTold))}>
            {texts.helped}
          </Button>
        )}
        {memory.can.forget && (
          <Button look="ghost" icon={Trash2} blocked={offline} onClick={() => setForgetting(true)}>
            {texts.forget}
          </Button>
        )}
      </div>
      <Suspense>
        {forgetting && (
          <ForgetDialog
            memory={memory}
            onDone={() => void navigate({ to: ".", search: ({ peek: _peek, ...rest }) => rest, resetScroll: false })}
            onClose={() => setForgetting(false)}
          />
        )}
      </Suspense>
    </>
  );
}

/** Why the search that the address names found it. */
function Why({ id }: { id: string }) {
  const { q, kind, tag } = useSearch({ strict: false }) as { q?: string; kind?: Memory["kind"]; tag?: string };
  const here = useLocation({ select: ({ pathname }) => pathname.endsWith("/memory") });
  const found = useQuery({ ...recallQuery(useWorkspace(), q ?? "", { kind, tag }), enabled: here && q !== undefined }).data;
  const hit = found?.items.find(({ memory }) => memory.id === id);
  if (!hit) return null;
  return (
    <Section title={texts.why}>
      <Reasons why={hit.why} score={hit.score} question={q ?? ""} />
    </Section>
  );
}

function Facts({ memory }: { memory: Memory }) {
  const now = useNow();
  const at = (instant: string | null) => (instant ? <span title={formatMoment(instant)}>{formatAge(instant, now)}</span> : texts.never);
  const rows = [
    [texts.scope, memory.scope === "private" ? texts.onlyMe : texts.everybody],
    [texts.created, at(memory.created_at)],
    ...(memory.updated_at === memory.created_at ? [] : ([[texts.updated, at(memory.updated_at)]] as const)),
    [texts.confirmed, at(memory.confirmed_at)],
    [texts.until, memory.expires_at ? formatDay(memory.expires_at) : texts.untilReplaced],
    [texts.uses, memory.used === 0 ? texts.never : words.used(memory.used)],
    [texts.origin, texts.origins[memory.origin]],
    [texts.trust, texts.trusts[memory.trust]],
  ] as const;
  return (
    <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-2 gap-y-1.5">
      {rows.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-faint">{name}</dt>
          <dd className="[overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
