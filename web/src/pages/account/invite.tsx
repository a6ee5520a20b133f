import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";

import { Card } from "@/account/card";
import { useToken } from "@/account/enter";
import { entered } from "@/api/account";
import { acceptInvite, invitationQuery } from "@/api/people";
import { sessionQuery } from "@/api/queries";
import { visible } from "@/lib/visible";
import { invite as texts, team } from "@/texts/team";
import { buttonLook } from "@/ui/button";
import { Form } from "@/ui/form";
import { Loaded, SkeletonRows } from "@/ui/loaded";

/** Joining a workspace by the link of an invitation: as whoever is signed in, or with an account that is made for it. */
export function InvitePage() {
  const token = useToken();
  const navigate = useNavigate();
  const query = useQuery({ ...invitationQuery(token), enabled: token !== "" });
  const session = useQuery({ ...sessionQuery, retry: false });
  if (token === "" || query.error) return <Card title={texts.failed} lead={token === "" ? texts.none : undefined}>{query.error && <Loaded query={query} what={texts.checking} skeleton={null}>{() => null}</Loaded>}</Card>;
  const found = query.data;
  const join = async () => {
    const { workspace } = await acceptInvite(token);
    await entered();
    await navigate({ to: "/w/$ws/repos", params: { ws: workspace.slug }, replace: true });
  };
  if (!found) {
    return (
      <Card title={texts.checking}>
        <SkeletonRows rows={2} height="h-10" />
      </Card>
    );
  }
  return (
    <Card title={texts.title(visible(found.workspace.name))} lead={texts.lead(visible(found.invited_by), team.roles[found.role])}>
      {session.data ? (
        <>
          <p className="text-dense text-muted">{texts.as(visible(session.data.data.user.name))}</p>
          <Form fields={[]} action={texts.join} wide send={join} />
        </>
      ) : (
        <div className="flex flex-col gap-3 text-dense">
          <Link to="/sign-in" search={{ to: `/invite#${token}` }} className={buttonLook("primary", "h-9")}>
            {texts.signIn}
          </Link>
          <Link to="/sign-up" hash={token} className={buttonLook("secondary", "h-9")}>
            {texts.signUp}
          </Link>
          <p className="text-meta text-faint">{texts.signUpHint(visible(found.email))}</p>
        </div>
      )}
    </Card>
  );
}
