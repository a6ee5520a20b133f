import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { arrive, depart, journeyBefore } from "@/api/providers";

const sent: { path: string; body: unknown }[] = [];

beforeEach(() => {
  sent.length = 0;
  sessionStorage.clear();
  // Outside of a page there is nothing that addresses begin at.
  vi.stubGlobal("Request", class extends Request {
    constructor(input: string | Request, init?: RequestInit) {
      super(typeof input === "string" ? new URL(input, "http://localhost") : input, init);
    }
  });
  vi.stubGlobal("fetch", async (request: Request) => {
    sent.push({ path: new URL(request.url).pathname, body: await request.json() });
    return Response.json({ address: "https://provider.example/authorize?state=s" }, { status: 201 });
  });
});

afterEach(() => vi.unstubAllGlobals());

describe("a sign-in with an account of somebody else's", () => {
  it("keeps in this window what it is for, and no password", async () => {
    const address = await depart("acme", { link: true, to: "/settings/security" }, "orbit lantern quarry seven");
    expect(address).toBe("https://provider.example/authorize?state=s");
    expect(sent).toEqual([{ path: "/api/v1/auth/providers/acme", body: { link: true, current: "orbit lantern quarry seven" } }]);
    expect(journeyBefore()).toEqual({ link: true, to: "/settings/security" });
    expect(JSON.stringify({ ...sessionStorage })).not.toContain("lantern");
  });

  it("brings back what it was answered, letter by letter", async () => {
    await arrive("acme", { code: "12345678901234567890", state: "1e5", iss: "https://provider.example" });
    expect(sent[0]).toEqual({
      path: "/api/v1/auth/providers/acme/finish",
      body: { code: "12345678901234567890", state: "1e5", iss: "https://provider.example" },
    });
  });

  it("is one that signs in where the window knows nothing of it", () => {
    expect(journeyBefore()).toEqual({ link: false });
    sessionStorage.setItem("devmentor.provider", "no json");
    expect(journeyBefore()).toEqual({ link: false });
  });
});
