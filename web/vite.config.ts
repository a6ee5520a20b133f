import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** The program behind `npm run dev`. */
const server = process.env.DEVMENTOR_URL ?? "http://127.0.0.1:7317";

/**
 * sonner puts a `<style>` element into the page when it is imported, which the Content-Security-Policy forbids.
 * Its style sheet is imported as a file instead (`src/ui/toaster.tsx`), and the call is taken out here.
 */
function withoutInjectedStyles(): Plugin {
  const call = /^__insertCSS\(.*\);?$/m;
  return {
    name: "without-injected-styles",
    enforce: "pre",
    transform(code, id) {
      if (!/node_modules\/sonner\/dist\/index\.m?js/.test(id)) return null;
      if (!call.test(code)) throw new Error("sonner no longer injects its styles the way vite.config.ts expects");
      return { code: code.replace(call, ""), map: null };
    },
  };
}

/** The icons of lucide without its way of making them, most of which nothing here uses: `src/ui/create-icon.ts`. */
function withOwnIcons(): Plugin {
  const own = fileURLToPath(new URL("./src/ui/create-icon.ts", import.meta.url));
  return {
    name: "with-own-icons",
    enforce: "pre",
    resolveId: (source, importer) =>
      source === "../createLucideIcon.mjs" && importer && /lucide-react[\\/]dist[\\/]esm[\\/]icons[\\/]/.test(importer) ? own : null,
  };
}

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
/** A digest of texts and files, in their order. */
const digest = (...parts: (string | Buffer)[]) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(createHash("sha256").update(part).digest());
  return hash.digest("hex").slice(0, 16);
};

/** The service worker, which knows the files of this build: a build with other files, or other contents, has another worker. */
function withServiceWorker(): Plugin {
  return {
    name: "with-service-worker",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const built = Object.keys(bundle).filter((file) => file.startsWith("assets/"));
        const still = readdirSync(at("public")).filter((file) => !file.startsWith(".")).sort();
        const files = ["/", ...[...built, ...still].sort().map((file) => `/${file}`)];
        const source = readFileSync(at("src/offline/worker.js"), "utf8");
        // What is built has a digest of its contents in its name; what is copied as it is has none.
        const contents = [files.join(), readFileSync(at("index.html")), source, ...still.map((file) => readFileSync(at(`public/${file}`)))];
        this.emitFile({
          type: "asset",
          fileName: "sw.js",
          source: source.replace("__FILES__", JSON.stringify(files)).replace("__VERSION__", JSON.stringify(digest(...contents))),
        });
      },
    },
  };
}

/** Whether a module of a library is needed by every page. The rest goes with the pages that use it. */
function forEveryPage(id: string): boolean {
  if (!/node_modules[\\/](react|react-dom|scheduler|@tanstack)[\\/]/.test(id)) return false;
  return !/infiniteQuery|queriesObserver|mutationObserver|useMutation|useQueries|useInfinite/i.test(id);
}

/**
 * What is asked for together with a part, instead of when the part names it. What every page has loaded already needs no hint;
 * and hints are part of every first visit, too dear for what comes into the frame after the page (the live connection,
 * a memory beside it or being written) and for the developers' gallery.
 */
function hinted(file: string, needed: string[], { hostId, hostType }: { hostId: string; hostType: "html" | "js" }): string[] {
  if (hostType !== "js") return needed;
  if (/\/index-/.test(hostId) && /\/(connect|editor|gallery|peek)-/.test(file)) return [];
  return needed.filter((each) => !/\/(vendor|base|rolldown-runtime)-/.test(each));
}

export default defineConfig({
  plugins: [withoutInjectedStyles(), withOwnIcons(), withServiceWorker(), react(), tailwindcss()],
  // What was stored over another interface may have another shape.
  define: { __CONTRACT__: JSON.stringify(digest(readFileSync(at("../openapi/devmentor.json"), "utf8"))) },
  resolve: {
    alias: {
      "@": fileURLToPath(new URL("./src", import.meta.url)),
      // The stand-in for React before 18; what is left of it here is React's own hook.
      "use-sync-external-store/shim/with-selector": "use-sync-external-store/with-selector",
    },
  },
  // Substituted by the server for each response.
  html: { cspNonce: "%NONCE%" },
  build: {
    target: "es2022",
    // Assets are never inlined: `data:` is allowed for images only.
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false, resolveDependencies: hinted },
    reportCompressedSize: false,
    // Nothing of an older build is left to be embedded. `public/.gitkeep` puts the placeholder back, without which
    // a clone that has no build would not compile the server.
    emptyOutDir: true,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Many small files compress badly. What every page needs comes in two: one that changes with the
          // libraries, one that changes with the app.
          groups: [
            { name: "vendor", test: forEveryPage, priority: 2 },
            { name: "base", test: /src[\\/](api[\\/](client|queries|workspace)\.ts|live[\\/]progress|lib[\\/](count|cx|keys|locale|storage|theme|visible)|ui[\\/](button|loaded|page|toast\.ts)|texts[\\/](common|shell)\.ts)/, priority: 1 },
            { name: "icons", test: /node_modules[\\/]lucide-react|src[\\/]ui[\\/]create-icon/, minShareCount: 12 },
          ],
        },
      },
    },
  },
  server: {
    host: "127.0.0.1",
    // The server refuses writes that another site's page sends: to it, this page is its own.
    proxy: { "/api": { target: server, ws: true, changeOrigin: true, headers: { origin: server } } },
  },
  test: { environment: "jsdom", include: ["test/**/*.test.{ts,tsx}"] },
} as Parameters<typeof defineConfig>[0]);
