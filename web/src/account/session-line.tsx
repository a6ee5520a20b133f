import { Monitor, Smartphone } from "lucide-react";

import type { AccountSession } from "@/api/types";
import { useNow } from "@/lib/clock";
import { formatAge, formatDay, formatMoment } from "@/lib/format";
import { visible } from "@/lib/visible";
import { own as texts } from "@/texts/own-settings";
import { Tag } from "@/ui/tag";

import { deviceOf, isHandheld } from "./device";

/** One session: what was signed in with, from where, and when it was last used. */
export function SessionLine({ session }: { session: AccountSession }) {
  const now = useNow();
  const Icon = isHandheld(session.user_agent) ? Smartphone : Monitor;
  return (
    <div className="flex min-w-0 items-start gap-2.5">
      <Icon size={16} strokeWidth={1.75} aria-hidden className="mt-0.5 shrink-0 text-faint" />
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2 font-medium text-text">
          <span className="break-words">{deviceOf(session.user_agent)}</span>
          {session.current && <Tag>{texts.thisOne}</Tag>}
        </p>
        <p className="text-meta wrap-anywhere text-muted">
          {session.place ? visible(session.place) : texts.unknownPlace}
          {" · "}
          <span title={formatMoment(session.used_at)}>{texts.used(formatAge(session.used_at, now))}</span>
          {" · "}
          {texts.from(formatDay(session.created_at))} {texts.means[session.means]}
        </p>
      </div>
    </div>
  );
}
