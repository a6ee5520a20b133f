import type { RecallReasons } from "@/api/types";
import { formatTenth } from "@/lib/format";
import { visible } from "@/lib/visible";
import { recallParts as texts } from "@/texts/memory";

/** Parts of the score, as they are counted together. */
const PARTS = ["meaning", "words", "neighbours", "recency", "trust"] as const;

/** Out of 100, as the other scores of the app are. */
const points = (part: number): string => formatTenth(part * 100);

/** The words of a question that were found. They are told by their stems, as they are indexed: "provid" is "provider". */
export const asAsked = (terms: readonly string[], question: string): string =>
  terms.map((term) => visible(question.toLowerCase().match(/[\p{L}\p{N}_]+/gu)?.find((word) => word.startsWith(term)) ?? term)).join(", ");

/** Why a memory was found, in words: the shortest that is true. */
export function reasonOf({ meaning, terms, neighbours }: RecallReasons, question: string): string {
  const said = [terms.length > 0 && texts.terms(asAsked(terms, question)), meaning > 0 && texts.byMeaning].filter(Boolean);
  return said.length > 0 ? said.join(" · ") : neighbours > 0 ? texts.byNeighbours : "";
}

/** The parts that the score adds up from. */
export function Reasons({ why, score, question }: { why: RecallReasons; score: number; question: string }) {
  return (
    <table className="w-full">
      <tbody>
        {PARTS.filter((part) => why[part] !== 0).map((part) => (
          <tr key={part} className="border-b border-line">
            <th scope="row" className="py-1 text-start font-normal text-muted">
              {texts[part]}
              {part === "words" && why.terms.length > 0 && <span className="text-faint"> ({asAsked(why.terms, question)})</span>}
            </th>
            <td className="py-1 text-end align-top tabular-nums" data-part={why[part]}>
              {points(why[part])}
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" className="py-1 text-start font-medium">
            {texts.sum}
          </th>
          <td className="py-1 text-end font-medium tabular-nums" data-sum={score}>
            {points(score)}
          </td>
        </tr>
      </tfoot>
    </table>
  );
}
