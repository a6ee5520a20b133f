// A code host: GitHub's interface and git behind one certificate, as a GitHub Enterprise Server has them. What it answers
// has the fields of GitHub's published description (`minimal-repository` and `private-user`) that the program may read, and
// some that it does not.
import { startGitHost } from "./git-host.mjs";

const PER_PAGE = 100;

/** A repository as GitHub lists it. */
const listed = ({ id, owner, name, description, visibility, language, pushed, size, archived }, address) => ({
  id,
  node_id: `R_${id}`,
  name,
  full_name: `${owner}/${name}`,
  private: visibility !== "public",
  owner: { login: owner, id: 1, node_id: "O_1", type: "Organization", site_admin: false },
  html_url: `${address}/${owner}/${name}`,
  description,
  fork: false,
  url: `${address}/api/v3/repos/${owner}/${name}`,
  clone_url: `${address}/${owner}/${name}.git`,
  language,
  visibility,
  archived,
  disabled: false,
  default_branch: "main",
  pushed_at: pushed,
  created_at: "2020-01-01T00:00:00Z",
  updated_at: pushed,
  // In units of 1,024 bytes.
  size,
  permissions: { admin: true, maintain: true, push: true, triage: true, pull: true },
});

/**
 * Starts it. `repositories` are listed in the order in which they are given; `token` is whose account it is, until it is
 * changed. With `state.pause` set to `{ after, seconds }`, the host wants a pause of so many seconds after that page, once.
 */
export async function startCodeHost({ token, login = "octo", repositories }) {
  const state = { token, pause: undefined, asked: [] };
  const json = (reply, status, body, headers = {}) =>
    reply.writeHead(status, { "Content-Type": "application/json; charset=utf-8", ...headers }).end(JSON.stringify(body));

  const interfaces = (request, reply) => {
    const url = new URL(request.url, host.address(""));
    if (!url.pathname.startsWith("/api/v3/")) return false;
    const path = url.pathname.slice("/api/v3".length);
    state.asked.push(`${request.method} ${path}${url.search}`);
    if (request.headers.authorization !== `Bearer ${state.token}`) {
      json(reply, 401, { message: "Bad credentials", documentation_url: "https://docs.github.com/rest", status: "401" });
      return true;
    }
    const scopes = { "X-OAuth-Scopes": "admin:repo_hook, repo" };
    const address = host.address("").replace(/\/$/, "");
    const one = /^\/repos\/([^/]+\/[^/]+)(\/hooks)?$/.exec(path);
    if (path === "/user") {
      json(reply, 200, { login, id: 1, node_id: "U_1", name: "Octo Cat", avatar_url: `${address}/avatars/1`, type: "User", site_admin: false }, scopes);
    } else if (path === "/user/repos") {
      const page = Number(url.searchParams.get("page") ?? 1);
      const per = Math.min(PER_PAGE, Number(url.searchParams.get("per_page") ?? 30));
      if (state.pause && page > state.pause.after) {
        const reset = Math.ceil(Date.now() / 1000) + state.pause.seconds;
        delete state.pause;
        json(reply, 403, { message: "API rate limit exceeded for user ID 1." }, { "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": String(reset) });
        return true;
      }
      const next = page * per < repositories.length;
      url.searchParams.set("page", String(page + 1));
      const link = next ? { Link: `<${url.href}>; rel="next"` } : {};
      json(reply, 200, repositories.slice((page - 1) * per, page * per).map((each) => listed(each, address)), { ...scopes, ...link });
    } else if (one) {
      const found = repositories.find((each) => `${each.owner}/${each.name}` === one[1]);
      if (!found) json(reply, 404, { message: "Not Found" });
      else if (one[2]) json(reply, 404, { message: "Not Found" });
      else json(reply, 200, listed(found, address), scopes);
    } else {
      json(reply, 404, { message: "Not Found", documentation_url: "https://docs.github.com/rest", status: "404" });
    }
    return true;
  };

  const host = await startGitHost({
    interfaces,
    // As GitHub does: a private repository is not there for whoever may not read it.
    admits: (request) => request.headers.authorization === `Basic ${Buffer.from(`x-access-token:${state.token}`).toString("base64")}`,
  });
  return {
    ...host,
    state,
    /** The configuration with which a program may talk to it. */
    config: { repositories: host.settings, outbound: { allowed_hosts: host.settings.allowed_hosts } },
  };
}
