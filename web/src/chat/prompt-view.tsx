import type { ChatDestination, ChatPrompt, ChatRemoved } from "@/api/types";
import { formatCount } from "@/lib/count";
import { visible } from "@/lib/visible";
import { sent as texts } from "@/texts/conversation";

import { formatMoney } from "@/lib/money";

/** Exactly what a model is sent: what was taken out of it is marked where it stood. */
export function PromptText({ prompt }: { prompt: ChatPrompt }) {
  const parts = [{ who: texts.system, text: prompt.system }, ...prompt.turns.map(({ speaker, text }) => ({ who: texts[speaker], text }))];
  return (
    <div className="flex flex-col gap-3">
      {prompt.removed.length > 0 && <p className="text-dense text-medium">{texts.removed(removedWords(prompt.removed))}</p>}
      {parts.map(({ who, text }, at) => (
        <section key={at} className="min-w-0">
          <h4 className="mb-1 text-meta font-medium text-faint">{who}</h4>
          <pre
            tabIndex={0}
            data-sent
            className="scroll-thin max-h-80 overflow-auto rounded-card bg-sunken px-3 py-2 font-mono text-meta leading-5 whitespace-pre-wrap [overflow-wrap:anywhere]"
          >
            <Marked text={text} removed={prompt.removed} />
          </pre>
        </section>
      ))}
    </div>
  );
}

/** "2 secrets, email address". */
export const removedWords = (removed: readonly ChatRemoved[]): string =>
  removed.map(({ what, times }) => `${times > 1 ? `${formatCount(times)} × ` : ""}${texts.kinds[what] ?? visible(what)}`).join(", ");

function Marked({ text, removed }: { text: string; removed: readonly ChatRemoved[] }) {
  const places = removed.map(({ placeholder }) => placeholder).filter(Boolean);
  if (places.length === 0) return visible(text);
  const pattern = new RegExp(`(${places.map((each) => each.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`);
  return text.split(pattern).map((piece, at) =>
    at % 2 === 1 ? (
      <mark key={at} className="rounded-control bg-medium-bg px-0.5 font-medium text-medium">
        {visible(piece)}
      </mark>
    ) : (
      visible(piece)
    ),
  );
}

/** Whom it goes to, whether it leaves this server, and what it may cost. */
export function Destination({ to }: { to: readonly ChatDestination[] }) {
  const [first, ...others] = to;
  if (!first) return <p className="text-muted">{texts.nowhere}</p>;
  const where = first.leaves ? (first.host ? texts.leaves(visible(first.host)) : texts.leavesSomewhere) : texts.stays;
  const price = first.most_micros > 0 ? `, ${texts.atMost(formatMoney(first.most_micros))}` : "";
  return (
    <div>
      <p>
        {texts.to(visible(`${first.provider} · ${first.model}`))}
        <span className={first.leaves ? "text-medium" : "text-ok"}> ({where})</span>
        {price}
      </p>
      {others.length > 0 && <p className="text-meta text-faint">{texts.then(others.map(({ provider, model, host, leaves }) => visible(`${provider} · ${model}${leaves && host ? ` (${host})` : ""}`)).join(", "))}</p>}
    </div>
  );
}
