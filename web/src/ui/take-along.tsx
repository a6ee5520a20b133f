import { ClipboardCopy, Download } from "lucide-react";
import { useState } from "react";

import { problemOf } from "@/api/client";
import { type CsvColumn, toCsv } from "@/lib/csv";
import { lists } from "@/texts/lists";

import { Button } from "./button";
import { toast } from "./toast";

const texts = lists.takeAlong;

interface Props<T> {
  /** The name of the file, without its ending. */
  file: string;
  columns: readonly CsvColumn<T>[];
  /** All rows, also those that were not read yet. */
  rows: () => readonly T[] | Promise<readonly T[]>;
}

/** Takes a table along: copied as CSV, or as a file of JSON with everything that the interface says of each row. */
export default function TakeAlong<T>({ file, columns, rows }: Props<T>) {
  const [busy, setBusy] = useState<"csv" | "json">();
  const take = async (form: "csv" | "json") => {
    setBusy(form);
    try {
      const all = await rows();
      if (form === "csv") {
        await navigator.clipboard.writeText(toCsv(columns, all));
        toast(texts.copied(all.length));
      } else {
        const url = URL.createObjectURL(new Blob([JSON.stringify(all, null, 2)], { type: "application/json" }));
        const link = Object.assign(document.createElement("a"), { href: url, download: `${file}.json` });
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
      <Button look="ghost" icon={ClipboardCopy} busy={busy === "csv"} title={texts.csv} onClick={() => void take("csv")}>
        <span className="max-sm:sr-only">{texts.csv}</span>
      </Button>
      <Button look="ghost" icon={Download} busy={busy === "json"} title={texts.json} onClick={() => void take("json")}>
        <span className="max-sm:sr-only">{texts.json}</span>
      </Button>
    </span>
  );
}
