import { ClipboardCopy, Download } from "lucide-react";
import { useState } from "react";

import { api, body, problemOf } from "@/api/client";
import { serverFilter, type FindingFilters } from "@/api/report";
import type { Finding } from "@/api/types";
import { useWorkspace } from "@/api/workspace";
import { findings } from "@/texts/findings";
import { Button } from "@/ui/button";
import { toast } from "@/ui/toast";

const texts = findings.export;

/** Rows of one request. */
const PAGE = 500;

/** One cell. What a spreadsheet would take for a formula is text. */
const cell = (value: string | number | boolean | null): string => {
  const text = String(value ?? "");
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** The findings as a table that spreadsheets read. */
export function toCsv(items: readonly Finding[]): string {
  const head = ["severity", "kind", "rule", "message", "path", "line", "in_tests", "first_seen", "state"];
  const rows = items.map((each) =>
    [each.severity, each.kind, each.rule, each.message, each.span.path, each.span.start, each.in_test, each.first_seen_at, each.state].map(cell).join(","),
  );
  return [head.join(","), ...rows].join("\r\n");
}

/** Takes all that pass the filter along, also those that were not read yet. */
export default function ExportButtons({ repo, filters }: { repo: string; filters: FindingFilters }) {
  const ws = useWorkspace();
  const [busy, setBusy] = useState<"csv" | "json">();
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
  const take = async (form: "csv" | "json") => {
    setBusy(form);
    try {
      const items = await all();
      if (form === "csv") {
        await navigator.clipboard.writeText(toCsv(items));
        toast(texts.copied(items.length));
      } else {
        const url = URL.createObjectURL(new Blob([JSON.stringify(items, null, 2)], { type: "application/json" }));
        const link = Object.assign(document.createElement("a"), { href: url, download: `${repo}-findings.json` });
        link.click();
        URL.revokeObjectURL(url);
      }
    } catch (error) {
      toast(problemOf(error).detail);
    } finally {
      setBusy(undefined);
    }
  };
  return (
    <span className="inline-flex gap-1" role="group" aria-label={texts.title}>
      <Button look="ghost" icon={ClipboardCopy} busy={busy === "csv"} onClick={() => void take("csv")}>
        {texts.csv}
      </Button>
      <Button look="ghost" icon={Download} busy={busy === "json"} onClick={() => void take("json")}>
        {texts.json}
      </Button>
    </span>
  );
}
