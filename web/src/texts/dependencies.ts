import { formatCount, plural } from "@/lib/count";

export const dependencies = {
  title: "Dependencies",
  views: "Which dependencies",
  view: { external: "Packages", internal: "Own modules" },
  internal: {
    title: "What modules import of each other",
    module: "Imports, from row to column",
    how: (shown: number, joined: number, all: number) =>
      [
        "Import statements that lead from the module of a row to that of a column. Higher layers come first, so that what stands left of the diagonal leads back; with ↔ it is part of a cycle.",
        shown < joined && `The ${formatCount(shown)} of ${formatCount(joined)} with the most are shown.`,
        joined < all && `${plural(all - joined, "module imports", "modules import")} none of the others.`,
      ]
        .filter(Boolean)
        .join(" "),
    none: (all: number) => `No internal imports found in ${plural(all, "module", "modules")}.`,
    says: (from: string, to: string, imports: number) => `${from} imports ${to}: ${plural(imports, "statement", "statements")}`,
  },
  search: "Search packages",
  total: (count: number) => plural(count, "package version", "package versions"),
  direct: "Direct only",
  vulnerable: "Vulnerable only",
  allEcosystems: "All ecosystems",
  allLicenses: "All licences",
  columns: { name: "Package", version: "Version", scope: "Used for", license: "Licence", advisories: "Known vulnerabilities", via: "Asked for", imported: "Imported by" },
  scopes: { runtime: "Runtime", optional: "Optional", build: "Build", dev: "Development" } as Record<string, string>,
  roles: { project: "", tool: "of a tool", docs: "of the documentation", example: "of an example", test: "of tests" } as Record<string, string>,
  isDirect: "direct",
  isThrough: "through others",
  throughFirst: (name: string) => `through ${name}`,
  importedBy: (files: number) => (files === 0 ? "No import found" : `Imported by ${plural(files, "file", "files")}`),
  noImport: "none found",
  noImportHint: "A tool that is only run, or code that is loaded by name, is imported nowhere.",
  unpinned: "not pinned",
  more: (count: number) => `and ${plural(count, "more", "more")}`,
  notChecked: "could not check",
  empty: "No manifest or lockfile was found in this commit.",
  clear: "Clear filters",
  noLicense: "not stated",
  filtered: "No package passes these filters.",
  evidence: "Named in",
  through: "Comes through",
  aliases: "Also known as",
  task: (repo: string, { name, version }: { name: string; version: string | null }, hits: readonly { id: string; severity: string; fixed: string | null }[]) => ({
    title: `Raise ${name}${version === null ? "" : ` ${version}`}`.slice(0, 200),
    description: `A package of ${repo} with ${plural(hits.length, "known vulnerability", "known vulnerabilities")}:\n\n${hits
      .map((hit) => `- ${hit.id} (${hit.severity}): ${hit.fixed === null ? "no fixed version is known" : `fixed in ${hit.fixed}`}`)
      .join("\n")}`,
  }),
};
