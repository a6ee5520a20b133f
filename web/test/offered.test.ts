import { InfiniteQueryObserver, QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";

import type { OfferedRepository } from "@/api/types";
import { amount, choosable, matching, ownersOf, readBefore } from "@/pages/start/select/offered";
import { select as texts } from "@/texts/hosts";

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

test("why the next page does not come is told below the list, why the list cannot be read anew is told with it", async () => {
  let refused = "";
  const list = new InfiniteQueryObserver(new QueryClient(), {
    queryKey: ["offered"],
    queryFn: () => (refused ? Promise.reject(new Error(refused)) : Promise.resolve([])),
    initialPageParam: 0,
    getNextPageParam: () => 1,
    retry: false,
  });
  const close = list.subscribe(() => undefined);
  const told = () => readBefore(list.getCurrentResult()).error?.message;
  await list.refetch();
  expect(told()).toBeUndefined();
  refused = "the token is refused";
  await list.refetch();
  expect(told()).toBe(refused);
  refused = "the host wants a pause";
  await list.fetchNextPage();
  expect([list.getCurrentResult().error?.message, told()]).toEqual([refused, undefined]);
  close();
});

test("counts say when the host has more than was read", () => {
  expect([texts.total(1, false), texts.total(1000, true)]).toEqual(["1 repository", "1,000 repositories so far"]);
  expect([texts.match(4, 120, false), texts.match(0, 1000, true)]).toEqual(["4 of 120 repositories", "0 of 1,000 repositories so far"]);
  expect(texts.filtered(1000, true)).toBe("None of the 1,000 read so far matches.");
  expect(texts.filtered(120, false)).toMatch(/^No repository matches\. Those that an organisation/);
});
