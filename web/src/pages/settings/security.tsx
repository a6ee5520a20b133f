import { useQuery } from "@tanstack/react-query";
import { Suspense } from "react";

import { meQuery, secondFactorQuery, sessionsQuery } from "@/api/account";
import { early } from "@/lib/part";
import { own as texts } from "@/texts/own-settings";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { PageHeader, PageTitle } from "@/ui/page";
import { Panel } from "@/ui/panel";

const Password = early(() => import("./security/password"));
const SecondFactor = early(() => import("./security/second-factor"));
const LinkedAccounts = early(() => import("./security/linked"));
const Sessions = early(() => import("./security/sessions"));

/** The password, the second factor, linked accounts, and every place where one is signed in. */
export default function SecurityPage() {
  const me = useQuery(meQuery);
  const factor = useQuery(secondFactorQuery);
  const sessions = useQuery(sessionsQuery);
  const [fields, rows] = [<SkeletonRows rows={2} height="h-20" />, <SkeletonRows rows={3} height="h-16" />];
  return (
    <>
      <PageHeader>
        <PageTitle name={texts.security} scope={texts.scope} />
      </PageHeader>
      <div className="flex max-w-[820px] flex-col gap-8">
        <Panel title={texts.password}>
          <Loaded query={me} what={texts.what} skeleton={fields}>
            {({ data }) => (
              <Suspense fallback={fields}>
                <Password me={data} />
              </Suspense>
            )}
          </Loaded>
        </Panel>
        <Panel title={texts.factor}>
          <Loaded query={factor} what={texts.factorWhat} skeleton={fields}>
            {({ data }) => (
              <Suspense fallback={fields}>
                <SecondFactor factor={data} />
              </Suspense>
            )}
          </Loaded>
        </Panel>
        <Suspense>{me.data && <LinkedAccounts me={me.data.data} />}</Suspense>
        <Loaded query={sessions} what={texts.sessionsWhat} skeleton={rows}>
          {({ data }) => (
            <Suspense fallback={rows}>
              <Sessions sessions={data} />
            </Suspense>
          )}
        </Loaded>
      </div>
    </>
  );
}
