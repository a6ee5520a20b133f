import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { cancelAll, later, pauseOf } from "@/api/pacing";

const refusal = (after: string) => new Response(null, { status: 429, headers: { "retry-after": after } });
const fetched = vi.fn<(request: Request) => Promise<Response>>();

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", fetched);
  fetched.mockReset().mockImplementation(async () => new Response("done"));
});

afterEach(() => {
  cancelAll();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the pause that a server asks for", () => {
  it("is a number of seconds or a date, and not for ever", () => {
    expect(pauseOf(refusal("12"), 0)).toBe(12_000);
    expect(pauseOf(refusal("Thu, 01 Jan 1970 00:00:07 GMT"), 2000)).toBe(5000);
    for (const nothing of ["", "soon", "86400", "Thu, 01 Jan 1970 00:00:01 GMT"]) expect(pauseOf(refusal(nothing), 2000), nothing).toBeUndefined();
  });
});

describe("a request that came too often", () => {
  it("is sent once more when the pause is over", async () => {
    const answer = later(new Request("http://a/"), refusal("3"));
    await vi.advanceTimersByTimeAsync(2999);
    expect(fetched).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(await (await answer).text()).toBe("done");
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it("is refused as before when nobody wants to wait", async () => {
    const answer = later(new Request("http://a/"), refusal("3"));
    cancelAll();
    expect((await answer).status).toBe(429);
    await vi.advanceTimersByTimeAsync(5000);
    expect(fetched).not.toHaveBeenCalled();
  });

  it("waits for those before it, and not with more than twenty others", async () => {
    const answers = Array.from({ length: 21 }, (_, at) => later(new Request(`http://a/${at}`), refusal("1")));
    expect((await answers[20])?.status).toBe(429);
    await vi.advanceTimersByTimeAsync(1000);
    await Promise.all(answers);
    expect(fetched.mock.calls.map(([request]) => request.url)).toEqual(Array.from({ length: 20 }, (_, at) => `http://a/${at}`));
  });
});
