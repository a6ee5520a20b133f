import { api, body } from "@/api/client";
import type { DependencyFilters } from "@/api/report";
import type { Dependency } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import type { CsvColumn } from "@/lib/csv";
import TakeAlong from "@/ui/take-along";

/** Rows of one request. */
const PAGE = 500;

/** What was not looked up is empty, never "none". */
const COLUMNS: readonly CsvColumn<Dependency>[] = [
  ["ecosystem", (each) => each.ecosystem],
  ["name", (each) => each.name],
  ["version", (each) => each.version],
  ["requirement", (each) => each.requirement],
  ["direct", (each) => each.direct],
  ["scope", (each) => each.scope],
  ["license", (each) => each.license],
  ["through", (each) => each.via.join(" > ")],
  ["advisories", (each) => each.advisories?.map((hit) => hit.id).join(" ")],
  ["worst", (each) => (each.advisories === null ? undefined : (each.advisories[0]?.severity ?? "none"))],
  ["fixed_in", (each) => each.advisories?.[0]?.fixed],
];

/** Takes all packages that pass the filters along. */
export default function ExportButtons({ repo, filters }: { repo: string; filters: DependencyFilters }) {
  const ws = useWorkspace();
  const all = async (): Promise<Dependency[]> => {
    const given = Object.fromEntries(Object.entries(filters).filter(([, value]) => value));
    const items: Dependency[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const query = { ...given, limit: PAGE, ...(cursor ? { cursor } : {}) };
      const page: { items: Dependency[]; next: string | null } = await body(
        api.GET("/api/v1/w/{workspace}/repos/{repo}/dependencies", { params: { path: { workspace: ws, repo }, query } }),
      );
      items.push(...page.items);
      cursor = page.next;
    }
    return items;
  };
  return <TakeAlong file={`${repo}-dependencies`} columns={COLUMNS} rows={all} />;
}
