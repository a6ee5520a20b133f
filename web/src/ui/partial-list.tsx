import type { ReactNode } from "react";

import { common } from "@/texts/common";

import { Popover } from "./popover";
import { Prose } from "./prose";

/** A tag that opens the list of what is missing. */
export default function PartialList({ look, label, reasons }: { look: string; label: ReactNode; reasons: readonly string[] }) {
  return (
    <Popover label={common.partialList} trigger={label} triggerClass={`${look} text-start hover:underline`} className="w-96 p-4">
      {() => (
        <ul className="flex list-disc flex-col gap-1 ps-4 text-dense text-muted">
          {reasons.map((reason) => (
            <li key={reason}>
              <Prose text={reason} />
            </li>
          ))}
        </ul>
      )}
    </Popover>
  );
}
