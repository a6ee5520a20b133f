// The events of a workspace, as a witness beside the browser hears them: straight from the program, over one
// connection that nobody cuts.

/** Listens until it is stopped; `events` holds every stored event in order. */
export async function listen({ server, context }) {
  const cookies = await context.cookies(server.base);
  const stop = new AbortController();
  const reply = await fetch(`${server.base}/api/v1/w/home/live/sse`, {
    headers: { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; "), accept: "text/event-stream" },
    signal: stop.signal,
  });
  if (!reply.ok) throw new Error(`the stream answers ${reply.status}`);
  const events = [];
  let waiting = [];
  const read = async () => {
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of reply.body) {
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split("\n\n");
      text = blocks.pop();
      for (const block of blocks) {
        const data = block.split("\n").find((line) => line.startsWith("data:"));
        const frame = data && JSON.parse(data.slice(5));
        if (frame?.type === "event") events.push(frame);
      }
      waiting = waiting.filter((each) => !each());
    }
  };
  const done = read().catch(() => undefined);
  return {
    events,
    /** Waits until so many events of that type were heard. */
    until: (type, count = 1) =>
      new Promise((resolve, reject) => {
        const enough = () => events.filter((frame) => frame.event.type === type).length >= count;
        if (enough()) return resolve();
        const timer = setTimeout(() => reject(new Error(`no ${count} × ${type} within a minute`)), 60_000);
        waiting.push(() => {
          if (!enough()) return false;
          clearTimeout(timer);
          resolve();
          return true;
        });
      }),
    async stop() {
      stop.abort();
      await done;
    },
  };
}

/** Every frame that reaches the page, over whichever transport, kept in the page as it arrives. */
export const overhear = (context) =>
  context.addInitScript(() => {
    const heard = (window.heard = []);
    const note = (over) => (message) => {
      try {
        heard.push({ over, ...JSON.parse(message.data) });
      } catch {
        // Not a frame.
      }
    };
    for (const [name, over] of [["WebSocket", "socket"], ["EventSource", "sse"]]) {
      const Real = window[name];
      window[name] = class extends Real {
        constructor(...args) {
          super(...args);
          this.addEventListener("message", note(over));
        }
      };
    }
  });
