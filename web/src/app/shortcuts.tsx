import { useLocation } from "@tanstack/react-router";
import { useState } from "react";

import { keyMap, setKeyMap, setSingleKeys, singleKeys, type KeyMap } from "@/lib/keys";
import { shortcuts } from "@/texts/shortcuts";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Kbd } from "@/ui/kbd";

/** The pages on which the keys of a group do something. */
const PAGES = {
  chat: /^\/w\/[^/]+\/chat(\/|$)/,
  memory: /^\/w\/[^/]+\/memory$/,
  repo: /^\/w\/[^/]+\/repos\/./,
  code: /\/repos\/[^/]+\/code(\/|$)/,
  diagram: /\/architecture$/,
  insight: /\/(insights|results|repos\/[^/]+)\/?$/,
} as const;

/** The keyboard map of the page that is open. */
export default function Shortcuts({ onClose }: { onClose: () => void }) {
  const path = useLocation({ select: (location) => location.pathname });
  const [on, setOn] = useState(singleKeys());
  const [map, setMap] = useState(keyMap());
  const change = (next: KeyMap) => {
    setKeyMap(next);
    setMap(next);
  };
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
        <p className="-mb-2 flex items-center justify-between gap-3 text-meta text-faint">
          {shortcuts.remap}
          {Object.keys(map).length > 0 && (
            <Button look="ghost" onClick={() => change({})}>
              {shortcuts.reset}
            </Button>
          )}
        </p>
        {groups.map((group) => (
          <section key={group.name} aria-label={group.name}>
            <h3 className="mb-1.5 text-meta font-medium text-faint">{group.name}</h3>
            <dl className="flex flex-col">
              {group.keys.map(([keys, does]) => (
                <div key={keys} className="flex min-h-7 items-center justify-between gap-4 text-dense">
                  <dt className="text-muted">{does}</dt>
                  <dd>
                    {/^[A-Z/?[\]]$/.test(keys) ? (
                      <OneKey name={does} original={keys.toLowerCase()} map={map} onChange={change} />
                    ) : (
                      <Kbd>{keys}</Kbd>
                    )}
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

/** Keys that are never given to something else: the dialog and the browser need them. */
const NEVER = /^([\s]|.{2,})$/;

/** A key that can be changed: press the button, then the key that is wanted instead. */
function OneKey({ name, original, map, onChange }: { name: string; original: string; map: KeyMap; onChange: (map: KeyMap) => void }) {
  const [waiting, setWaiting] = useState(false);
  const shown = map[original] ?? original;
  return (
    <button
      type="button"
      aria-label={waiting ? shortcuts.press(name) : shortcuts.change(name, shown.toUpperCase())}
      title={waiting ? shortcuts.press(name) : shortcuts.change(name, shown.toUpperCase())}
      className="tap -me-1 inline-flex items-center rounded-control px-1 hover:bg-sunken"
      onClick={() => setWaiting(true)}
      onBlur={() => setWaiting(false)}
      onKeyDown={(event) => {
        if (!waiting || event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === "Escape") {
          // It ends the waiting, not the dialog.
          event.preventDefault();
          setWaiting(false);
        }
        if (NEVER.test(event.key)) return;
        event.preventDefault();
        setWaiting(false);
        const wanted = event.key.toLowerCase();
        const { [original]: _before, ...others } = map;
        // A key stands for one thing: whoever had it gets back the one it was written with.
        const rest = Object.fromEntries(Object.entries(others).filter(([, to]) => to !== wanted));
        onChange(wanted === original ? rest : { ...rest, [original]: wanted });
      }}
    >
      <Kbd>{waiting ? "…" : shown.toUpperCase()}</Kbd>
    </button>
  );
}
