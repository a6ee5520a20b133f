/** What stands behind `?` in the addresses of the app: what it may be, and how it is read. */
import { ownAddress } from "@/account/own-address";
import type { AuditFilters } from "@/api/audit";
import type { MemoryKind, MemoryState } from "@/api/types";

/** What stands there, as it was typed. */
type Raw = Record<string, unknown>;

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
const texts = (value: unknown): string[] | undefined => {
  const all = Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
  return all.length > 0 ? all : undefined;
};
const number = (value: unknown): number | undefined => (Number.isInteger(value) && Number(value) > 0 ? Number(value) : undefined);
const flag = (value: unknown): true | undefined => (value === true || value === "true" ? true : undefined);

/**
 * What an address says, as far as it is what it may be. Everything else stays as nothing: left out, it would come
 * through as the address has it, because a route's search is laid over the raw one.
 */
const clean = <T,>(search: { [K in keyof T]: T[K] | undefined }): T => search as T;

/** The page to go to after signing in: one of the app alone. */
export const signInSearch = (search: Raw): { to?: string } => clean({ to: ownAddress(search["to"]) });

/** What is shown beside the page. */
export const peekSearch = (search: Raw): { peek?: string } => clean({ peek: text(search["peek"]) });

/** The runs that a page of the wizard follows. */
export const runsSearch = (search: Raw): { runs: string } => ({ runs: text(search["runs"]) ?? "" });

/** Which acts an audit log lists, as its address says it. */
export function auditSearch(search: Raw): AuditFilters {
  return clean({
    actor: text(search["actor"]),
    action: text(search["action"]),
    done: (["yes", "no"] as const).find((done) => done === search["done"]),
    since: text(search["since"]),
    until: text(search["until"]),
  });
}

/** What the architecture page looks at, as its address says it. */
export interface ArchitectureSearch {
  level?: "services" | "files" | "symbols";
  /** The folder of a service or a module, or the path of a file. */
  focus?: string;
  view?: "table";
  all?: true;
  /** Only modules in this language. */
  language?: string;
  /** Only modules of this layer, counted from 1: those that need nothing of the others. */
  layer?: number;
  /** Only modules that changed in so many days before the analysed commit. */
  since?: number;
  /** Only modules that are in a cycle. */
  cycles?: true;
  /** The boxes that are open in their place; the page that draws them reads it. */
  open?: unknown;
}

export const architectureSearch = (search: Raw): ArchitectureSearch =>
  clean({
    // Modules, the level where everything begins, need no word.
    level: (["services", "files", "symbols"] as const).find((level) => level === search["level"]),
    focus: text(search["focus"]),
    view: search["view"] === "table" ? ("table" as const) : undefined,
    all: flag(search["all"]),
    language: text(search["language"]),
    layer: number(search["layer"]),
    since: number(search["since"]),
    cycles: flag(search["cycles"]),
    open: search["open"],
  });

/** How the code page looks at a file; its lines are in the hash. */
export interface CodeSearch {
  /** A commit that was analysed; the newest one without a word. */
  commit?: string;
  blame?: true;
}

export const fileSearch = (search: Raw): CodeSearch =>
  clean({ commit: text(search["commit"]), blame: flag(search["blame"]) });

/** What is looked for in the code. */
export interface CodeLookup {
  q?: string;
  /** Without it: lines that fit. */
  kind?: "symbol";
}

export const codeLookup = (search: Raw): CodeLookup =>
  clean({ q: text(search["q"]), kind: search["kind"] === "symbol" ? ("symbol" as const) : undefined });

/** Which two analyses stand beside each other: by id, or by commit. */
export interface CompareSearch {
  base?: string;
  head?: string;
}

export const compareSearch = (search: Raw): CompareSearch =>
  clean({ base: text(search["base"]), head: text(search["head"]) });

/** From which connected account repositories are chosen, and which of them are listed. */
export interface SelectSearch {
  host?: string;
  q?: string;
  org?: string;
}

export const selectSearch = (search: Raw): SelectSearch =>
  clean({ host: text(search["host"]), q: text(search["q"]), org: text(search["org"]) });

/** What the hotspots page asks, as its address says it. */
export interface HotspotSearch {
  /** The folder whose hotspots the map shows. */
  folder?: string;
  /** Days before the analysed commit that count; the longest window without a word. */
  window?: number;
  view?: "map" | "table";
}

export const hotspotSearch = (search: Raw): HotspotSearch =>
  clean({ folder: text(search["folder"]), window: number(search["window"]), view: (["map", "table"] as const).find((view) => view === search["view"]) });

/** What the ownership page asks, as its address says it. */
export interface OwnershipSearch {
  /** Names of people who are thought away. */
  away?: string[];
}

export const ownershipSearch = (search: Raw): OwnershipSearch =>
  clean({ away: texts(search["away"]) });

/** Which memories the memory page shows. */
export interface MemorySearch {
  /** A question: what helps with it is shown. */
  q?: string;
  kind?: MemoryKind;
  state?: MemoryState;
  tag?: string;
  /** Only what the reader alone may see. */
  scope?: "private";
}

export const memorySearch = (search: Raw): MemorySearch =>
  clean({
    q: text(search["q"]),
    kind: text(search["kind"]) as MemoryKind | undefined,
    state: text(search["state"]) as MemoryState | undefined,
    tag: text(search["tag"]),
    scope: search["scope"] === "private" ? ("private" as const) : undefined,
  });

/** Filters of the findings page in its address. */
export interface FindingSearch {
  severity?: string;
  kind?: string;
  rule?: string;
  /** Without it: shipped code. */
  code?: "tests" | "all";
  folder?: string;
  language?: string;
  owner?: string;
  age?: string;
  new?: true;
  path?: string;
  q?: string;
  state?: string;
  baseline?: "show";
}

export const findingSearch = (search: Raw): FindingSearch =>
  clean({
    severity: text(search["severity"]),
    kind: text(search["kind"]),
    rule: text(search["rule"]),
    code: (["tests", "all"] as const).find((code) => code === search["code"]),
    folder: text(search["folder"]),
    language: text(search["language"]),
    owner: text(search["owner"]),
    age: text(search["age"]),
    new: flag(search["new"]),
    path: text(search["path"]),
    q: text(search["q"]),
    state: text(search["state"]),
    baseline: search["baseline"] === "show" ? ("show" as const) : undefined,
  });

/** Which conversations are listed. */
export interface ChatSearch {
  q?: string;
  /** The address of the repository that they are about. */
  repo?: string;
  archived?: true;
}

export const chatSearch = (search: Raw): ChatSearch =>
  clean({ q: text(search["q"]), repo: text(search["repo"]), archived: flag(search["archived"]) });

/** Filters of the dependencies page in its address. */
export interface DependencySearch {
  /** What the repository's own modules need of each other, instead of packages. */
  view?: "internal";
  ecosystem?: string;
  license?: string;
  q?: string;
  direct?: true;
  vulnerable?: true;
}

export const dependencySearch = (search: Raw): DependencySearch =>
  clean({
    ecosystem: text(search["ecosystem"]),
    license: text(search["license"]),
    q: text(search["q"]),
    direct: flag(search["direct"]),
    vulnerable: flag(search["vulnerable"]),
    view: search["view"] === "internal" ? ("internal" as const) : undefined,
  });
