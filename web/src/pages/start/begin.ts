import { problemOf } from "@/api/client";
import { connectRepo, startAnalysis } from "@/api/mutations/repos";
import type { Probe } from "@/api/types";

import type { Begun } from "./chosen-list";

/** Connects each source and starts its analysis; one that is refused does not keep the others. */
export async function beginAll(ws: string, chosen: readonly Probe[]): Promise<Begun> {
  const start = startAnalysis(ws).mutationFn;
  const outcomes = await Promise.allSettled(
    chosen.map(async (probe) => {
      const repo = await connectRepo(ws, probe.source.location);
      return start?.({ repo: repo.slug, fresh: false }, {} as never);
    }),
  );
  return {
    runs: outcomes.flatMap((each) => (each.status === "fulfilled" && each.value ? [each.value.id] : [])).join(","),
    refused: outcomes.flatMap((each, index) => {
      const probe = chosen[index];
      return each.status === "rejected" && probe ? [{ probe, reason: problemOf(each.reason).detail }] : [];
    }),
  };
}
