import { SAMPLE } from "@/api/workspace";

/** The pages of a repository, in the order of their keys 1 to 9, and 0 for a tenth. */
export const TABS = [
  ["overview", "/w/$ws/repos/$repo"],
  ["insights", "/w/$ws/repos/$repo/insights"],
  ["findings", "/w/$ws/repos/$repo/findings"],
  ["dependencies", "/w/$ws/repos/$repo/dependencies"],
  ["architecture", "/w/$ws/repos/$repo/architecture"],
  ["hotspots", "/w/$ws/repos/$repo/hotspots"],
  ["ownership", "/w/$ws/repos/$repo/ownership"],
  ["code", "/w/$ws/repos/$repo/code/$"],
  ["history", "/w/$ws/repos/$repo/history"],
  ["settings", "/w/$ws/repos/$repo/settings"],
] as const;

/** Those that a workspace shows: there is nothing to set in the sample's. */
export const tabsIn = (workspace: string): readonly (typeof TABS)[number][] =>
  workspace === SAMPLE ? TABS.filter(([name]) => name !== "settings") : TABS;
