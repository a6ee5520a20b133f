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
  (url: string, protocol: string): Connect =>
  (events): Transport => {
    const socket = new WebSocket(url, protocol);
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
  (events, last): Transport => {
    const target = new URL(url, location.href);
    // A browser sends the id of an earlier connection only for the same `EventSource`, and never one of a WebSocket.
    if (last) target.searchParams.set("last_event_id", last);
    const source = new EventSource(target);
    source.onerror = () => events.closed();
    source.onmessage = (message: MessageEvent<string>) => {
      const frame = parse(message.data);
      if (frame) events.frame(frame);
    };
    // The connection is one-way: there is nothing to answer and nothing to subscribe to.
    return { send: () => undefined, close: () => source.close() };
  };
