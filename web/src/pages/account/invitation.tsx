import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";

import { Card } from "@/account/card";
import { dropInvite, keepInvite } from "@/account/pending";
import { entered } from "@/api/account";
import { acceptInvite, invitationQuery } from "@/api/people";
import { sessionQuery } from "@/api/queries";
import { visible } from "@/lib/visible";
import { account } from "@/texts/account";
import { invite as texts, team } from "@/texts/team";
import { buttonLook } from "@/ui/button";
import { Form } from "@/ui/form";
import { SkeletonRows } from "@/ui/loaded";
import { Problem } from "@/ui/problem";

/** What the link leads to, and the ways to join. */
export default function Invitation({ token }: { token: string }) {
  const navigate = useNavigate();
  const query = useQuery({ ...invitationQuery(token), enabled: token !== "" });
  const session = useQuery({ ...sessionQuery, retry: false });
  if (token === "" || query.error) {
    return (
      <Card title={texts.failed} lead={token === "" && texts.none}>
        {query.error && <Problem error={query.error} onRetry={() => void query.refetch()} />}
      </Card>
    );
  }
  const found = query.data;
  const join = async () => {
    const { workspace } = await acceptInvite(token);
    dropInvite();
    await entered();
    await navigate({ to: "/w/$ws/repos", params: { ws: workspace.slug }, replace: true });
  };
  if (!found || session.isPending) {
    return (
      <Card title={account.inviteChecking}>
        <SkeletonRows rows={2} height="h-10" />
      </Card>
    );
  }
  const keep = () => keepInvite(token, found.email);
  return (
    <Card title={texts.title(visible(found.workspace.name))} lead={texts.lead(visible(found.invited_by), team.roles[found.role])}>
      {session.data ? (
        <>
          <p className="text-dense text-muted">{texts.as(visible(session.data.data.user.name))}</p>
          <Form fields={[]} action={texts.join} wide send={join} />
        </>
      ) : (
        <div className="flex flex-col gap-3 text-dense">
          <Link to="/sign-in" search={{ to: "/invite" }} className={buttonLook("primary", "h-9")} onClick={keep}>
            {texts.signIn}
          </Link>
          <Link to="/sign-up" className={buttonLook("secondary", "h-9")} onClick={keep}>
            {texts.signUp}
          </Link>
          <p className="text-meta text-faint">{texts.signUpHint(visible(found.email))}</p>
        </div>
      )}
    </Card>
  );
}
