// @vitest-environment node
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

const runner = fileURLToPath(new URL("../e2e/run.mjs", import.meta.url));

test.each(["0", "-2", "1.5", "all", " "])("a run that could make no journey fails: E2E_JOBS=%j", (jobs) => {
  // Any file that exists stands for the program: none is started.
  const env = { ...process.env, E2E_JOBS: jobs, DEVMENTOR_BIN: runner };
  const { status, stdout } = spawnSync(process.execPath, [runner], { env, encoding: "utf8", timeout: 10_000 });
  expect(stdout).toContain(`E2E_JOBS is "${jobs}"`);
  expect(status).toBe(1);
});
