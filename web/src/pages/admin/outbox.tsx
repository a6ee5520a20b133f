import { useQuery } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { Suspense } from "react";

import { outboxQuery } from "@/api/account";
import { early } from "@/lib/part";
import { own as texts } from "@/texts/own-settings";
import { Button } from "@/ui/button";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { PageHeader, PageTitle } from "@/ui/page";

const Mails = early(() => import("./outbox/mails"));

/** The messages that no mail server took, for whoever runs this server to pass on. */
export default function OutboxPage() {
  const query = useQuery(outboxQuery);
  const rows = <SkeletonRows rows={3} height="h-36" />;
  return (
    <div className="flex max-w-[860px] flex-col gap-5">
      <PageHeader
        actions={
          <Button icon={RotateCw} busy={query.isFetching} onClick={() => void query.refetch()}>
            {texts.refresh}
          </Button>
        }
      >
        <PageTitle name={texts.outboxTitle} />
      </PageHeader>
      <Loaded query={query} what={texts.outboxWhat} skeleton={rows}>
        {({ data }) => (
          <Suspense fallback={rows}>
            <Mails outbox={data} />
          </Suspense>
        )}
      </Loaded>
    </div>
  );
}
