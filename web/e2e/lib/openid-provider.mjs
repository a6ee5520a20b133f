// An OpenID provider that others wrote (`oidc-provider`), on a free loopback port under another name of this machine than
// the program's: to a browser the two are different sites. Its pages are plain: who one is, and whether one allows it.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

import Provider, { interactionPolicy } from "oidc-provider";

/** How long what it hands out is good for, in seconds: longer than a journey. */
const TTL = 3600;
const CLIENT = { id: "devmentor", secret: randomBytes(24).toString("base64url") };

/** A key for RS256, which every provider has to be able to sign with. */
const signingKey = () => ({
  ...generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" }),
  kid: randomBytes(8).toString("hex"),
  use: "sig",
  alg: "RS256",
});

/** Asks who it is each time: whoever shares a window does not share an account. */
function policy() {
  const { Check, base } = interactionPolicy;
  const asked = base();
  asked
    .get("login")
    .checks.add(new Check("each_time", "it asks each time", (ctx) => (ctx.oidc.result?.login ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT)));
  return asked;
}

const page = (client) => `<!doctype html>
<html lang="en">
  <title>The provider</title>
  <h1>Sign in to ${client}</h1>
  <form method="post">
    <label for="account">Account</label> <input id="account" name="account">
    <button name="allowed" value="yes">Allow</button>
    <button name="allowed" value="no">Deny</button>
  </form>
</html>`;

/**
 * Starts it. `people` are its accounts, each with the claims that it vouches for. `serve` has to be told the address of the
 * program before anybody signs in; told again, the provider has another key.
 */
export async function startOpenIdProvider(people) {
  let provider;
  let answer;
  const server = createServer((request, reply) => {
    const failed = (error) => reply.writeHead(500, { "Content-Type": "text/plain" }).end(String(error.stack ?? error));
    if (!provider) failed(new Error("nobody told it whom it serves"));
    else if (request.url.startsWith("/interaction/")) interact(request, reply).catch(failed);
    else answer(request, reply);
  });

  async function interact(request, reply) {
    const { params, grantId } = await provider.interactionDetails(request, reply);
    if (request.method === "GET") return reply.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(page(params.client_id));
    const form = new URLSearchParams(await text(request));
    if (form.get("allowed") !== "yes") {
      const denied = { error: "access_denied", error_description: "They would rather not." };
      return provider.interactionFinished(request, reply, denied, { mergeWithLastSubmission: false });
    }
    const accountId = form.get("account");
    const before = grantId && (await provider.Grant.find(grantId));
    const grant = before?.accountId === accountId ? before : new provider.Grant({ accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    const allowed = { login: { accountId }, consent: { grantId: await grant.save() } };
    return provider.interactionFinished(request, reply, allowed, { mergeWithLastSubmission: false });
  }

  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://localhost:${server.address().port}`;
  return {
    issuer,
    /** What the program has to know of it. */
    entry: (id, name) => ({ id, kind: "oidc", name, url: issuer, client_id: CLIENT.id, client_secret: CLIENT.secret }),
    /** Takes the program at that address as its client, with the page that browsers come back to. */
    serve(base, id) {
      provider = new Provider(issuer, {
        clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [`${base}/oauth/${id}/callback`] }],
        jwks: { keys: [signingKey()] },
        cookies: { keys: [randomBytes(24).toString("base64url")] },
        features: { devInteractions: { enabled: false } },
        interactions: { policy: policy(), url: (_, { uid }) => `/interaction/${uid}` },
        ttl: Object.fromEntries(["AccessToken", "Grant", "IdToken", "Interaction", "Session"].map((kind) => [kind, TTL])),
        claims: { email: ["email", "email_verified"], profile: ["name"] },
        // What the scopes ask for is told where the access token is shown, and not in the ID token (OpenID Connect Core, 5.4).
        conformIdTokenClaims: true,
        findAccount: (_, sub) => people[sub] && { accountId: sub, claims: () => ({ sub, ...people[sub] }) },
      });
      answer = provider.callback();
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
