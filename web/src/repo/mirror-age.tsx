import { useQuery } from "@tanstack/react-query";

import { advisoriesQuery } from "@/api/queries";
import { SAMPLE } from "@/api/workspace";
import { useNow } from "@/lib/clock";
import { repos as texts } from "@/texts/repos";

import { levelOf } from "./advisory-age";
import { Ages } from "./advisory-ages";

/** How old the data is that the vulnerable packages were found with; only when it is not new. */
export default function MirrorAge({ ws }: { ws: string }) {
  const now = useNow();
  const status = useQuery({ ...advisoriesQuery(ws), enabled: ws !== SAMPLE }).data?.data;
  const known = status?.mode === "mirror" ? status.ecosystems.flatMap(({ ecosystem, as_of }) => (as_of ? [{ ecosystem, asOf: as_of }] : [])) : [];
  if (known.every(({ asOf }) => levelOf(asOf, now) === "fresh")) return null;
  return (
    <div className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-1.5 text-dense text-muted">
      <p>{texts.mirrorAge}</p>
      <Ages known={known} />
    </div>
  );
}
