import { useMutation } from "@tanstack/react-query";
import { Plus } from "lucide-react";

import { probeSource } from "@/api/mutations/repos";
import type { Probe } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { SAMPLE_SOURCE } from "@/repo/sample";
import { sample as texts } from "@/texts/sample";
import { Button } from "@/ui/button";
import { Problem } from "@/ui/problem";

/** Adds the sample, which needs no choice. */
export default function SampleForm({ onAdd }: { onAdd: (probe: Probe) => void }) {
  const ws = useWorkspace();
  const add = useMutation({ mutationFn: () => probeSource(ws, SAMPLE_SOURCE), onSuccess: onAdd });
  return (
    <div className="flex flex-col items-start gap-3">
      <p className="max-w-[60ch] text-dense text-muted">{texts.form}</p>
      <Button icon={Plus} busy={add.isPending} onClick={() => add.mutate()}>
        {add.isPending ? texts.adding : texts.add}
      </Button>
      {add.error && <Problem error={add.error} />}
    </div>
  );
}
