import { Suspense } from "react";

import { Card } from "@/account/card";
import { useToken } from "@/account/enter";
import { keptInvite } from "@/account/pending";
import { early } from "@/lib/part";
import { account as texts } from "@/texts/account";
import { SkeletonRows } from "@/ui/loaded";

const Invitation = early(() => import("./invitation"));

/** Joining a workspace by the link of an invitation: as whoever is signed in, or with an account that is made for it. */
export function InvitePage() {
  const token = useToken() || keptInvite();
  return (
    <Suspense
      fallback={
        <Card title={texts.inviteChecking}>
          <SkeletonRows rows={2} height="h-10" />
        </Card>
      }
    >
      <Invitation token={token} />
    </Suspense>
  );
}
