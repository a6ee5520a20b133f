/** What a job carries, as names and values; text that is no object stands by itself. */
export function pairsOf(text: string): [name: string, value: string][] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return [["", text]];
  }
  if (parsed === null) return [];
  if (typeof parsed !== "object" || Array.isArray(parsed)) return [["", text]];
  return Object.entries(parsed).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]);
}
