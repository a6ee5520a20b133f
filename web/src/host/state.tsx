import type { Host, HostState } from "@/api/types";
import { visible } from "@/lib/visible";
import { hosts as texts } from "@/texts/hosts";
import { Tag } from "@/ui/tag";
import type { Tone } from "@/ui/tones";

const TONE: Record<HostState, Tone> = { working: "ok", token_refused: "critical", forbidden: "high", unreachable: "medium" };

/** How a connection did when it was last used. */
export const HostTag = ({ state }: { state: HostState }) => <Tag tone={TONE[state]}>{texts.state[state]}</Tag>;

/** Why a connection does not work, and what the host says about it. */
export function HostTrouble({ host: { state, detail } }: { host: Host }) {
  if (state === "working") return null;
  return (
    <p className="max-w-[72ch] text-dense text-muted">
      {texts.stateText[state]}
      {detail && ` ${visible(detail)}`}
    </p>
  );
}

/** A host as people call it: its name without what every address begins with. */
export const hostName = (host: Host): string => visible(host.address.replace(/^https:\/\//, ""));
