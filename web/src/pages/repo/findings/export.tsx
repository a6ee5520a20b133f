import { api, body } from "@/api/client";
import { serverFilter, type FindingFilters } from "@/api/report";
import type { Finding } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import type { CsvColumn } from "@/lib/csv";
import TakeAlong from "@/ui/take-along";

/** Rows of one request. */
const PAGE = 500;

/** The findings as a table. */
export const COLUMNS: readonly CsvColumn<Finding>[] = [
  ["severity", (each) => each.severity],
  ["kind", (each) => each.kind],
  ["rule", (each) => each.rule],
  ["message", (each) => each.message],
  ["path", (each) => each.span.path],
  ["line", (each) => each.span.start],
  ["in_tests", (each) => each.in_test],
  ["in_examples", (each) => each.in_example],
  ["first_seen", (each) => each.first_seen_at],
  ["state", (each) => each.state],
];

/** Takes all that pass the filter along, also those that were not read yet. */
export default function ExportButtons({ repo, filters }: { repo: string; filters: FindingFilters }) {
  const ws = useWorkspace();
  const all = async (): Promise<Finding[]> => {
    const items: Finding[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const query = { ...serverFilter(filters), limit: PAGE, ...(cursor ? { cursor } : {}) };
      const page: { items: Finding[]; next: string | null } = await body(
        api.GET("/api/v1/w/{workspace}/repos/{repo}/findings", { params: { path: { workspace: ws, repo }, query } }),
      );
      items.push(...page.items);
      cursor = page.next;
    }
    return items;
  };
  return <TakeAlong file={`${repo}-findings`} columns={COLUMNS} rows={all} />;
}
