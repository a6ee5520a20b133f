import { nextSteps } from "@/texts/next-step";
import { Prose } from "@/ui/prose";

interface Props {
  /** Why something was refused, or failed; the status where a request was. */
  reason: { code: string; detail: string; status?: number };
}

/** Why a repository cannot be used or an analysis failed, and what to do about it. */
export function Refusal({ reason: { code, detail, status } }: Props) {
  // This server did not answer: what it would have said of a host has the same name.
  const next = status === 0 ? undefined : nextSteps[code];
  return (
    <span className="min-w-0 text-critical [overflow-wrap:anywhere]">
      <Prose text={detail} />
      {next && (
        <span className="block text-muted">
          <Prose text={next} />
        </span>
      )}
    </span>
  );
}
