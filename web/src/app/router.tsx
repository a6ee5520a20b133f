/** Every address of the app. Pages are loaded when they are opened, and fetched ahead when a link to them is touched. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  notFound,
  Outlet,
  redirect,
} from "@tanstack/react-router";

import { ProblemError } from "@devmentor/client";
import type { FetchQueryOptions, QueryKey } from "@tanstack/react-query";

import { ownAddress } from "@/account/own-address";
import type { AuditFilters } from "@/api/audit";
import { queryClient } from "@/api/client";
import { serverQuery, sessionIn, sessionQuery } from "@/api/queries";
import type { MemoryKind, MemoryState } from "@/api/types";
import { inSample, LAST } from "@/api/workspace";
import { readSetting, writeSetting } from "@/lib/storage";
import { SAMPLE_REPO } from "@/repo/sample";

import { lazyPage } from "./lazy-page";
import { PagePending } from "./page-pending";
import { Shell } from "./shell";

// Pages for what goes wrong come when it does.
const NotFound = lazyPage(() => import("./not-found"), "NotFound");
const PageFault = lazyPage(() => import("./page-fault"), "PageFault");

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
const texts = (value: unknown): string[] | undefined => {
  const all = Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
  return all.length > 0 ? all : undefined;
};
const number = (value: unknown): number | undefined => (Number.isInteger(value) && Number(value) > 0 ? Number(value) : undefined);
const flag = (value: unknown): true | undefined => (value === true || value === "true" ? true : undefined);

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: PageFault });

/** Where a person starts: the wizard on a new server, their repositories after that. */
const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: async () => {
    const session = await signedIn();
    if (!session) return;
    const { data: server } = await known(serverQuery);
    if (server.first_use) throw redirect({ to: "/start/source" });
    const last = readSetting(LAST);
    const ws = last && (await opened(last)) ? last : session.workspace.slug;
    throw redirect({ to: "/w/$ws/repos", params: { ws } });
  },
  component: lazyPage(() => import("@/pages/landing"), "LandingPage"),
});

const enter = createRoute({
  getParentRoute: () => root,
  path: "/enter",
  component: lazyPage(() => import("@/pages/enter"), "EnterPage"),
});

/** The pages that lead to a session. */
const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): { to?: string } => clean({ to: ownAddress(search["to"]) }),
  component: lazyPage(() => import("@/pages/account/sign-in"), "SignInPage"),
});
const signUp = createRoute({
  getParentRoute: () => root,
  path: "/sign-up",
  component: lazyPage(() => import("@/pages/account/sign-up"), "SignUpPage"),
});
const verify = createRoute({
  getParentRoute: () => root,
  path: "/verify",
  component: lazyPage(() => import("@/pages/account/verify"), "VerifyPage"),
});
const forgot = createRoute({
  getParentRoute: () => root,
  path: "/forgot",
  component: lazyPage(() => import("@/pages/account/forgot"), "ForgotPage"),
});
const reset = createRoute({
  getParentRoute: () => root,
  path: "/reset",
  component: lazyPage(() => import("@/pages/account/reset"), "ResetPage"),
});
const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  component: lazyPage(() => import("@/pages/account/setup"), "SetupPage"),
});

/** What comes back from a provider is read by the page as it is: a code of digits alone is no number. */
const callback = createRoute({
  getParentRoute: () => root,
  path: "/oauth/$provider/callback",
  component: lazyPage(() => import("@/pages/account/callback"), "CallbackPage"),
});

const invite = createRoute({
  getParentRoute: () => root,
  path: "/invite",
  component: lazyPage(() => import("@/pages/account/invite"), "InvitePage"),
});

/** The short address of the sample, whose pages are those of every repository. */
const sample = createRoute({
  getParentRoute: () => root,
  path: "/sample",
  beforeLoad: () => {
    throw redirect({ to: "/w/$ws/repos/$repo", params: { ws: "sample", repo: SAMPLE_REPO } });
  },
});

/** Every component in every state, for those who build them. It is nowhere linked, and there only where it is switched on. */
const gallery = createRoute({
  getParentRoute: () => root,
  path: "/dev/gallery",
  beforeLoad: () => {
    if (!import.meta.env.DEV && readSetting("gallery") !== "on") throw notFound();
  },
  component: lazyPage(() => import("@/dev/gallery"), "GalleryPage"),
});

/** Everything that needs a person, and the sample, which everybody may read. Without one, the page that says how to get in. */
const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  beforeLoad: async ({ location }) => {
    if (inSample(location.pathname)) return;
    if (!(await signedIn())) throw redirect({ to: "/sign-in", search: { to: location.href } });
    // Addresses in no workspace stand in the one that was looked at last.
    const last = readSetting(LAST);
    if (last && !location.pathname.startsWith("/w/")) await opened(last);
  },
  validateSearch: (search: Record<string, unknown>): { peek?: string } => {
    return clean({ peek: text(search["peek"]) });
  },
  component: Shell,
});

const start = createRoute({
  getParentRoute: () => inside,
  path: "/start",
  component: lazyPage(() => import("@/pages/start/frame"), "StartFrame"),
});
const startSource = createRoute({
  getParentRoute: () => start,
  path: "/source",
  component: lazyPage(() => import("@/pages/start/source"), "SourcePage"),
});
const startSelect = createRoute({
  getParentRoute: () => start,
  path: "/select",
  validateSearch: (search: Record<string, unknown>): SelectSearch =>
    clean({ host: text(search["host"]), q: text(search["q"]), org: text(search["org"]) }),
  component: lazyPage(() => import("@/pages/start/select"), "SelectPage"),
});
const runs = (search: Record<string, unknown>) => ({ runs: text(search["runs"]) ?? "" });
const startProgress = createRoute({
  getParentRoute: () => start,
  path: "/progress",
  validateSearch: runs,
  component: lazyPage(() => import("@/pages/start/progress"), "ProgressPage"),
});
const startResults = createRoute({
  getParentRoute: () => start,
  path: "/results",
  validateSearch: runs,
  component: lazyPage(() => import("@/pages/start/results"), "ResultsPage"),
});

const workspace = createRoute({
  getParentRoute: () => inside,
  path: "/w/$ws",
  beforeLoad: async ({ params: { ws }, location }) => {
    if (inSample(location.pathname)) return;
    if (!(await opened(ws))) throw notFound();
    if (readSetting(LAST) !== ws) writeSetting(LAST, ws);
  },
  notFoundComponent: NotFound,
});
const repos = createRoute({
  getParentRoute: () => workspace,
  path: "/repos",
  component: lazyPage(() => import("@/pages/repos"), "ReposPage"),
});
const tasks = createRoute({
  getParentRoute: () => workspace,
  path: "/tasks",
  component: lazyPage(() => import("@/pages/tasks"), "TasksPage"),
});
const memory = createRoute({
  getParentRoute: () => workspace,
  path: "/memory",
  validateSearch: (search: Record<string, unknown>): MemorySearch =>
    clean({
      q: text(search["q"]),
      kind: text(search["kind"]) as MemoryKind | undefined,
      state: text(search["state"]) as MemoryState | undefined,
      tag: text(search["tag"]),
      scope: search["scope"] === "private" ? ("private" as const) : undefined,
    }),
  component: lazyPage(() => import("@/pages/memory"), "MemoryPage"),
});

const chat = createRoute({
  getParentRoute: () => workspace,
  path: "/chat",
  validateSearch: (search: Record<string, unknown>): ChatSearch =>
    clean({ q: text(search["q"]), repo: text(search["repo"]), archived: flag(search["archived"]) }),
  component: lazyPage(() => import("@/pages/chat"), "ChatFrame"),
});
const newThread = createRoute({
  getParentRoute: () => chat,
  path: "/",
  component: lazyPage(() => import("@/pages/chat/new"), "NewThreadPage"),
});
const thread = createRoute({
  getParentRoute: () => chat,
  path: "/$thread",
  component: lazyPage(() => import("@/pages/chat/thread"), "ThreadPage"),
});

const repo = createRoute({
  getParentRoute: () => workspace,
  path: "/repos/$repo",
  component: lazyPage(() => import("@/pages/repo/frame"), "RepoFrame"),
  notFoundComponent: lazyPage(() => import("@/pages/repo/missing"), "MissingPage"),
});
const overview = createRoute({
  getParentRoute: () => repo,
  path: "/",
  component: lazyPage(() => import("@/pages/repo/overview"), "OverviewPage"),
});
const architecture = createRoute({
  getParentRoute: () => repo,
  path: "/architecture",
  validateSearch: (search: Record<string, unknown>): ArchitectureSearch =>
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
    }),
  component: lazyPage(() => import("@/pages/repo/architecture"), "ArchitecturePage"),
});
const dependencies = createRoute({
  getParentRoute: () => repo,
  path: "/dependencies",
  validateSearch: (search: Record<string, unknown>): DependencySearch =>
    clean({
      ecosystem: text(search["ecosystem"]),
      license: text(search["license"]),
      q: text(search["q"]),
      direct: flag(search["direct"]),
      vulnerable: flag(search["vulnerable"]),
      view: search["view"] === "internal" ? ("internal" as const) : undefined,
    }),
  component: lazyPage(() => import("@/pages/repo/dependencies"), "DependenciesPage"),
});
const hotspots = createRoute({
  getParentRoute: () => repo,
  path: "/hotspots",
  validateSearch: (search: Record<string, unknown>): HotspotSearch =>
    clean({ folder: text(search["folder"]), window: number(search["window"]), view: (["map", "table"] as const).find((view) => view === search["view"]) }),
  component: lazyPage(() => import("@/pages/repo/hotspots"), "HotspotsPage"),
});
const ownership = createRoute({
  getParentRoute: () => repo,
  path: "/ownership",
  validateSearch: (search: Record<string, unknown>): OwnershipSearch => clean({ away: texts(search["away"]) }),
  component: lazyPage(() => import("@/pages/repo/ownership"), "OwnershipPage"),
});
const findings = createRoute({
  getParentRoute: () => repo,
  path: "/findings",
  validateSearch: (search: Record<string, unknown>): FindingSearch =>
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
    }),
  component: lazyPage(() => import("@/pages/repo/findings"), "FindingsPage"),
});
const insights = createRoute({
  getParentRoute: () => repo,
  path: "/insights",
  component: lazyPage(() => import("@/pages/repo/insights"), "InsightsPage"),
});
const code = createRoute({
  getParentRoute: () => repo,
  // The rest of the address is the path of a file or folder; none is the root.
  path: "/code/$",
  validateSearch: (search: Record<string, unknown>): CodeSearch => clean({ commit: text(search["commit"]), blame: flag(search["blame"]) }),
  component: lazyPage(() => import("@/pages/repo/code"), "CodePage"),
});
const codeSearch = createRoute({
  getParentRoute: () => repo,
  path: "/search",
  validateSearch: (search: Record<string, unknown>): CodeLookup =>
    clean({ q: text(search["q"]), kind: search["kind"] === "symbol" ? ("symbol" as const) : undefined }),
  component: lazyPage(() => import("@/pages/repo/search"), "CodeSearchPage"),
});
const history = createRoute({
  getParentRoute: () => repo,
  path: "/history",
  component: lazyPage(() => import("@/pages/repo/history"), "HistoryPage"),
});
const compare = createRoute({
  getParentRoute: () => repo,
  path: "/compare",
  validateSearch: (search: Record<string, unknown>): CompareSearch =>
    clean({ base: text(search["base"]), head: text(search["head"]) }),
  component: lazyPage(() => import("@/pages/repo/compare"), "ComparePage"),
});
const settings = createRoute({
  getParentRoute: () => repo,
  path: "/settings",
  component: lazyPage(() => import("@/pages/repo/settings"), "RepoSettingsPage"),
});
const run = createRoute({
  getParentRoute: () => repo,
  path: "/runs/$run",
  component: lazyPage(() => import("@/pages/repo/run"), "RunPage"),
});

/**
 * Settings and administration: each is one address with the name of a page at its end. Their frames know the pages, so that
 * a first visit elsewhere does not load their names.
 */
const workspaceSettings = createRoute({
  getParentRoute: () => workspace,
  path: "/settings/$page",
  validateSearch: auditSearch,
  component: lazyPage(() => import("@/pages/workspace/frame"), "WorkspaceFrame"),
});
const ownSettings = createRoute({
  getParentRoute: () => inside,
  path: "/settings/$page",
  component: lazyPage(() => import("@/pages/settings/frame"), "SettingsFrame"),
});
const admin = createRoute({
  getParentRoute: () => inside,
  path: "/admin/$page",
  validateSearch: auditSearch,
  component: lazyPage(() => import("@/pages/admin/frame"), "AdminFrame"),
});

/** Whether a program that shows a code may be signed in. */
const device = createRoute({
  getParentRoute: () => inside,
  path: "/device",
  component: lazyPage(() => import("@/pages/device"), "DevicePage"),
});
const explorer = createRoute({
  getParentRoute: () => inside,
  path: "/developers/api",
  component: lazyPage(() => import("@/pages/explorer"), "ExplorerPage"),
});

/** Which acts an audit log lists, as its address says it. */
function auditSearch(search: Record<string, unknown>): AuditFilters {
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
}

/** How the code page looks at a file; its lines are in the hash. */
export interface CodeSearch {
  /** A commit that was analysed; the newest one without a word. */
  commit?: string;
  blame?: true;
}

/** What is looked for in the code. */
export interface CodeLookup {
  q?: string;
  /** Without it: lines that fit. */
  kind?: "symbol";
}

/** Which two analyses stand beside each other: by id, or by commit. */
export interface CompareSearch {
  base?: string;
  head?: string;
}

/** From which connected account repositories are chosen, and which of them are listed. */
export interface SelectSearch {
  host?: string;
  q?: string;
  org?: string;
}

/** What the hotspots page asks, as its address says it. */
export interface HotspotSearch {
  /** The folder whose hotspots the map shows. */
  folder?: string;
  /** Days before the analysed commit that count; the longest window without a word. */
  window?: number;
  view?: "map" | "table";
}

/** What the ownership page asks, as its address says it. */
export interface OwnershipSearch {
  /** Names of people who are thought away. */
  away?: string[];
}

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

/** Which conversations are listed. */
export interface ChatSearch {
  q?: string;
  /** The address of the repository that they are about. */
  repo?: string;
  archived?: true;
}

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

/**
 * What an address says, as far as it is what it may be. Everything else stays as nothing: left out, it would come
 * through as the address has it, because a route's search is laid over the raw one.
 */
const clean = <T,>(search: { [K in keyof T]: T[K] | undefined }): T => search as T;

/** How long an address waits for an answer when there is one in storage, in milliseconds. */
const SOON_MS = 1500;

/** What an address cannot do without: as the server says it or, while it does not, as it was stored. */
async function known<T, K extends QueryKey>(query: FetchQueryOptions<T, Error, T, K> & { queryKey: K }): Promise<T> {
  const before = () => queryClient.getQueryData<T>(query.queryKey);
  const soon = new Promise<T>((resolve) =>
    setTimeout(() => {
      const data = before();
      if (data !== undefined) resolve(data);
    }, SOON_MS),
  );
  try {
    return await Promise.race([queryClient.ensureQueryData(query), soon]);
  } catch (error) {
    const data = before();
    if (data === undefined) throw error;
    return data;
  }
}

/** The session, or nothing when nobody is signed in. Other failures are failures. */
async function signedIn() {
  try {
    return (await known(sessionQuery)).data;
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status === 401) return null;
    throw error;
  }
}

/** Whether a workspace is one's own, or one that somebody let the person into. */
async function opened(ws: string): Promise<boolean> {
  try {
    return (await known(sessionQuery)).data.workspace.slug === ws || Boolean(await known(sessionIn(ws)));
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status === 404) return false;
    throw error;
  }
}

const tree = root.addChildren([
  home,
  enter,
  signIn,
  signUp,
  verify,
  forgot,
  reset,
  setup,
  callback,
  invite,
  sample,
  gallery,
  inside.addChildren([
    start.addChildren([startSource, startSelect, startProgress, startResults]),
    workspace.addChildren([
      repos,
      tasks,
      memory,
      chat.addChildren([newThread, thread]),
      workspaceSettings,
      repo.addChildren([overview, architecture, dependencies, hotspots, ownership, code, codeSearch, findings, insights, history, compare, settings, run]),
    ]),
    ownSettings,
    admin,
    device,
    explorer,
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  defaultPreload: "intent",
  defaultPreloadDelay: 80,
  scrollRestoration: true,
  // Pages scroll inside the frame, not the window.
  scrollToTopSelectors: ["#page"],
  defaultPendingComponent: PagePending,
  defaultErrorComponent: PageFault,
  defaultNotFoundComponent: NotFound,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
