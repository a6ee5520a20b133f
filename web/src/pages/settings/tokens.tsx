import { useQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";

import { tokensQuery } from "@/api/tokens";
import { useOffline } from "@/lib/offline";
import { early, part } from "@/lib/part";
import { own } from "@/texts/own-settings";
import { tokens as texts } from "@/texts/tokens";
import { Button } from "@/ui/button";
import { Loaded, SkeletonRows } from "@/ui/loaded";
import { PageHeader, PageTitle } from "@/ui/page";

const TokenList = early(() => import("./tokens/list"));
const TokenDialog = part(() => import("./tokens/token-dialog"));

/** Tokens for programs that act as oneself. */
export default function TokensPage() {
  const query = useQuery(tokensQuery);
  const offline = useOffline();
  const rows = <SkeletonRows rows={3} height="h-16" />;
  const [making, setMaking] = useState(false);
  return (
    <div className="flex max-w-[820px] flex-col gap-5">
      <PageHeader
        actions={
          <Button look="primary" blocked={offline} onClick={() => setMaking(true)}>
            {texts.make}
          </Button>
        }
      >
        <PageTitle name={texts.title} scope={own.scope} />
      </PageHeader>
      <p className="max-w-[72ch] text-dense text-muted">{texts.lead}</p>
      <Loaded query={query} what={texts.what} skeleton={rows}>
        {({ data }) => (
          <Suspense fallback={rows}>
            <TokenList tokens={data} />
          </Suspense>
        )}
      </Loaded>
      <Suspense>{making && <TokenDialog onClose={() => setMaking(false)} />}</Suspense>
    </div>
  );
}
