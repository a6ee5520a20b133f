/** How known vulnerabilities are looked up. */
import { mutationOptions } from "@tanstack/react-query";

import { api, body, queryClient } from "../client";
import { advisoriesQuery } from "../queries";
import type { AdvisoryMode } from "../types";

export const setAdvisoryMode = (workspace: string) =>
  mutationOptions({
    mutationFn: (mode: AdvisoryMode) =>
      body(api.PUT("/api/v1/w/{workspace}/advisories/mode", { params: { path: { workspace } }, body: { mode } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: advisoriesQuery(workspace).queryKey }),
  });

export const importAdvisories = (workspace: string) =>
  mutationOptions({
    mutationFn: (path: string) =>
      body(api.POST("/api/v1/w/{workspace}/advisories/import", { params: { path: { workspace } }, body: { path } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: advisoriesQuery(workspace).queryKey }),
  });
