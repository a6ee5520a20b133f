/**
 * The live channel without any transport: what to do with each frame, where every channel stands, when to connect
 * again. Sockets, timers and the random source come from outside, so that tests can play every accident.
 */

/** A position on a channel: the life of the event log, and the offset of the last event seen in it. */
export interface Position {
  epoch: string;
  offset: number;
}

/** What the server sends. */
export type ServerFrame =
  | { type: "hello"; epoch: string; channels: string[]; heartbeat_seconds: number }
  | { type: "subscribed"; channel: string; position: Position; recovered: boolean; missed?: number }
  | { type: "event"; channel: string; position: Position; event: LiveEvent; at: string; actor: string | null }
  | { type: "tick"; channel: string; tick: LiveEvent }
  | { type: "ping" }
  | { type: "pong" }
  | { type: "refused"; code: string; detail: string };

/** Something that happened; `type` says what. */
export interface LiveEvent {
  type: string;
  [member: string]: unknown;
}

/** What the client sends. */
export type ClientFrame =
  | { type: "subscribe"; channels: { channel: string; since: Position | null }[] }
  | { type: "pong" }
  | { type: "ping" };

/** One connection. Handlers are called by the transport, never after `close`. */
export interface Transport {
  send(frame: ClientFrame): void;
  close(): void;
}

/** What a transport tells the session. */
export interface TransportEvents {
  frame(frame: ServerFrame): void;
  closed(): void;
}

/**
 * Opens a connection. `last` is the id of the last event seen, as `epoch:offset:offset` in the channels' order, for a
 * transport that says where it stands when it opens; empty before the first.
 */
export type Connect = (events: TransportEvents, last: string) => Transport;

/** How the connection stands, for the dot in the sidebar. */
export type LiveStatus =
  | { state: "connecting" }
  | { state: "live"; slow: boolean }
  /** Connected again; so many missed events are on their way. */
  | { state: "catching_up"; events: number }
  | { state: "reconnecting"; attempt: number }
  | { state: "stopped" };

/** What the session needs from its surroundings. */
export interface LiveOptions {
  /** The preferred transport. */
  socket: Connect;
  /** The transport for networks that let no WebSocket through; tried after some failures in a row. */
  fallback?: Connect;
  /** An event, in order, exactly once. */
  onEvent(event: LiveEvent, at: string, actor: string | null): void;
  /** A passing sign of progress. */
  onTick(tick: LiveEvent): void;
  /** The first subscription stands: what was read before it may already have changed. */
  onStart(): void;
  /** Events were missed for good: every screen has to be read again. */
  onGap(): void;
  /** The status changed. */
  onStatus(status: LiveStatus): void;
  setTimer?(run: () => void, milliseconds: number): unknown;
  clearTimer?(timer: unknown): void;
  random?(): number;
}

/** Failed attempts in a row before the fallback is tried. */
const ATTEMPTS_BEFORE_FALLBACK = 3;
/** Missed heartbeats after which a silent connection counts as lost. */
const MISSED_HEARTBEATS = 2;

/** The pause before an attempt, from 1: half a second doubling to 30 s, less up to half of it. */
export function backoff(attempt: number, random: () => number): number {
  const full = Math.min(30_000, 500 * 2 ** (attempt - 1));
  return full - (full / 2) * random();
}

/** One session on the live channel; it lives as long as the person is signed in. */
export class LiveSession {
  private readonly positions = new Map<string, Position>();
  /** In the order in which the server names them. */
  private channels: readonly string[] = [];
  private readonly setTimer: (run: () => void, milliseconds: number) => unknown;
  private readonly clearTimer: (timer: unknown) => void;
  private readonly random: () => number;
  private transport: Transport | undefined;
  private timer: unknown;
  private heartbeat: unknown;
  private heartbeatMs = 30_000;
  private attempt = 0;
  private pending = new Set<string>();
  /** Missed events that were promised and have not come yet. */
  private missed = 0;
  private usingFallback = false;
  private running = false;
  private started = false;
  /** Counts connections, so that a late word from an old one is not heard. */
  private generation = 0;

  constructor(private readonly options: LiveOptions) {
    this.setTimer = options.setTimer ?? ((run, milliseconds) => setTimeout(run, milliseconds));
    this.clearTimer = options.clearTimer ?? ((timer) => clearTimeout(timer as number));
    this.random = options.random ?? Math.random;
  }

  /** Connects, and stays connected until `stop`. */
  start(): void {
    if (this.running) return;
    this.running = true;
    this.options.onStatus({ state: "connecting" });
    this.connect();
  }

  /** Closes the connection for good. */
  stop(): void {
    this.running = false;
    this.drop();
    this.clearTimer(this.timer);
    this.options.onStatus({ state: "stopped" });
  }

  /** Tries at once instead of waiting, for instance when the browser says that the network is back. */
  nudge(): void {
    if (!this.running || this.transport) return;
    this.clearTimer(this.timer);
    this.connect();
  }

  /** The server was found to be out of reach: that counts as so many failed attempts, before the connection notices. */
  doubt(attempts: number): void {
    if (!this.running || this.attempt >= attempts) return;
    this.attempt = attempts - 1;
    this.lost();
  }

  private connect(): void {
    const { fallback, socket } = this.options;
    this.usingFallback = fallback !== undefined && this.attempt >= ATTEMPTS_BEFORE_FALLBACK;
    this.generation += 1;
    const generation = this.generation;
    const current = () => generation === this.generation && this.running;
    const open = this.usingFallback && fallback ? fallback : socket;
    this.transport = open(
      {
        frame: (frame) => {
          if (current()) this.receive(frame);
        },
        closed: () => {
          if (current()) this.lost();
        },
      },
      this.last(),
    );
    this.beat();
  }

  private receive(frame: ServerFrame): void {
    this.beat();
    switch (frame.type) {
      case "hello":
        this.heartbeatMs = frame.heartbeat_seconds * 1000;
        this.channels = frame.channels;
        this.pending = new Set(frame.channels);
        this.missed = 0;
        this.transport?.send({
          type: "subscribe",
          channels: frame.channels.map((channel) => ({ channel, since: this.positions.get(channel) ?? null })),
        });
        break;
      case "subscribed": {
        const known = this.positions.get(frame.channel);
        // A recovery begins where this page stands. Begun anywhere else, it leaves something out.
        const { epoch, offset } = frame.position;
        const recovered = frame.recovered && known?.epoch === epoch && known.offset === offset;
        if (known && !recovered) this.options.onGap();
        // After a recovery the missed events follow and move the position themselves.
        if (!recovered) this.positions.set(frame.channel, frame.position);
        else this.missed += frame.missed ?? 0;
        if (this.missed > 0) this.tellStanding();
        this.pending.delete(frame.channel);
        if (this.pending.size === 0) this.settle();
        break;
      }
      case "event":
        this.take(frame.channel, frame.position, () => this.options.onEvent(frame.event, frame.at, frame.actor));
        if (this.missed > 0) {
          this.missed -= 1;
          if (this.missed > 0 || this.pending.size === 0) this.tellStanding();
        }
        break;
      case "tick":
        this.options.onTick(frame.tick);
        break;
      case "ping":
        this.transport?.send({ type: "pong" });
        break;
      case "pong":
      case "refused":
        break;
    }
  }

  /** Where every channel stands, in one text. */
  private last(): string {
    const places = this.channels.map((channel) => this.positions.get(channel));
    const epoch = places.find((place) => place)?.epoch;
    return epoch === undefined ? "" : [epoch, ...places.map((place) => place?.offset ?? 0)].join(":");
  }

  /** Delivers an event once: what was seen before the connection broke may come again. */
  private take(channel: string, position: Position, deliver: () => void): void {
    const seen = this.positions.get(channel);
    if (seen && seen.epoch === position.epoch && position.offset <= seen.offset) return;
    this.positions.set(channel, position);
    deliver();
  }

  private settle(): void {
    this.attempt = 0;
    if (!this.started) this.options.onStart();
    this.started = true;
    this.tellStanding();
  }

  private tellStanding(): void {
    this.options.onStatus(this.missed > 0 ? { state: "catching_up", events: this.missed } : { state: "live", slow: this.usingFallback });
  }

  private lost(): void {
    this.drop();
    this.clearTimer(this.timer);
    this.attempt += 1;
    this.options.onStatus({ state: "reconnecting", attempt: this.attempt });
    this.timer = this.setTimer(() => this.connect(), backoff(this.attempt, this.random));
  }

  /** Waits for the next sign of life. */
  private beat(): void {
    this.clearTimer(this.heartbeat);
    this.heartbeat = this.setTimer(() => {
      if (this.running && this.transport) this.lost();
    }, this.heartbeatMs * MISSED_HEARTBEATS);
  }

  private drop(): void {
    this.generation += 1;
    this.clearTimer(this.heartbeat);
    const transport = this.transport;
    this.transport = undefined;
    transport?.close();
  }
}
