import { useLocation } from "@tanstack/react-router";
import { useState } from "react";

import { setSingleKeys, singleKeys } from "@/lib/keys";
import { shortcuts } from "@/texts/shortcuts";
import { Dialog } from "@/ui/dialog";
import { Kbd } from "@/ui/kbd";

/** The pages on which the keys of a group do something. */
const PAGES = {
  repo: /^\/w\/[^/]+\/repos\/./,
  diagram: /\/architecture$/,
  insight: /\/(insights|results|repos\/[^/]+)\/?$/,
} as const;

/** The keyboard map of the page that is open. */
export default function Shortcuts({ onClose }: { onClose: () => void }) {
  const path = useLocation({ select: (location) => location.pathname });
  const [on, setOn] = useState(singleKeys());
  const groups = shortcuts.groups.filter((group) => !("on" in group) || PAGES[group.on].test(path));
  return (
    <Dialog title={shortcuts.title} onClose={onClose}>
      <div className="flex flex-col gap-5">
        <label className="flex items-start gap-2.5 text-dense">
          <input
            type="checkbox"
            className="mt-0.5"
            checked={on}
            onChange={(event) => {
              setSingleKeys(event.target.checked);
              setOn(event.target.checked);
            }}
          />
          <span>
            {shortcuts.single} <span className="block text-meta text-faint">{shortcuts.singleHint}</span>
          </span>
        </label>
        {groups.map((group) => (
          <section key={group.name} aria-label={group.name}>
            <h3 className="mb-1.5 text-meta font-medium text-faint">{group.name}</h3>
            <dl className="flex flex-col gap-1">
              {group.keys.map(([keys, does]) => (
                <div key={keys} className="flex items-center justify-between gap-4 text-dense">
                  <dt className="text-muted">{does}</dt>
                  <dd>
                    <Kbd>{keys}</Kbd>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
