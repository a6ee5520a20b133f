import type { MutateOptions } from "@tanstack/react-query";

interface Change<Data, Variables> {
  mutateAsync: (variables: Variables, options?: MutateOptions<Data, Error, Variables, unknown>) => Promise<Data>;
}

/**
 * Makes a change and says what became of it, whatever is on the screen by then: another window's word, or the server's
 * own, may have taken away what asked for the change before its answer came. What `there` does is left out in that case,
 * as it is about what asked: closing it, or going on from it.
 */
export function sayAfter<Data, Variables>(
  change: Change<Data, Variables>,
  variables: Variables,
  say: (answer: Data) => void,
  there: MutateOptions<Data, Error, Variables, unknown> = {},
): void {
  // A refusal is shown where the change is asked for.
  change.mutateAsync(variables, there).then(say, () => undefined);
}
