import { useId, useState } from "react";

import { resendInvite, revokeInvite, sendInvite } from "@/api/people";
import type { Invite, Role } from "@/api/types";
import { useSession } from "@/api/workspace";
import { cx } from "@/lib/cx";
import { formatDay, formatMoment } from "@/lib/format";
import { useOffline } from "@/lib/offline";
import { visible } from "@/lib/visible";
import { team as texts } from "@/texts/team";
import { Button } from "@/ui/button";
import { CopyButton } from "@/ui/copy";
import { fieldLook } from "@/ui/field";
import { Form } from "@/ui/form";
import { Panel } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { Tag } from "@/ui/tag";

import { ROLES } from "./role-matrix";

/** The link of an invitation that was just sent, where no mail carries it. */
interface Sent {
  email: string;
  link: string | null;
}

/** Inviting somebody, and the invitations that wait. */
export default function InvitePanel({ invites, ws }: { invites: readonly Invite[]; ws: string }) {
  const id = useId();
  const session = useSession();
  const offline = useOffline();
  const [role, setRole] = useState<Role>("member");
  const [sent, setSent] = useState<Sent>();
  const [count, setCount] = useState(0);
  const [busy, setBusy] = useState<string>();
  const [failure, setFailure] = useState<unknown>();
  // Nobody gives a role above their own.
  const roles = ROLES.slice(0, ROLES.indexOf(session.role) + 1);
  const act = async (what: string, run: () => Promise<unknown>) => {
    setBusy(what);
    setFailure(undefined);
    try {
      await run();
    } catch (error) {
      setFailure(error);
    }
    setBusy(undefined);
  };
  const tell = ({ invite, link }: { invite: Invite; link: string | null }) => setSent({ email: visible(invite.email), link });
  return (
    <>
      <Panel title={texts.invite}>
        <div className="flex max-w-[400px] flex-col gap-4">
          <Form
            key={count}
            fields={[{ name: "email", label: texts.email, kind: "email", autoComplete: "off" }]}
            action={texts.send}
            blocked={offline}
            send={async ({ email = "" }) => {
              tell(await sendInvite(ws, { email: email.trim(), role }));
              setCount((old) => old + 1);
            }}
          >
            <label className="flex flex-col gap-1 font-medium" htmlFor={`${id}-role`}>
              {texts.roleLabel}
              <select
                id={`${id}-role`}
                className={cx(fieldLook, "h-9 font-normal")}
                value={role}
                onChange={(event) => setRole(roles.find((each) => each === event.target.value) ?? "member")}
              >
                {roles.map((each) => (
                  <option key={each} value={each}>
                    {texts.roles[each]}
                  </option>
                ))}
              </select>
            </label>
          </Form>
        </div>
        {sent && (
          <div role="status" className="mt-4 rounded-card border border-line bg-subtle px-4 py-3 text-dense">
            <p className="text-muted">{sent.link ? texts.link(sent.email) : texts.sent(sent.email)}</p>
            {sent.link && (
              <p className="mt-1 flex items-center gap-1">
                <code className="min-w-0 [overflow-wrap:anywhere]">{sent.link}</code>
                <CopyButton text={sent.link} label={texts.copyLink} />
              </p>
            )}
          </div>
        )}
      </Panel>
      {invites.length > 0 && (
        <Panel title={texts.invites} note={invites.length}>
          {failure !== undefined && <Problem error={failure} />}
          <ul className="divide-y divide-line rounded-card border border-line">
            {invites.map((each) => {
              const email = visible(each.email);
              return (
                <li key={each.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5 text-dense">
                  <div className="min-w-0 flex-1 basis-60">
                    <p className="flex items-center gap-2">
                      <span className="truncate font-medium">{email}</span>
                      {each.expired && <Tag tone="medium">{texts.expired}</Tag>}
                    </p>
                    <p className="text-meta text-faint" title={formatMoment(each.expires_at)}>
                      {texts.roles[each.role]} · {texts.by(visible(each.invited_by))} · {texts.expires(formatDay(each.expires_at))}
                    </p>
                  </div>
                  <div className="flex gap-2">
                    <Button
                      aria-label={texts.resendNamed(email)}
                      busy={busy === `again ${each.id}`}
                      blocked={offline}
                      onClick={() => void act(`again ${each.id}`, async () => tell(await resendInvite(ws, each.id)))}
                    >
                      {texts.resend}
                    </Button>
                    <Button
                      look="ghost"
                      aria-label={texts.revokeNamed(email)}
                      busy={busy === `back ${each.id}`}
                      blocked={offline}
                      onClick={() => void act(`back ${each.id}`, () => revokeInvite(ws, each.id))}
                    >
                      {texts.revoke}
                    </Button>
                  </div>
                </li>
              );
            })}
          </ul>
        </Panel>
      )}
    </>
  );
}
