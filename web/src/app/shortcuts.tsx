import { shortcuts } from "@/texts/shortcuts";
import { Dialog } from "@/ui/dialog";
import { Kbd } from "@/ui/kbd";

/** The keyboard map. */
export default function Shortcuts({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={shortcuts.title} onClose={onClose}>
      <div className="flex flex-col gap-5">
        {shortcuts.groups.map((group) => (
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
