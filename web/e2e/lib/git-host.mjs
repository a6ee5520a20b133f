// A host of Git repositories: the real `git http-backend` behind a TLS server, whose authority only the test knows.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A private authority and a certificate of it for `localhost`. */
function certified(folder) {
  const openssl = (...args) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Test authority");
  openssl("req", "-new", ...key, "-keyout", "host.key", "-out", "host.csr", "-subj", "/CN=localhost");
  writeFileSync(join(folder, "names"), "subjectAltName=DNS:localhost\n");
  openssl(
    ...["x509", "-req", "-in", "host.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"],
    ...["-days", "2", "-extfile", "names", "-out", "host.pem"],
  );
  return { key: readFileSync(join(folder, "host.key")), cert: readFileSync(join(folder, "host.pem")) };
}

/** Hands a request to the backend, as a web server hands it to a CGI program. */
function answer(root, backend, request, reply) {
  const url = new URL(request.url, "https://localhost");
  const child = spawn(backend, [], {
    stdio: ["pipe", "pipe", "ignore"],
    env: {
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "safe.directory",
      GIT_CONFIG_VALUE_0: "*",
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      GIT_PROTOCOL: request.headers["git-protocol"] ?? "",
    },
  });
  child.stdin.on("error", () => undefined);
  request.pipe(child.stdin);
  const chunks = [];
  child.stdout.on("data", (chunk) => chunks.push(chunk));
  child.on("close", () => {
    const output = Buffer.concat(chunks);
    const end = output.indexOf("\r\n\r\n");
    const headers = output.subarray(0, end).toString().split("\r\n").map((line) => line.split(/:\s*/, 2));
    const status = Number.parseInt(headers.find(([name]) => name === "Status")?.[1] ?? "200", 10);
    reply.writeHead(status, Object.fromEntries(headers.filter(([name]) => name !== "Status")));
    reply.end(output.subarray(end + 4));
  });
}

/**
 * Starts the host. Everything below `/private/` asks who is there, as everything does where `admits` refuses a request;
 * `interfaces` answers what is not git, and says whether it did. `settings` makes a program accept the host.
 */
export async function startGitHost({ interfaces = () => false, admits = () => true } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "devmentor-git-"));
  const backend = join(execFileSync("git", ["--exec-path"], { encoding: "utf8" }).trim(), "git-http-backend");
  const server = createServer(certified(folder), (request, reply) => {
    if (interfaces(request, reply)) return;
    if (!request.url.startsWith("/private/") && admits(request)) return answer(folder, backend, request, reply);
    reply.writeHead(401, { "WWW-Authenticate": 'Basic realm="git"' }).end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const name = `localhost:${server.address().port}`;
  // An authority is public; its key beside it is not read by the program.
  execFileSync("chmod", ["755", folder]);
  return {
    settings: { allowed_hosts: [name], ca_file: join(folder, "ca.pem") },
    address: (path) => `https://${name}/${path}`,
    /** Offers a copy of a repository under that name. */
    offer: (repo, as) => {
      mkdirSync(dirname(join(folder, as)), { recursive: true });
      execFileSync("git", ["clone", "--quiet", "--bare", "--no-hardlinks", repo, join(folder, as)], { stdio: "pipe" });
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
