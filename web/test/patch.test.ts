import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";

import { insightsQuery, repoQuery, reposQuery } from "@/api/queries";
import { hotspotsQuery } from "@/api/report";
import { settingsQuery } from "@/api/settings";
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

describe("people who are no longer to be named", () => {
  it("have their names read again on every page that has them, and no other page", () => {
    const cache = new QueryClient();
    const keys = [hotspotsQuery("home", "tool").queryKey, settingsQuery("home").queryKey, insightsQuery("home", "tool").queryKey];
    for (const key of keys) cache.setQueryData<unknown>(key, {});
    applyEvent(cache, "home", { type: "settings.updated", name_people: false });
    expect(keys.map((key) => cache.getQueryState(key)?.isInvalidated)).toEqual([true, true, false]);
  });
});
