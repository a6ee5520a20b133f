/** Every address of the app. Pages are loaded when they are opened, and fetched ahead when a link to them is touched. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  notFound,
  Outlet,
  redirect,
} from "@tanstack/react-router";

import { serverQuery } from "@/api/queries";
import { inSample, LAST } from "@/api/workspace";
import { readSetting, writeSetting } from "@/lib/storage";
import { SAMPLE_REPO } from "@/repo/sample";

import { known, opened, signedIn } from "./guards";
import { lazyPage } from "./lazy-page";
import { PagePending } from "./page-pending";
import {
  architectureSearch,
  auditSearch,
  chatSearch,
  codeLookup,
  compareSearch,
  dependencySearch,
  fileSearch,
  findingSearch,
  hotspotSearch,
  memorySearch,
  ownershipSearch,
  peekSearch,
  runsSearch,
  selectSearch,
  signInSearch,
} from "./searches";
import { Shell } from "./shell";

// Pages for what goes wrong come when it does.
const NotFound = lazyPage(() => import("./not-found"), "NotFound");
const PageFault = lazyPage(() => import("./page-fault"), "PageFault");

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
  validateSearch: signInSearch,
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
  validateSearch: peekSearch,
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
  validateSearch: selectSearch,
  component: lazyPage(() => import("@/pages/start/select"), "SelectPage"),
});
const startProgress = createRoute({
  getParentRoute: () => start,
  path: "/progress",
  validateSearch: runsSearch,
  component: lazyPage(() => import("@/pages/start/progress"), "ProgressPage"),
});
const startResults = createRoute({
  getParentRoute: () => start,
  path: "/results",
  validateSearch: runsSearch,
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
  validateSearch: memorySearch,
  component: lazyPage(() => import("@/pages/memory"), "MemoryPage"),
});

const chat = createRoute({
  getParentRoute: () => workspace,
  path: "/chat",
  validateSearch: chatSearch,
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
  validateSearch: architectureSearch,
  component: lazyPage(() => import("@/pages/repo/architecture"), "ArchitecturePage"),
});
const dependencies = createRoute({
  getParentRoute: () => repo,
  path: "/dependencies",
  validateSearch: dependencySearch,
  component: lazyPage(() => import("@/pages/repo/dependencies"), "DependenciesPage"),
});
const hotspots = createRoute({
  getParentRoute: () => repo,
  path: "/hotspots",
  validateSearch: hotspotSearch,
  component: lazyPage(() => import("@/pages/repo/hotspots"), "HotspotsPage"),
});
const ownership = createRoute({
  getParentRoute: () => repo,
  path: "/ownership",
  validateSearch: ownershipSearch,
  component: lazyPage(() => import("@/pages/repo/ownership"), "OwnershipPage"),
});
const findings = createRoute({
  getParentRoute: () => repo,
  path: "/findings",
  validateSearch: findingSearch,
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
  validateSearch: fileSearch,
  component: lazyPage(() => import("@/pages/repo/code"), "CodePage"),
});
const codeSearch = createRoute({
  getParentRoute: () => repo,
  path: "/search",
  validateSearch: codeLookup,
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
  validateSearch: compareSearch,
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
