import { discardJob } from "@/api/admin";
import type { Job } from "@/api/types";
import { visible } from "@/lib/visible";
import { jobs as texts } from "@/texts/operation";
import { Dialog } from "@/ui/dialog";
import { Form } from "@/ui/form";

/** Asks why a job is not needed: it is not tried again, and the audit log keeps the note. */
export default function DiscardDialog({ job, onClose, onDone }: { job: Job; onClose: () => void; onDone: () => void }) {
  return (
    <Dialog title={texts.discardTitle(visible(job.kind))} onClose={onClose}>
      <p className="mb-4 text-dense text-muted">{texts.discardText}</p>
      <Form
        fields={[
          {
            name: "note",
            label: texts.note,
            autoComplete: "off",
            hint: texts.noteHint,
            check: (typed) => ([...typed.trim()].length > 500 ? texts.noteHint : undefined),
          },
        ]}
        action={texts.discard}
        autoFocus
        send={async ({ note = "" }) => {
          await discardJob(job.id, note.trim());
          onDone();
        }}
      />
    </Dialog>
  );
}
