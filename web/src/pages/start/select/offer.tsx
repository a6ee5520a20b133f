import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { hostsQuery } from "@/api/hosts";
import { useWorkspace } from "@/api/workspace";
import { hostName } from "@/host/state";
import { visible } from "@/lib/visible";
import { hosts, select as texts } from "@/texts/hosts";
import { buttonLook } from "@/ui/button";
import { Empty, Loaded, SkeletonRows } from "@/ui/loaded";

import { Chooser } from "./chooser";

/** What a connected account offers; of one that is not connected any more, the way back. */
export default function Offer({ id }: { id: string | undefined }) {
  const query = useQuery(hostsQuery(useWorkspace()));
  return (
    <Loaded query={query} what={hosts.what} skeleton={<SkeletonRows rows={12} />}>
      {({ items }) => {
        const host = items.find((each) => each.id === id);
        if (!host) {
          return (
            <Empty
              action={
                <Link to="/start/source" className={buttonLook("primary")}>
                  {texts.toSource}
                </Link>
              }
            >
              {texts.missing}
            </Empty>
          );
        }
        return (
          <>
            <p className="-mt-4 max-w-[60ch] text-muted">{texts.from(visible(host.login), hostName(host))}</p>
            <Chooser key={host.id} host={host} />
          </>
        );
      }}
    </Loaded>
  );
}
