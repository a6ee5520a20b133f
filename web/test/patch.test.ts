import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";

import { insightsQuery, repoQuery, reposQuery } from "@/api/queries";
import { applyEvent } from "@/live/patch";

describe("a repository that was removed elsewhere", () => {
  it("is asked for again by its page and by the list, and by nothing else", () => {
    const cache = new QueryClient();
    const keys = [repoQuery("home", "tool").queryKey, reposQuery("home").queryKey, insightsQuery("home", "tool").queryKey];
    for (const key of keys) cache.setQueryData<unknown>(key, {});
    applyEvent(cache, "home", { type: "repo.removed", repo: "r1" });
    expect(keys.map((key) => cache.getQueryState(key)?.isInvalidated)).toEqual([true, true, false]);
  });
});
