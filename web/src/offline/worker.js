// The service worker: it keeps the files of one build, so that the app opens without a connection. It never sees what
// the interface answers: that is read by the page, and stored by the page for one person.
const CACHE = `devmentor-${__VERSION__}`;
const FILES = __FILES__;
const known = new Set(FILES);

/** An address that gives everybody the app. "/" itself is the landing page for whoever is not signed in. */
const APP = "/w/";

self.addEventListener("install", (event) => {
  // `reload`, because what the browser has of an older build is not what belongs together here.
  const fresh = (file) => new Request(file, { cache: "reload" });
  const fill = async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(FILES.filter((file) => file !== "/").map(fresh));
    const app = await fetch(fresh(APP));
    if (!app.ok) throw new Error(`The page of the app is not there: ${app.status}.`);
    await cache.put("/", app);
  };
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const clear = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("devmentor-") && name !== CACHE).map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(clear());
});

/** What stands between the browser and the server answers so when the server is away. */
const AWAY = new Set([502, 503, 504]);

/** The page as the server gives it; while it does not, the one of this build, with the policy that came with it. */
async function page(request) {
  const stored = async () => (await caches.open(CACHE)).match("/");
  try {
    const reply = await fetch(request);
    return (AWAY.has(reply.status) && (await stored())) || reply;
  } catch (error) {
    const kept = await stored();
    if (kept) return kept;
    throw error;
  }
}

/** First parts of addresses that are not the app's: exports and metrics are no pages. */
const OTHERS = /^\/(api|v1|mcp|metrics|livez|readyz)(\/|$)/;

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin || OTHERS.test(pathname)) return;
  if (request.mode === "navigate") {
    event.respondWith(page(request));
  } else if (known.has(pathname)) {
    event.respondWith(caches.open(CACHE).then((cache) => cache.match(pathname)).then((kept) => kept ?? fetch(request)));
  }
});
