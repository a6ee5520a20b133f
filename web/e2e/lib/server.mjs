// The real program on a free loopback port, over a fresh data folder.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const START_MS = 60_000;

/** Starts the program and waits for its one-time link. */
export async function startServer(binary) {
  const folder = mkdtempSync(join(tmpdir(), "devmentor-e2e-"));
  const config = join(folder, "devmentor.toml");
  writeFileSync(config, `[repositories]\nallowed_roots = [${JSON.stringify(folder)}]\n`);
  const child = spawn(binary, ["--config", config, "--data-dir", join(folder, "data"), "serve", "--listen", "127.0.0.1:0"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, HOME: folder },
  });
  let output = "";
  const link = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no link within ${START_MS} ms:\n${output}`)), START_MS);
    const read = (chunk) => {
      output += chunk;
      const found = /(http:\/\/[\w.:[\]-]+)\/enter#\S+/.exec(output);
      if (!found) return;
      clearTimeout(timer);
      resolve({ url: found[0], base: found[1] });
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`the server ended with ${code}:\n${output}`)));
  });
  return {
    ...link,
    folder,
    output: () => output,
    async stop() {
      const ended = new Promise((resolve) => child.on("exit", resolve));
      child.kill("SIGTERM");
      const patience = setTimeout(() => child.kill("SIGKILL"), 15_000);
      await ended;
      clearTimeout(patience);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
