import type { Repo } from "@/api/types";
import { repo as texts } from "@/texts/repo";

/** Where each form of a report is saved from, and what it is called. */
export function exportsOf(workspace: string, { slug }: Pick<Repo, "slug">): readonly (readonly [string, string])[] {
  const base = `/api/v1/w/${encodeURIComponent(workspace)}/repos/${encodeURIComponent(slug)}`;
  return [
    [`${base}/report.json`, texts.exports.json],
    [`${base}/report.sarif`, texts.exports.sarif],
    [`${base}/report.cdx.json`, texts.exports.cdx],
  ];
}
