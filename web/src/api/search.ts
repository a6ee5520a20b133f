/** What is looked for in the code of a repository. */
import { queryOptions } from "@tanstack/react-query";

import { answer, api } from "./client";
import { repoKey } from "./queries";
import type { CodeFound } from "./types";

/** Lines that fit, or definitions by their name. */
export type SearchKind = "passage" | "symbol";

export const codeSearchQuery = (workspace: string, repo: string, q: string, kind: SearchKind = "passage") =>
  queryOptions({
    queryKey: [...repoKey(workspace, repo), "search", kind, q],
    queryFn: ({ signal }) =>
      answer<CodeFound>(
        api.GET("/api/v1/w/{workspace}/repos/{repo}/search", {
          params: { path: { workspace, repo }, query: { q, ...(kind === "symbol" ? { kind } : {}) } },
          signal,
        }),
      ),
    enabled: q !== "",
    // It is of one commit, and what is typed next is looked for anew.
    staleTime: 60_000,
  });
