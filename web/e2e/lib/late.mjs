// A slow network and a loaded server: answers that come late, and not in the order in which they were asked for.
import { createHash } from "node:crypto";

/** Three of ten are late, an answer by up to this, a file of the app by up to a third of it; the others by next to nothing. */
const LATE_MS = 700;
const SHARE = 0.3;
const HARDLY_MS = 60;

/** What is different in every run and says nothing about the request. */
const IDS = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Two numbers from 0 up to 1 that belong to these words. */
function chances(words) {
  const drawn = createHash("sha256").update(words).digest();
  return [drawn.readUInt32BE(0) / 2 ** 32, drawn.readUInt32BE(4) / 2 ** 32];
}

/**
 * Lets the API's answers and the app's files be late in every window that `browser` opens from now on. How late the
 * nth request of a kind is follows from the seed alone, whatever was asked for around it: what one run found, another
 * finds again.
 */
export function late(browser, seed) {
  const asked = new Map();
  const wait = (request) => {
    const { pathname, search } = new URL(request.url());
    const kind = `${request.method()} ${pathname}${search}`.replace(IDS, "id");
    const before = asked.get(kind) ?? 0;
    asked.set(kind, before + 1);
    const [which, how] = chances(`${seed} ${before} ${kind}`);
    const most = pathname.startsWith("/api/") ? LATE_MS : LATE_MS / 3;
    return how * (which < SHARE ? most : HARDLY_MS);
  };
  const open = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await open(options);
    await context.route(
      ({ pathname }) => /^\/(api|assets)\//.test(pathname),
      async (route) => {
        await new Promise((done) => setTimeout(done, wait(route.request())));
        // A window that was closed in the meantime wants it no more.
        await route.continue().catch(() => undefined);
      },
    );
    return context;
  };
}
