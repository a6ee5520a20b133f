import { useQuery } from "@tanstack/react-query";

import { advisoriesQuery } from "@/api/queries";
import type { AdvisoryCheck } from "@/api/types";
import { useWorkspace } from "@/api/workspace";

import { knowledgeOf } from "./advisory-age";

/** What a report knew about vulnerabilities, by ecosystem, the oldest first. */
export function useKnowledge(check: AdvisoryCheck, analysedAt: string, inUse: readonly string[]) {
  const mirror = useQuery({ ...advisoriesQuery(useWorkspace()), enabled: check.source === "mirror" });
  return knowledgeOf(check, analysedAt, inUse, mirror.data?.data);
}
