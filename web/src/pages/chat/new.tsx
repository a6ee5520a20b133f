import { Suspense } from "react";

import { mayAsk } from "@/api/chat";
import { useSession } from "@/api/workspace";
import { early } from "@/lib/part";
import { chat as texts } from "@/texts/chat";
import { PageTitle } from "@/ui/page";

const Begin = early(() => import("./begin"));

/** Where a conversation begins. */
export function NewThreadPage() {
  const session = useSession();
  const may = mayAsk(session);
  return (
    <div className="scroll-thin min-w-0 flex-1 @4xl:overflow-y-auto">
      <div className="mx-auto flex w-full max-w-[calc(72ch+3rem)] flex-col gap-4 p-4 sm:p-6 @4xl:pt-[12vh]">
        <PageTitle name={texts.title} scope={session.workspace.name} />
        <p className="-mt-2 max-w-[64ch] text-dense text-muted">{may ? texts.lead : texts.readOnly}</p>
        <Suspense fallback={<div aria-busy="true" className="skeleton h-28" />}>{may && <Begin />}</Suspense>
      </div>
    </div>
  );
}
