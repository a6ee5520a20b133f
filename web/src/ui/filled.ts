import { useEffect, useRef, type RefObject } from "react";

/** Fields whose words are lost with a dialog. A password is typed again in a moment, and what is searched for is nothing to keep. */
const WORDS = /^(textarea|text|email|url|number|date|tel)$/;

type Field = HTMLInputElement | HTMLTextAreaElement;

const isField = (target: EventTarget | null): target is Field =>
  (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) && WORDS.test(target.type);

/** Finds a field inside that holds other words than before its reader began to type in it. */
export function useFilled(inside: RefObject<HTMLElement | null>): () => Field | undefined {
  const began = useRef(new Map<Field, string>());
  useEffect(() => {
    const frame = inside.current;
    if (!frame) return;
    const note = ({ target }: Event) => {
      if (isField(target) && !began.current.has(target)) began.current.set(target, target.value);
    };
    frame.addEventListener("beforeinput", note);
    return () => frame.removeEventListener("beforeinput", note);
  }, [inside]);
  return () => [...began.current].find(([field, before]) => field.isConnected && field.value.trim() !== before.trim())?.[0];
}
