import { useState, type ReactNode } from "react";

import { deviceOf } from "@/account/device";
import { checkDevice, decideDevice } from "@/api/tokens";
import type { DeviceRequest } from "@/api/types";
import { useNow } from "@/lib/clock";
import { formatAge, formatMoment } from "@/lib/format";
import { useOffline } from "@/lib/offline";
import { visible } from "@/lib/visible";
import { device as texts } from "@/texts/tokens";
import { Button } from "@/ui/button";
import { Form } from "@/ui/form";
import { Problem } from "@/ui/problem";

/** First the code, then which program shows it, then yes or no. A code in the address is only filled in. */
export default function Approve({ given }: { given: string }) {
  const [found, setFound] = useState<{ code: string; request: DeviceRequest }>();
  const [allowed, setAllowed] = useState<boolean>();
  const again = () => {
    setFound(undefined);
    setAllowed(undefined);
  };
  if (allowed !== undefined) {
    return (
      <div className="flex flex-col items-start gap-3 text-dense">
        <p role="status" className="font-medium">
          {allowed ? texts.allowed : texts.denied}
        </p>
        {allowed && <p className="text-muted">{texts.sessions}</p>}
        <Button onClick={again}>{texts.other}</Button>
      </div>
    );
  }
  if (found) return <Decide {...found} onDecided={setAllowed} onOther={again} />;
  return (
    <>
      <p className="text-dense text-muted">{texts.lead}</p>
      <Form
        fields={[{ name: "user_code", label: texts.code, autoComplete: "off", initial: given }]}
        action={texts.check}
        autoFocus
        send={async ({ user_code: code = "" }) => setFound({ code: code.trim(), request: await checkDevice(code.trim()) })}
      />
    </>
  );
}

interface DecideProps {
  code: string;
  request: DeviceRequest;
  onDecided: (allowed: boolean) => void;
  onOther: () => void;
}

function Decide({ code, request, onDecided, onOther }: DecideProps) {
  const now = useNow();
  const offline = useOffline();
  const [busy, setBusy] = useState<boolean>();
  const [failure, setFailure] = useState<unknown>();
  const decide = async (allow: boolean) => {
    setBusy(allow);
    setFailure(undefined);
    try {
      await decideDevice(code, allow);
      onDecided(allow);
    } catch (error) {
      setFailure(error);
    }
    setBusy(undefined);
  };
  return (
    <div className="flex flex-col gap-4 text-dense">
      <p className="text-body font-medium [overflow-wrap:anywhere]">{texts.asks(visible(request.client))}</p>
      <dl className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-4 gap-y-1.5">
        <Fact title={texts.place}>{request.place ? visible(request.place) : texts.placeUnknown}</Fact>
        <Fact title={texts.program}>{deviceOf(request.user_agent)}</Fact>
        <Fact title={texts.asked}>
          <span title={formatMoment(request.created_at)}>{formatAge(request.created_at, now)}</span>
        </Fact>
        <Fact title={texts.may}>
          <ul>
            {request.scopes.map((scope) => (
              <li key={scope}>{visible(scope)}</li>
            ))}
          </ul>
        </Fact>
      </dl>
      <p className="rounded-control bg-medium-bg px-3 py-2 text-medium">{texts.warning}</p>
      {failure !== undefined && <Problem error={failure} />}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" className="px-4" busy={busy === true} blocked={offline} onClick={() => void decide(true)}>
          {texts.allow}
        </Button>
        <Button busy={busy === false} blocked={offline} onClick={() => void decide(false)}>
          {texts.deny}
        </Button>
        <Button look="ghost" onClick={onOther}>
          {texts.other}
        </Button>
      </div>
    </div>
  );
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-faint">{title}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </>
  );
}
