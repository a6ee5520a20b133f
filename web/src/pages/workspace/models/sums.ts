import type { ModelDay } from "@/api/types";

/** What somebody or something spent, over all days that the books show. */
export type Sum = Pick<ModelDay, "name" | "questions" | "input_tokens" | "output_tokens" | "micros">;

/** All days of each account of a kind, in the order of their names. */
export function sumsOf(days: readonly ModelDay[], kind: ModelDay["kind"]): Sum[] {
  const sums = new Map<string, Sum>();
  for (const day of days) {
    if (day.kind !== kind) continue;
    const known = sums.get(day.name) ?? { name: day.name, questions: 0, input_tokens: 0, output_tokens: 0, micros: 0 };
    sums.set(day.name, {
      name: day.name,
      questions: known.questions + day.questions,
      input_tokens: known.input_tokens + day.input_tokens,
      output_tokens: known.output_tokens + day.output_tokens,
      micros: known.micros + day.micros,
    });
  }
  return [...sums.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
