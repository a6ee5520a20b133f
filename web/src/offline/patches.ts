/** What the screen shows of a change that the server has not made yet: the lists as they will be. */
import type { InfiniteData, QueryKey } from "@tanstack/react-query";

import type { Answer, Listing } from "@/api/client";
import { inMemories } from "@/api/memory-lists";
import type { FindingPage, Insight, Suppressions, Task } from "@/api/types";

import type { Change } from "./change";
import { dismissed, edited, restored, rewritten, unsaved, unsavedMemory } from "./foresee";

const inTasks = (data: Listing<Task>, change: (tasks: Task[]) => Task[]): Listing<Task> => {
  const items = change(data.items);
  return { ...data, items, total: data.total + items.length - data.items.length };
};

const inInsights = (data: { items: Insight[] }, id: string, change: (insight: Insight) => Insight) => ({
  ...data,
  items: data.items.map((each) => (each.id === id ? change(each) : each)),
});

const inFindings = (data: InfiniteData<FindingPage>, change: (page: FindingPage) => FindingPage) => ({ ...data, pages: data.pages.map(change) });

function without(page: FindingPage, ids: ReadonlySet<string>): FindingPage {
  const items = page.items.filter((each) => !ids.has(each.id));
  return { ...page, items, total: page.total - (page.items.length - items.length) };
}

/** One list with one change in it. `list` says which: `tasks`, `memories`, or what belongs to a repository. */
function patch(list: string, repo: unknown, data: unknown, change: Change): unknown {
  const { effect } = change;
  if (list === "tasks") {
    const tasks = data as Listing<Task>;
    if (effect.kind === "task.create") {
      return inTasks(tasks, (all) => (all.some((each) => each.id === change.key) ? all : [unsaved(effect.title, change.key, change.at), ...all]));
    }
    if (effect.kind === "task.update") {
      return inTasks(tasks, (all) => all.map((each) => (each.key === effect.key ? edited(each, effect.fields) : each)));
    }
    return data;
  }
  if (list === "memories") {
    if (effect.kind === "memory.create") return inMemories(data, { added: unsavedMemory(effect.memory, change.key, change.at) });
    if (effect.kind === "memory.update") return inMemories(data, { id: effect.id, change: (memory) => rewritten(memory, effect.fields) });
    return data;
  }
  if (!("repo" in effect) || effect.repo !== repo) return data;
  if (list === "insights" && effect.kind === "insight.dismiss") return inInsights(data as { items: Insight[] }, effect.id, dismissed);
  if (list === "insights" && effect.kind === "insight.restore") return inInsights(data as { items: Insight[] }, effect.id, restored);
  if (list === "suppressions" && effect.kind === "finding.unsuppress") {
    const known = data as Answer<Suppressions>;
    return { ...known, data: { ...known.data, items: known.data.items.filter((each) => each.id !== effect.id) } };
  }
  if (list !== "findings") return data;
  if (effect.kind === "finding.suppress") {
    const ids = new Set(effect.ids);
    return inFindings(data as InfiniteData<FindingPage>, (page) => without(page, ids));
  }
  if (effect.kind === "finding.verdict") {
    return inFindings(data as InfiniteData<FindingPage>, (page) => ({
      ...page,
      items: page.items.map((each) => (each.id === effect.id ? { ...each, useful: effect.useful } : each)),
    }));
  }
  return data;
}

/** What was read at a place of the cache, with everything that waits on top of it. */
export function patched(queryKey: QueryKey, data: unknown, changes: readonly Change[]): unknown {
  const [first, workspace, list, repo, part] = queryKey;
  if (first !== "w" || data === undefined) return data;
  const name = list === "repo" ? String(part) : String(list);
  return changes
    .filter((change) => change.workspace === workspace && !change.trouble)
    .reduce<unknown>((known, change) => patch(name, repo, known, change), data);
}
