import { useQuery } from "@tanstack/react-query";
import { Suspense } from "react";

import { meQuery } from "@/api/account";
import { early } from "@/lib/part";
import { own as texts } from "@/texts/own-settings";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { PageHeader, PageTitle } from "@/ui/page";

const ProfilePanels = early(() => import("./profile/panels"));

/** Who one is on this server, and one's own data. */
export default function ProfilePage() {
  const query = useQuery(meQuery);
  const rows = <SkeletonRows rows={3} height="h-24" />;
  return (
    <>
      <PageHeader>
        <PageTitle name={texts.profile} scope={texts.scope} />
      </PageHeader>
      <Loaded query={query} what={texts.what} skeleton={rows}>
        {({ data }) => (
          <Suspense fallback={rows}>
            <ProfilePanels me={data} />
          </Suspense>
        )}
      </Loaded>
    </>
  );
}
