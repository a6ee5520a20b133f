import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Ruler } from "lucide-react";

import { modelsQuery } from "@/api/models";
import { useWorkspace } from "@/api/workspace";
import { said as texts } from "@/texts/conversation";

/** The way to a first provider, for those who may set one up; the others hear who can. */
export function AddProvider() {
  const ws = useWorkspace();
  const manages = useQuery(modelsQuery(ws)).data?.data.can.manage;
  if (manages === undefined) return null;
  return manages ? (
    <Link to="/w/$ws/settings/$page" params={{ ws, page: "models" }} className="text-accent underline">
      {texts.addProvider}
    </Link>
  ) : (
    texts.askAdmin
  );
}

/** What is to be expected where no model would write the answer. */
export function WriterLine() {
  const models = useQuery(modelsQuery(useWorkspace())).data?.data;
  if (models?.answers !== false) return null;
  return (
    <p className="flex flex-wrap items-center gap-x-1.5 text-meta text-faint">
      <Ruler size={12} aria-hidden className="shrink-0" />
      {texts.evidenceMode}. <AddProvider />
    </p>
  );
}
