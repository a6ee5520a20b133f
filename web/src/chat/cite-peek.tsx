import { Link, useNavigate } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight } from "lucide-react";

import type { ChatMessage, ChatSource } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { formatPlace, shortCommit } from "@/lib/format";
import { useKeys } from "@/lib/keys";
import { peekText } from "@/lib/peek";
import { visible } from "@/lib/visible";
import { Peek } from "@/peek/peek";
import { useRepoPlace } from "@/repo/place";
import { source as texts } from "@/texts/conversation";
import { IconButton } from "@/ui/button";
import { CopyButton } from "@/ui/copy";
import { Prose } from "@/ui/prose";
import { Section } from "@/ui/section";

import { KIND_ICONS } from "./kinds";
import { Passage } from "./passage";
import { citedIn } from "./said";

interface Props {
  /** Of the conversation that is shown. */
  messages: readonly ChatMessage[];
  /** The message and the number, as the address has them. */
  id: string;
  /** The repository that the conversation is about, by its id. */
  about: string | null;
}

/** A source of an answer beside the conversation: the words that were read, and the way to where they stand. */
export default function CitePeek({ messages, id, about }: Props) {
  const [message, number] = id.split(":");
  const answer = messages.find((each) => each.id === message)?.answer;
  const source = answer?.sources.find((each) => each.number === Number(number));
  if (!answer || !message || !source || source.hidden) {
    return (
      <Peek label={texts.title(Number(number))} title={<h2 className="text-dense font-semibold">{texts.title(Number(number))}</h2>}>
        <p className="p-4 text-dense text-muted">{texts.gone}</p>
      </Peek>
    );
  }
  const cited = citedIn(answer).filter(({ hidden }) => !hidden);
  return <Shown key={id} about={about} message={message} source={source} among={cited.some((each) => each.number === source.number) ? cited : answer.sources.filter(({ hidden }) => !hidden)} />;
}

interface ShownProps {
  message: string;
  source: ChatSource;
  /** Those that are stepped through. */
  among: readonly ChatSource[];
  about: string | null;
}

function Shown({ message, source, among, about }: ShownProps) {
  const navigate = useNavigate();
  const at = among.findIndex(({ number }) => number === source.number);
  const go = (step: 1 | -1) => {
    const next = among[(at + step + among.length) % among.length];
    if (next) void navigate({ to: ".", search: (search) => ({ ...search, peek: peekText({ kind: "cite", id: `${message}:${next.number}` }) }), resetScroll: false, replace: true });
  };
  useKeys({ n: () => go(1), "Shift n": () => go(-1) });
  const Icon = KIND_ICONS[source.kind];
  const name = visible(source.name);
  return (
    <Peek
      label={texts.title(source.number)}
      title={
        <h2 className="flex items-center gap-2 text-dense font-semibold">
          <Icon size={14} strokeWidth={1.75} aria-hidden className="shrink-0 text-faint" />
          {texts.title(source.number)}
          <span className="font-normal text-faint">{texts.kinds[source.kind]}</span>
        </h2>
      }
      actions={
        <>
          {among.length > 1 && (
            <>
              <IconButton icon={ChevronLeft} label={`${texts.previous} (Shift N)`} onClick={() => go(-1)} />
              <IconButton icon={ChevronRight} label={`${texts.next} (N)`} onClick={() => go(1)} />
            </>
          )}
          <CopyButton text={source.place ? formatPlace(source.place) : source.name} />
        </>
      }
    >
      <div className="flex flex-col gap-4 p-4 text-dense">
        <div>
          <p className={`[overflow-wrap:anywhere] ${source.place ? "font-mono text-meta" : "font-medium"}`}>{name}</p>
          <p className="mt-0.5 text-muted">
            <Prose text={source.why} />
          </p>
          {source.place && source.place.commit !== "" && <p className="text-meta text-faint">{texts.at(shortCommit(source.place.commit))}</p>}
        </div>
        <Passage source={source} />
        <Section title={texts.where}>
          <Way source={source} about={about} />
        </Section>
      </div>
    </Peek>
  );
}

/** The way to the thing itself. */
function Way({ source: { kind, id, place }, about }: { source: ChatSource; about: string | null }) {
  const ws = useWorkspace();
  const repo = useRepoPlace(place?.repo ?? about)?.slug;
  const look = "w-fit text-accent hover:underline";
  const beside = (peek: string) => (search: object) => ({ ...search, peek });
  if (kind === "memory" && id) {
    return (
      <Link to="." search={beside(peekText({ kind: "memory", id })) as never} resetScroll={false} className={look}>
        {texts.openMemory}
      </Link>
    );
  }
  if (kind === "task" && id) {
    return (
      <Link to="/w/$ws/tasks" params={{ ws }} search={{ peek: peekText({ kind: "task", id }) }} className={look}>
        {texts.openTask}
      </Link>
    );
  }
  if (kind === "finding" && id && repo) {
    return (
      <Link to="/w/$ws/repos/$repo/findings" params={{ ws, repo }} search={{ peek: peekText({ kind: "finding", id }) }} className={look}>
        {texts.openFinding}
      </Link>
    );
  }
  if (kind === "insight" && id && repo) {
    return (
      <Link to="/w/$ws/repos/$repo/insights" params={{ ws, repo }} hash={id} className={look}>
        {texts.openInsight}
      </Link>
    );
  }
  if (place && repo) {
    return (
      <Link to="." search={beside(peekText({ kind: "source", repo, path: place.path, start: place.start, end: place.end })) as never} resetScroll={false} className={look}>
        {texts.openFile}
      </Link>
    );
  }
  return <p className="text-muted">{texts.nowhere}</p>;
}
