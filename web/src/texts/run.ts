import { formatCount } from "@/lib/count";

export const run = {
  title: "Analysis run",
  what: "this run",
  phases: "Phases",
  cancel: "Cancel analysis",
  cancelled: "Cancelled by a person.",
  skipped: "Files left out",
  noneSkipped: "No file was left out.",
  listed: (shown: number, total: number) => `${formatCount(shown)} of ${formatCount(total)} listed`,
  columns: { path: "File", reason: "Why", phase: "Phase", took: "Took", known: "What became known" },
  notes: "Limits of this run",
  limits: "What no analysis looks at",
  facts: "What is known",
  times: "Time by phase",
  inAll: (time: string) => `${time} in all`,
};

export const skipReasons: Record<string, string> = {
  too_large: "Larger than the limit for one file",
  too_deep: "Nested too deeply to parse",
  parser_gave_up: "The parser ran out of time",
  path_limit: "Path too long or too deep",
  unreadable: "Missing or damaged",
  malformed: "Not what its name says",
  lfs_pointer: "Content is in Git LFS",
  submodule: "Belongs to another repository",
  symlink: "Link; links are not followed",
  file_limit: "Over the number of files one analysis takes",
  template: "A template that only its own program can fill in",
};
