import { expect, test } from "vitest";

import type { OfferedRepository } from "@/api/types";
import { amount, choosable, matching, ownersOf } from "@/pages/start/select/offered";

const repo = (path: string, rest: Partial<OfferedRepository> = {}): OfferedRepository => ({
  path,
  description: null,
  visibility: "private",
  language: null,
  pushed_at: null,
  bytes: null,
  default_branch: "main",
  archived: false,
  connected: null,
  ...rest,
});

const ALL = [
  repo("octo/api", { bytes: 1000 }),
  repo("labs/site", { description: "The public API's pages" }),
  repo("octo/tool", { bytes: 24 }),
  repo("Acme/group/deep"),
];
const paths = (repos: readonly OfferedRepository[]) => repos.map(({ path }) => path);

test("text is found in paths and descriptions in any case, and owners narrow it, in the host's order", () => {
  expect(paths(matching(ALL, { text: " API ", org: "" }))).toEqual(["octo/api", "labs/site"]);
  expect(paths(matching(ALL, { text: "api", org: "octo" }))).toEqual(["octo/api"]);
  expect(paths(matching(ALL, { text: "", org: "octo" }))).toEqual(["octo/api", "octo/tool"]);
  expect(paths(matching(ALL, { text: "", org: "oct" }))).toEqual([]);
});

test("owners are the first parts of the paths, each once", () => {
  expect(ownersOf(ALL)).toEqual(["Acme", "labs", "octo"]);
});

test("what is here already and what is empty cannot be chosen", () => {
  expect(choosable(repo("a/b"))).toBe(true);
  expect(choosable(repo("a/b", { default_branch: null }))).toBe(false);
  expect(choosable(repo("a/b", { connected: { id: "1", name: "b", slug: "b" } }))).toBe(false);
});

test("a size that the host does not tell is counted apart, and not as zero", () => {
  expect(amount(ALL.map((each) => ({ repo: each })))).toEqual({ bytes: 1024, unknown: 2 });
  expect(amount([])).toEqual({ bytes: 0, unknown: 0 });
});
