/** What an answer says of itself, in words. */
import type { ChatAnswer, ChatMessage, ChatSource, MemoryEvidence, NewMemory } from "@/api/types";
import { formatCount } from "@/lib/count";
import { formatPlace, formatTook } from "@/lib/format";
import { formatMoney } from "@/lib/money";
import { visible } from "@/lib/visible";
import { said as texts } from "@/texts/conversation";

/** Who wrote it, how long it took, and what it cost: "Ollama · qwen · 3.2 s · 1,204 tokens · 0.01". */
export function writtenBy({ writer, took_ms }: ChatAnswer): string {
  if (writer?.kind !== "model") return "";
  const took = took_ms === null ? [] : [formatTook(took_ms)];
  const cost = writer.micros > 0 ? [formatMoney(writer.micros)] : [];
  const spent = writer.kept ? [texts.kept] : [...took, texts.tokens(formatCount(writer.input_tokens + writer.output_tokens)), ...cost];
  return [visible(writer.provider), visible(writer.model), ...spent].join(" · ");
}

/** Who was asked before and did not answer, and who did. */
export function fellBack({ missed, writer }: ChatAnswer): string {
  // That the writer itself broke off is told by the answer's state.
  const others = missed.filter(({ provider, model }) => writer?.kind !== "model" || provider !== writer.provider || model !== writer.model);
  if (others.length === 0) return "";
  const told = others.map(({ provider, model, why }) => texts.missed(visible(`${provider} · ${model}`), ended(visible(why)))).join(" ");
  return writer?.kind === "model" ? texts.missedTold(told, visible(`${writer.provider} · ${writer.model}`)) : told;
}

const ended = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** What an answer cites of what it rests on; all of that where nobody wrote it. */
export const citedIn = ({ citations, sources, writer }: ChatAnswer): ChatSource[] => {
  const numbers = new Set(citations.filter(({ supported }) => supported).map(({ number }) => number));
  return writer?.kind === "nobody" ? [...sources] : sources.filter(({ number }) => numbers.has(number));
};

/** How many of its citations rest on nothing. */
export const unsupported = ({ citations }: ChatAnswer): number => citations.filter(({ supported }) => !supported).length;

/** An answer as a text that goes elsewhere: with what its numbers mean. */
export function answerText(text: string, answer: ChatAnswer): string {
  const sources = citedIn(answer).filter(({ hidden }) => !hidden);
  return [text.trim(), sources.map(({ number, name, place }) => `[${number}]: ${place ? formatPlace(place) : name}`).join("\n")].filter(Boolean).join("\n\n");
}

/** The longest title and text of a memory that the server takes. */
const LONGEST = { title: 300, text: 20_000 };

/** What a memory of an answer begins with: it rests on what the answer cites. */
export function asMemory(question: string, { text, answer }: ChatMessage): NewMemory {
  const [title = ""] = question.trim().split("\n");
  return {
    title: title.slice(0, LONGEST.title),
    text: text.slice(0, LONGEST.text),
    kind: "discussion",
    evidence: answer ? citedIn(answer).flatMap(evidenceOf) : [],
  };
}

function evidenceOf({ kind, place, id, hidden }: ChatSource): MemoryEvidence[] {
  if (hidden) return [];
  if (kind === "code" && place) return [{ kind: "file", target: formatPlace(place), repo: place.repo, commit: place.commit }];
  if (kind === "task" && id) return [{ kind: "task", target: id, repo: null, commit: null }];
  if (kind === "finding" && id) return [{ kind: "finding", target: id, repo: place?.repo ?? null, commit: null }];
  return [];
}
