import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { patiently } from "@/api/reachable";

const asked = vi.fn<() => Promise<{ ok: boolean }>>();

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", asked);
  asked.mockReset();
  sessionStorage.clear();
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

  it("that is gone when the server is there has the page read again, once in a minute", async () => {
    const reload = vi.fn();
    vi.stubGlobal("location", { reload });
    asked.mockResolvedValue({ ok: true });
    const load = vi.fn<() => Promise<string>>().mockRejectedValue(new TypeError("gone"));
    await expect(patiently(load)).rejects.toThrow("gone");
    expect(load).toHaveBeenCalledTimes(2);
    await expect(patiently(load)).rejects.toThrow("gone");
    expect(reload).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(60_000);
    await expect(patiently(load)).rejects.toThrow("gone");
    expect(reload).toHaveBeenCalledTimes(2);
  });
});
