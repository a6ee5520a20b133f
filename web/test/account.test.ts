import { beforeEach, describe, expect, it, vi } from "vitest";

import { deviceOf, isHandheld } from "@/account/device";
import { ownAddress } from "@/account/own-address";
import { passwordField } from "@/account/password-field";
import { faultsOf } from "@/ui/form-body";
import { ProblemError } from "@devmentor/client";

const problem = (status: number, code: string, more: object = {}) =>
  new ProblemError({
    type: `/problems/${code}`,
    title: code,
    status,
    code,
    detail: `detail of ${code}`,
    request_id: "",
    retry_after: null,
    errors: [],
    grantors: [],
    permission: null,
    ...more,
  });

describe("what a client calls itself", () => {
  it("is told as people know it", () => {
    const agents: [string, string][] = [
      ["Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Linux"],
      ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36 Edg/128.0.0.0", "Edge on Windows"],
      ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Safari/605.1.15", "Safari on macOS"],
      ["Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/128.0 Mobile/15E148 Safari/604.1", "Chrome on iOS"],
      ["Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Mobile Safari/537.36", "Chrome on Android"],
      ["curl/8.5.0", "curl"],
      ["", "Unknown program"],
    ];
    for (const [agent, expected] of agents) expect(deviceOf(agent)).toBe(expected);
  });

  it("shows nothing that hides in it, and no more than a line", () => {
    expect(deviceOf("tool\u202egnp")).not.toContain("\u202e");
    expect(deviceOf("x".repeat(500))).toHaveLength(60);
  });

  it("says what is held in a hand", () => {
    expect(isHandheld("Mozilla/5.0 (Linux; Android 14)")).toBe(true);
    expect(isHandheld("Mozilla/5.0 (X11; Linux x86_64)")).toBe(false);
  });
});

describe("where signing in leads", () => {
  it("is an address of this app, and no page that leads to signing in", () => {
    expect(ownAddress("/w/home/tasks?peek=task:DEV-1#new")).toBe("/w/home/tasks?peek=task:DEV-1#new");
    for (const foreign of ["https://example.org", "//example.org", "/\\example.org", "w/home", "/sign-in", "/reset#x", "", undefined, 1]) {
      expect(ownAddress(foreign)).toBeUndefined();
    }
  });
});

describe("what a form says of a refusal", () => {
  const fields = [{ name: "email" }, { name: "password" }];

  it("stands at the fields that the server names, as a sentence", () => {
    const errors = [
      { field: "/password", message: "use at least 12 characters; a few words are easy to remember" },
      { field: "/elsewhere", message: "no field of this form" },
    ];
    expect(faultsOf(problem(422, "password_refused", { errors }), fields)).toEqual({
      fields: { password: "Use at least 12 characters; a few words are easy to remember." },
    });
  });

  it("stands on top where no field is named, and says how long to wait", () => {
    expect(faultsOf(problem(401, "sign_in_refused"), fields).whole).toBe("detail of sign_in_refused");
    expect(faultsOf(problem(429, "too_many_tries", { retry_after: 100 }), fields).whole).toBe("Too many tries. Try again in 1 min 40 s.");
    expect(faultsOf(problem(0, "unreachable"), fields).whole).toBe("The server did not answer. What you typed was kept.");
  });

  it("counts the characters of a password as people do", () => {
    const { remark, check } = passwordField(12, { label: "Password" });
    expect(remark?.("\u{1f511}".repeat(11))).toBe("1 character more is needed.");
    expect(check?.("\u{1f511}".repeat(11))).toBeDefined();
    expect(check?.("\u{1f511}".repeat(12))).toBeUndefined();
  });
});

describe("a request whose session does not carry it any more", () => {
  const replies: (() => Response)[] = [];
  const sent: string[] = [];
  const refused = (code: string) => () => Response.json({ code, status: 401 }, { status: 401 });
  const fine = () => Response.json({ data: {} });

  beforeEach(async () => {
    vi.resetModules();
    replies.length = 0;
    sent.length = 0;
    localStorage.clear();
    vi.stubGlobal("fetch", async (input: Request | string) => {
      sent.push(typeof input === "string" ? input : new URL(input.url).pathname);
      return (replies.shift() ?? fine)();
    });
  });

  const ask = async () => (await import("@/api/signed-in")).signedIn(new Request("http://localhost/api/v1/w/home/repos"));

  it("is sent again after one refresh, which others that fail meanwhile share", async () => {
    replies.push(refused("access_expired"), refused("access_expired"), fine, fine, fine);
    const all = await Promise.all([ask(), ask()]);
    expect(all.map((reply) => reply.status)).toEqual([200, 200]);
    expect(sent.filter((path) => path === "/api/v1/auth/refresh")).toHaveLength(1);
    expect(sent).toHaveLength(5);
  });

  it("is not refreshed where another window has done so since", async () => {
    localStorage.setItem("devmentor.refreshed", String(Date.now() + 1000));
    replies.push(refused("access_expired"), fine);
    expect((await ask()).status).toBe(200);
    expect(sent).toEqual(["/api/v1/w/home/repos", "/api/v1/w/home/repos"]);
  });

  it("asks for itself when what the other window got does not help", async () => {
    localStorage.setItem("devmentor.refreshed", String(Date.now() + 1000));
    replies.push(refused("access_expired"), refused("access_expired"), fine, fine);
    expect((await ask()).status).toBe(200);
    expect(sent[2]).toBe("/api/v1/auth/refresh");
  });

  it("is left alone where nobody was signed in", async () => {
    replies.push(refused("signed_out"));
    expect((await ask()).status).toBe(401);
    expect(sent).toHaveLength(1);
  });

  it("counts as not answered when the refresh fails for another reason", async () => {
    replies.push(refused("access_expired"), () => new Response(null, { status: 503 }));
    await expect(ask()).rejects.toThrow("503");
  });
});
