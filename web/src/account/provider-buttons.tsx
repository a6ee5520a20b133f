import { useState } from "react";

import { depart } from "@/api/providers";
import type { AuthProvider } from "@/api/types";
import { visible } from "@/lib/visible";
import { providers as texts } from "@/texts/providers";
import { Button } from "@/ui/button";
import { Problem } from "@/ui/problem";

interface Props {
  providers: readonly AuthProvider[];
  /** The address that is wanted afterwards. */
  to?: string | undefined;
}

/** The ways in with an account of somebody else's, in the order in which they are to be offered. */
export default function ProviderButtons({ providers, to }: Props) {
  const [busy, setBusy] = useState<string>();
  const [failure, setFailure] = useState<unknown>();
  const go = async (id: string) => {
    setBusy(id);
    setFailure(undefined);
    try {
      location.assign(await depart(id, { link: false, to }));
    } catch (error) {
      setFailure(error);
      setBusy(undefined);
    }
  };
  return (
    <div className="flex flex-col gap-2">
      {failure !== undefined && <Problem error={failure} />}
      {providers.map(({ id, name }) => (
        <Button key={id} className="h-9 w-full" busy={busy === id} onClick={() => void go(id)}>
          {texts.goOn(visible(name))}
        </Button>
      ))}
      <p className="mt-2 flex items-center gap-3 text-meta text-faint before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        {texts.or}
      </p>
    </div>
  );
}
