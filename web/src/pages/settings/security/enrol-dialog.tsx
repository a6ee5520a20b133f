import { useState } from "react";

import { confirmSecondFactor, offerSecondFactor } from "@/api/second-factor";
import type { Me, SecondFactorOffer } from "@/api/types";
import { visible } from "@/lib/visible";
import { secondFactor as texts } from "@/texts/second-factor";
import { CopyButton } from "@/ui/copy";
import { Dialog } from "@/ui/dialog";
import { Form } from "@/ui/form";

import { codeField, presentPassword } from "./fields";
import { RecoveryCodes } from "./recovery-codes";

interface Props {
  me: Me;
  onClose: () => void;
  onDone: () => void;
}

/** Switches the second factor on: the password, a key for the app, a code of it, and the recovery codes. */
export default function EnrolDialog({ me, onClose, onDone }: Props) {
  const [offer, setOffer] = useState<SecondFactorOffer>();
  const [codes, setCodes] = useState<readonly string[]>();
  if (codes) {
    return (
      <Dialog title={texts.codesTitle} stays>
        <RecoveryCodes codes={codes} onDone={onDone} />
      </Dialog>
    );
  }
  return (
    <Dialog title={texts.beginTitle} onClose={onClose}>
      {offer ? (
        <Confirm offer={offer} onCodes={setCodes} />
      ) : (
        <>
          <p className="mb-4 text-dense text-muted">{texts.beginLead}</p>
          <Form
            username={me.email ?? undefined}
            fields={[presentPassword]}
            action={texts.goOn}
            autoFocus
            send={async ({ current }) => setOffer(await offerSecondFactor(current))}
          />
        </>
      )}
    </Dialog>
  );
}

function Confirm({ offer, onCodes }: { offer: SecondFactorOffer; onCodes: (codes: readonly string[]) => void }) {
  return (
    <div className="flex flex-col gap-4 text-dense">
      <p className="text-muted">{texts.scan}</p>
      <div className="flex flex-wrap items-center gap-5">
        {/* As a picture: a document that came over the wire does not become part of the page. */}
        <img
          src={`data:image/svg+xml,${encodeURIComponent(offer.picture)}`}
          alt={texts.picture}
          width={168}
          height={168}
          className="rounded-control border border-line bg-white p-2"
        />
        <div className="flex min-w-0 flex-1 basis-48 flex-col gap-2">
          <p className="text-meta text-faint">{texts.key}</p>
          <p className="flex items-center gap-1">
            <code className="min-w-0 [overflow-wrap:anywhere]">{visible(offer.key)}</code>
            <CopyButton text={offer.key.replaceAll(" ", "")} label={texts.copyKey} />
          </p>
          <a href={offer.address} className="inline-flex min-h-6 items-center self-start text-accent hover:underline">
            {texts.sameDevice}
          </a>
        </div>
      </div>
      <Form fields={[codeField]} action={texts.confirm} autoFocus send={async ({ code = "" }) => onCodes(await confirmSecondFactor(code.replace(/\s/g, "")))} />
    </div>
  );
}
