import { beforeEach, describe, expect, it } from "vitest";

import { backoff, LiveSession, type ClientFrame, type LiveStatus, type ServerFrame, type TransportEvents } from "@/live/session";

/** One connection as the test sees it. */
interface Wire extends TransportEvents {
  kind: "socket" | "fallback";
  /** Where the page said that it stands. */
  from: string;
  sent: ClientFrame[];
  closed_by_client: boolean;
}

let wires: Wire[];
let timers: { run: () => void; at: number; id: number }[];
let now: number;
let seen: unknown[];
let gaps: number;
let starts: number;
let statuses: LiveStatus[];
let session: LiveSession;

function open(kind: Wire["kind"]) {
  return (events: TransportEvents, from: string) => {
    const wire: Wire = { ...events, kind, from, sent: [], closed_by_client: false };
    wires.push(wire);
    return {
      send: (frame: ClientFrame) => void wire.sent.push(frame),
      close: () => {
        wire.closed_by_client = true;
      },
    };
  };
}

const last = (): Wire => {
  const wire = wires.at(-1);
  if (!wire) throw new Error("nothing is connected");
  return wire;
};

/** Lets time pass; whatever is due runs in its order. */
function pass(milliseconds: number): void {
  now += milliseconds;
  for (;;) {
    const due = timers.filter((timer) => timer.at <= now).sort((a, b) => a.at - b.at)[0];
    if (!due) return;
    timers = timers.filter((timer) => timer !== due);
    due.run();
  }
}

const hello = (): void => last().frame({ type: "hello", epoch: "e1", channels: ["workspace:1"], heartbeat_seconds: 30 });
const subscribed = (offset: number, recovered: boolean, epoch = "e1", missed = 0): void =>
  last().frame({ type: "subscribed", channel: "workspace:1", position: { epoch, offset }, recovered, missed });
const event = (offset: number, epoch = "e1"): ServerFrame => ({
  type: "event",
  channel: "workspace:1",
  position: { epoch, offset },
  event: { type: "task.updated", offset },
  at: "2026-11-22T09:00:00Z",
  actor: null,
});

beforeEach(() => {
  [wires, timers, now, seen, gaps, starts, statuses] = [[], [], 0, [], 0, 0, []];
  let id = 0;
  session = new LiveSession({
    socket: open("socket"),
    fallback: open("fallback"),
    onEvent: (each) => seen.push(each["offset"]),
    onTick: (tick) => seen.push(tick.type),
    onStart: () => (starts += 1),
    onGap: () => (gaps += 1),
    onStatus: (status) => statuses.push(status),
    setTimer: (run, milliseconds) => {
      id += 1;
      timers.push({ run, at: now + milliseconds, id });
      return id;
    },
    clearTimer: (timer) => {
      timers = timers.filter((each) => each.id !== timer);
    },
    random: () => 0,
  });
  session.start();
});

describe("a first connection", () => {
  it("subscribes from now on and goes live", () => {
    hello();
    expect(last().sent).toEqual([{ type: "subscribe", channels: [{ channel: "workspace:1", since: null }] }]);
    subscribed(7, false);
    expect(statuses.at(-1)).toEqual({ state: "live", slow: false });
    expect([starts, gaps]).toEqual([1, 0]);
  });

  it("delivers events in order and ticks as they come", () => {
    hello();
    subscribed(7, false);
    last().frame(event(8));
    last().frame({ type: "tick", channel: "workspace:1", tick: { type: "analysis.progressed" } });
    last().frame(event(9));
    expect(seen).toEqual([8, "analysis.progressed", 9]);
  });
});

describe("a lost connection", () => {
  beforeEach(() => {
    hello();
    subscribed(7, false);
    last().frame(event(8));
    last().closed();
  });

  it("comes back from the last position, and nothing is delivered twice", () => {
    expect(statuses.at(-1)).toEqual({ state: "reconnecting", attempt: 1 });
    pass(500);
    hello();
    expect(last().sent[0]).toMatchObject({ channels: [{ since: { epoch: "e1", offset: 8 } }] });
    subscribed(8, true);
    for (const offset of [8, 9, 10, 10]) last().frame(event(offset));
    expect(seen).toEqual([8, 9, 10]);
    expect([starts, gaps]).toEqual([1, 0]);
  });

  it("says how much is still on its way, until it has come", () => {
    pass(500);
    hello();
    subscribed(8, true, "e1", 2);
    expect(statuses.at(-1)).toEqual({ state: "catching_up", events: 2 });
    last().frame(event(9));
    expect(statuses.at(-1)).toEqual({ state: "catching_up", events: 1 });
    last().frame(event(10));
    expect(statuses.at(-1)).toEqual({ state: "live", slow: false });
  });

  it("catches up on nothing that does not follow", () => {
    pass(500);
    hello();
    subscribed(40, false, "e1", 0);
    expect(statuses.at(-1)).toEqual({ state: "live", slow: false });
  });

  it("reads everything again when the server cannot fill the gap", () => {
    pass(500);
    hello();
    subscribed(40, false);
    expect(gaps).toBe(1);
    last().frame(event(41));
    expect(seen).toEqual([8, 41]);
  });

  it("takes another life of the log as a gap, whatever the offset", () => {
    pass(500);
    hello();
    subscribed(2, false, "e2");
    last().frame(event(3, "e2"));
    expect([gaps, seen]).toEqual([1, [8, 3]]);
  });

  it("takes a beginning further on as a gap, even if nothing was refused", () => {
    pass(500);
    hello();
    subscribed(12, true);
    last().frame(event(13));
    expect([gaps, seen]).toEqual([1, [8, 13]]);
  });

  it("does not hear a late word from the old connection", () => {
    const old = last();
    pass(500);
    old.frame(event(9));
    old.closed();
    expect(seen).toEqual([8]);
    expect(wires).toHaveLength(2);
  });

  it("waits longer each time, then falls back to server-sent events", () => {
    for (const wait of [500, 1000, 2000]) {
      pass(wait - 1);
      const before = wires.length;
      pass(1);
      expect(wires).toHaveLength(before + 1);
      last().closed();
    }
    pass(4000);
    expect([last().kind, last().from]).toEqual(["fallback", "e1:8"]);
    hello();
    subscribed(8, true);
    expect(statuses.at(-1)).toEqual({ state: "live", slow: true });
    expect(gaps).toBe(0);
  });

  it("tries at once when the network is back", () => {
    session.nudge();
    expect(wires).toHaveLength(2);
    pass(60_000);
    expect(wires.filter((wire) => wire.kind === "socket").length).toBeGreaterThanOrEqual(2);
  });
});

it("counts a silent connection as lost after two heartbeats", () => {
  hello();
  subscribed(1, false);
  pass(59_999);
  expect(wires).toHaveLength(1);
  last().frame({ type: "ping" });
  expect(last().sent.at(-1)).toEqual({ type: "pong" });
  pass(60_000);
  expect(wires[0]?.closed_by_client).toBe(true);
  expect(statuses.at(-1)).toEqual({ state: "reconnecting", attempt: 1 });
});

it("stays stopped", () => {
  hello();
  session.stop();
  pass(600_000);
  expect(wires).toHaveLength(1);
  expect(last().closed_by_client).toBe(true);
  expect(statuses.at(-1)).toEqual({ state: "stopped" });
});

it("backs off to half a minute at most, and never to less than half of the step", () => {
  expect([1, 2, 3, 7, 50].map((attempt) => backoff(attempt, () => 0))).toEqual([500, 1000, 2000, 30_000, 30_000]);
  expect(backoff(3, () => 0.999)).toBeGreaterThan(1000);
});

describe("a server that is found to be out of reach", () => {
  it("counts as lost at once, and is tried again", () => {
    hello();
    subscribed(7, false);
    session.doubt(3);
    expect(statuses.at(-1)).toEqual({ state: "reconnecting", attempt: 3 });
    const before = wires.length;
    pass(2000);
    expect(wires.length).toBe(before + 1);
    session.doubt(3);
    expect(statuses.at(-1), "once is enough").toEqual({ state: "reconnecting", attempt: 3 });
  });
});
