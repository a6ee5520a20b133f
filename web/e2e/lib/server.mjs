// The real program on a free loopback port, over a fresh data folder. It can be killed and started again.
import { spawn } from "node:child_process";
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const START_MS = 60_000;
/** Somebody without rights: a superuser may read everything, so that nothing is unreadable. */
const NOBODY = 65534;

/** A value of the configuration: what is used of TOML is written like JSON, but for tables inside lists. */
const value = (of) => {
  if (Array.isArray(of)) return `[${of.map(value).join(", ")}]`;
  if (typeof of !== "object") return JSON.stringify(of);
  return `{ ${Object.entries(of).map(([key, each]) => `${key} = ${value(each)}`).join(", ")} }`;
};

/** One table of the configuration. */
const toml = (name, table) => [`[${name}]`, ...Object.entries(table).map(([key, of]) => `${key} = ${value(of)}`), ""].join("\n");

/**
 * Starts the program and waits for its one-time link.
 *
 * `config` is added to the configuration, table by table; `unprivileged` runs the program as a user for whom
 * permissions count.
 */
export async function startServer(binary, { config = {}, unprivileged = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "devmentor-e2e-"));
  const file = join(folder, "devmentor.toml");
  const tables = { ...config, repositories: { allowed_roots: [folder], ...config.repositories } };
  writeFileSync(file, Object.entries(tables).map(([name, table]) => toml(name, table)).join("\n"));
  const data = join(folder, "data");
  const drop = unprivileged && process.getuid?.() === 0;
  mkdirSync(data);
  if (drop) for (const path of [folder, data]) chownSync(path, NOBODY, NOBODY);

  let child;
  let output = "";
  const launch = (listen) =>
    new Promise((resolve, reject) => {
      child = spawn(binary, ["--config", file, "--data-dir", data, "serve", "--listen", listen], {
        cwd: folder,
        stdio: ["ignore", "pipe", "pipe"],
        env: { PATH: process.env.PATH, HOME: folder },
        ...(drop ? { uid: NOBODY, gid: NOBODY } : {}),
      });
      let said = "";
      const timer = setTimeout(() => reject(new Error(`no link within ${START_MS} ms:\n${said}`)), START_MS);
      const read = (chunk) => {
        said += chunk;
        output += chunk;
        const found = /(http:\/\/[\w.:[\]-]+)\/enter#\S+/.exec(said);
        if (!found) return;
        clearTimeout(timer);
        resolve({ url: found[0], base: found[1] });
      };
      child.stdout.on("data", read);
      child.stderr.on("data", read);
      child.on("error", reject);
      child.on("exit", (code) => reject(new Error(`the server ended with ${code}:\n${said}`)));
    });
  const end = async (signal) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    const patience = setTimeout(() => child.kill("SIGKILL"), 15_000);
    await ended;
    clearTimeout(patience);
  };

  const { url, base } = await launch("127.0.0.1:0");
  return {
    url,
    base,
    folder,
    output: () => output,
    /** Ends the program as a power cut does. */
    kill: () => end("SIGKILL"),
    /** Starts it again over the same data, at the same address. */
    restart: () => launch(new URL(base).host),
    async stop() {
      await end("SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
