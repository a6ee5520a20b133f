import { cx } from "@/lib/cx";
import { useLive } from "@/live/state";
import type { LiveStatus } from "@/live/session";
import { sidebar } from "@/texts/sidebar";

function describe(status: LiveStatus): [string, string] {
  switch (status.state) {
    case "live":
      return [status.slow ? sidebar.connection.slow : sidebar.connection.live, "bg-ok"];
    case "catching_up":
      return [sidebar.connection.catchingUp(status.events), "bg-medium"];
    case "connecting":
      return [sidebar.connection.connecting, "bg-control"];
    case "reconnecting":
      return [sidebar.connection.reconnecting(status.attempt), "bg-medium"];
    case "stopped":
      return [sidebar.connection.stopped, "bg-control"];
  }
}

/** Says whether changes of others arrive by themselves. */
export function ConnectionDot({ folded }: { folded: boolean }) {
  const [text, colour] = describe(useLive().status);
  return (
    <p
      role="status"
      title={text}
      className={cx("flex min-h-7 items-center gap-2.5 px-2 text-dense text-faint", folded && "justify-center")}
    >
      <i aria-hidden className="flex w-4 justify-center">
        <i className={cx("size-2 rounded-full", colour)} />
      </i>
      <span className={folded ? "sr-only" : ""}>{text}</span>
    </p>
  );
}
