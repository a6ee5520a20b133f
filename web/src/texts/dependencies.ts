import { plural } from "@/lib/count";

export const dependencies = {
  title: "Dependencies",
  search: "Search packages",
  total: (count: number) => plural(count, "package version", "package versions"),
  direct: "Direct only",
  vulnerable: "Vulnerable only",
  allEcosystems: "All ecosystems",
  allLicenses: "All licences",
  columns: { name: "Package", version: "Version", scope: "Used for", license: "Licence", advisories: "Known vulnerabilities", via: "How it gets in" },
  scopes: { runtime: "Runtime", optional: "Optional", build: "Build", dev: "Development" } as Record<string, string>,
  isDirect: "direct",
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
};
