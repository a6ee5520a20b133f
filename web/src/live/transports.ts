import type { ClientFrame, Connect, ServerFrame, Transport } from "./session";

/** Reads a frame; a text that is not one is dropped, because an old page must survive a newer server. */
function parse(text: string): ServerFrame | null {
  try {
    const frame: unknown = JSON.parse(text);
    return typeof frame === "object" && frame !== null && "type" in frame ? (frame as ServerFrame) : null;
  } catch {
    return null;
  }
}

/** One WebSocket with JSON text frames. */
export const overWebSocket =
  (url: string): Connect =>
  (events): Transport => {
    const socket = new WebSocket(url);
    socket.onopen = () => events.open();
    socket.onclose = () => events.closed();
    socket.onmessage = (message: MessageEvent<string>) => {
      const frame = parse(message.data);
      if (frame) events.frame(frame);
    };
    return {
      send: (frame: ClientFrame) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
      },
      close: () => socket.close(),
    };
  };

/** Server-sent events, for networks that let no WebSocket through. The server subscribes by itself. */
export const overServerSentEvents =
  (url: string): Connect =>
  (events, resume): Transport => {
    const target = new URL(url, location.href);
    for (const [channel, position] of resume) {
      target.searchParams.append("since", `${channel}@${position.epoch}.${position.offset}`);
    }
    const source = new EventSource(target);
    source.onopen = () => events.open();
    source.onerror = () => events.closed();
    source.onmessage = (message: MessageEvent<string>) => {
      const frame = parse(message.data);
      if (frame) events.frame(frame);
    };
    // The connection is one-way: there is nothing to answer and nothing to subscribe to.
    return { send: () => undefined, close: () => source.close() };
  };
