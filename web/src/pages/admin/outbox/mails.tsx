import type { HeldMail, Outbox } from "@/api/types";
import { useNow } from "@/lib/clock";
import { formatAge, formatMoment } from "@/lib/format";
import { visible } from "@/lib/visible";
import { own as texts } from "@/texts/own-settings";
import { CopyButton } from "@/ui/copy";
import { Empty } from "@/ui/loaded";

/** The most that the server lists. */
const LISTED = 200;

/** The messages, the newest first. */
export default function Mails({ outbox: { mails, sends_mail: sends } }: { outbox: Outbox }) {
  if (mails.length === 0) return <Empty>{sends ? texts.outboxEmptyServer : texts.outboxEmpty}</Empty>;
  return (
    <>
      <div className="flex max-w-[72ch] flex-col gap-1 text-dense text-muted">
        <p>{texts.outboxHeld}</p>
        {!sends && <p>{texts.outboxNoServer}</p>}
        {mails.length >= LISTED && <p>{texts.outboxNewest}</p>}
      </div>
      <ul className="flex flex-col gap-3">
        {mails.map((mail) => (
          <Mail key={mail.id} mail={mail} />
        ))}
      </ul>
    </>
  );
}

function Mail({ mail }: { mail: HeldMail }) {
  const now = useNow();
  return (
    <li>
      <article aria-labelledby={mail.id} className="rounded-card border border-line">
        <header className="flex items-start gap-3 border-b border-line px-4 py-2.5">
          <div className="min-w-0 flex-1">
            <h2 id={mail.id} className="text-body font-semibold">
              {visible(mail.subject)}
            </h2>
            <p className="text-meta break-words text-muted">
              {texts.to} {visible(mail.recipient)}
              {" · "}
              <span title={formatMoment(mail.created_at)}>{formatAge(mail.created_at, now)}</span>
            </p>
          </div>
          <CopyButton text={mail.body} label={texts.copyMessage} />
        </header>
        {mail.error && <p className="px-4 pt-2.5 text-dense text-critical">{texts.mailError(visible(mail.error))}</p>}
        <pre className="px-4 py-3 text-meta break-words whitespace-pre-wrap">{mail.body.split("\n").map(visible).join("\n")}</pre>
      </article>
    </li>
  );
}
