import type { ChatWriter } from "@/api/types";
import { visible } from "@/lib/visible";
import { Prose } from "@/ui/prose";

import { AddProvider } from "./writer-line";

interface Props {
  writer: Extract<ChatWriter, { kind: "nobody" }>;
  /** Who was asked and did not answer. */
  missed: string;
}

/** Why no model writes, and what can be done about it by whom. */
export default function NoModel({ writer: { why, words }, missed }: Props) {
  return (
    <p className="text-dense text-muted [overflow-wrap:anywhere]">
      {missed !== "" && `${missed} `}
      <Prose text={visible(words)} /> {why === "no_model" && <AddProvider />}
    </p>
  );
}
