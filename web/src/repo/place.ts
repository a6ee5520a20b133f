import { useQuery } from "@tanstack/react-query";

import { reposQuery } from "@/api/queries";
import type { Repo } from "@/api/types";
import { useWorkspace } from "@/api/workspace";

/** The repositories whose name another one has too: those need more than their name to be told apart. */
export function ambiguous(repos: readonly Pick<Repo, "id" | "name">[]): ReadonlySet<string> {
  const count = new Map<string, number>();
  for (const { name } of repos) count.set(name, (count.get(name) ?? 0) + 1);
  return new Set(repos.filter(({ name }) => (count.get(name) ?? 0) > 1).map(({ id }) => id));
}

/** The folder or address of a repository, from the list of all; nothing while that is not known. */
export function useRepoPlace(id: string | null | undefined): Repo | undefined {
  const repos = useQuery(reposQuery(useWorkspace()));
  return id ? repos.data?.items.find((each) => each.id === id) : undefined;
}
