import { thread as texts } from "@/texts/conversation";
import { toast } from "@/ui/toast";

/** Moves the focus to the next source that is cited, or the one before. */
export function jump(list: HTMLElement | null, step: 1 | -1): boolean {
  const all = [...(list?.querySelectorAll<HTMLElement>("[data-cite]") ?? [])];
  const at = all.findIndex((each) => each === document.activeElement);
  // The last answer is what is read first.
  const next = at < 0 ? all[firstOfLast(all)] : all[(at + step + all.length) % all.length];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return next !== undefined;
}

/** The place of the first one in the answer that the last one is in. */
const firstOfLast = (all: readonly HTMLElement[]): number => {
  const answer = all.at(-1)?.closest("[data-answer]");
  return all.findIndex((each) => each.closest("[data-answer]") === answer);
};

/** Copies the code that was written last; whether there is any. */
export function copyCode(list: HTMLElement | null): boolean {
  const code = [...(list?.querySelectorAll("[data-answer] figure pre") ?? [])].at(-1)?.textContent;
  if (!code) return false;
  void navigator.clipboard.writeText(code).then(() => toast(texts.codeCopied));
  return true;
}
