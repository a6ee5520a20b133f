import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { patiently } from "@/api/reachable";

const asked = vi.fn<() => Promise<{ ok: boolean }>>();

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", asked);
  asked.mockReset();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a part of the program that is fetched when it is needed", () => {
  it("comes at once where the server is there, without a question", async () => {
    await expect(patiently(async () => "page")).resolves.toBe("page");
    expect(asked).not.toHaveBeenCalled();
  });

  it("waits while nothing answers, or only what stands before the server, and comes when the server does", async () => {
    asked.mockRejectedValueOnce(new TypeError("offline")).mockResolvedValueOnce({ ok: false }).mockResolvedValue({ ok: true });
    const load = vi.fn<() => Promise<string>>().mockRejectedValueOnce(new TypeError("offline")).mockResolvedValue("page");
    const page = patiently(load);
    await vi.advanceTimersByTimeAsync(1999);
    expect(load).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    await expect(page).resolves.toBe("page");
    expect(asked).toHaveBeenCalledTimes(3);
  });

  it("fails when the server is there and does not have it", async () => {
    asked.mockResolvedValue({ ok: true });
    const load = vi.fn<() => Promise<string>>().mockRejectedValue(new TypeError("gone"));
    await expect(patiently(load)).rejects.toThrow("gone");
    expect(load).toHaveBeenCalledTimes(2);
  });
});
