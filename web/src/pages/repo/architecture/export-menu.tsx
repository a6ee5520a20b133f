import { useQueryClient } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";

import { diagramQuery } from "@/api/report";
import { useWorkspace } from "@/api/workspace";
import { architecture as texts } from "@/texts/architecture";
import { menuItem, Popover } from "@/ui/popover";
import { Problem } from "@/ui/problem";

import type { Place } from "./levels";

const FILES = {
  svg: { type: "image/svg+xml", ending: "svg" },
  mermaid: { type: "text/plain", ending: "mmd" },
  json: { type: "application/json", ending: "json" },
} as const;

interface Props {
  repo: string;
  place: Place;
  /** Whether a box is open on the page: what is in it is not in the file. */
  opened: boolean;
}

/** The level as a file: all of it, as the server has laid it out, and nothing of what is open in it. */
export default function ExportMenu({ repo, place: { level, focus }, opened }: Props) {
  const ws = useWorkspace();
  const queries = useQueryClient();
  const [failure, setFailure] = useState<{ error: unknown; format: keyof typeof FILES } | null>(null);
  const save = async (format: keyof typeof FILES) => {
    setFailure(null);
    try {
      const { data } = await queries.fetchQuery(diagramQuery(ws, repo, level, focus, format === "json" ? undefined : format));
      const { text, ...drawing } = data;
      offer(format === "json" ? JSON.stringify(drawing, null, 2) : (text ?? ""), `${repo}-${level}.${FILES[format].ending}`, FILES[format].type);
    } catch (error) {
      setFailure({ error, format });
    }
  };
  return (
    <>
      <Popover
        label={texts.exports.label}
        triggerClass="tap inline-flex items-center gap-1.5 rounded-control px-2.5 text-dense font-medium text-muted hover:bg-sunken hover:text-text"
        trigger={
          <>
            <Download size={14} strokeWidth={1.75} aria-hidden />
            {texts.exports.label}
          </>
        }
        className="w-52 p-1.5"
      >
        {(close) => (
          <>
            {opened && <p className="px-2 py-1.5 text-meta text-muted">{texts.exports.closed[level]}</p>}
            {(["svg", "mermaid", "json"] as const).map((format) => (
              <button
                key={format}
                type="button"
                className={menuItem}
                onClick={() => {
                  close();
                  void save(format);
                }}
              >
                {texts.exports[format]}
              </button>
            ))}
          </>
        )}
      </Popover>
      {failure && (
        <div className="basis-full">
          <Problem error={failure.error} what={texts.exports.what} onRetry={() => void save(failure.format)} />
        </div>
      )}
    </>
  );
}

/** Gives the browser a file to keep. */
function offer(content: string, name: string, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
