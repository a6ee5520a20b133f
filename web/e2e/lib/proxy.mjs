// A proxy between the browser and the program, which can be told to misbehave. WebSockets come through it as tunnels
// (CONNECT), everything else as plain requests, so that each can be cut or refused by itself.
import { createServer, request as forward } from "node:http";
import { connect } from "node:net";

/** Starts the proxy. */
export async function startProxy() {
  const tunnels = new Set();
  const sockets = new Set();
  const refused = { tunnels: false, plain: false };
  const server = createServer((request, reply) => {
    if (refused.plain) return request.socket.destroy();
    const onward = forward(request.url, { method: request.method, headers: request.headers }, (answer) => {
      reply.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(reply);
      answer.on("error", () => reply.destroy());
    });
    onward.on("error", () => request.socket.destroy());
    reply.on("close", () => onward.destroy());
    request.pipe(onward);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("connect", (request, client, head) => {
    if (refused.tunnels) return client.destroy();
    const { hostname, port } = new URL(`http://${request.url}`);
    const onward = connect(Number(port), hostname, () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.write(head);
      client.pipe(onward).pipe(client);
    });
    const pair = { cut: () => [client, onward].forEach((socket) => socket.destroy()) };
    tunnels.add(pair);
    for (const socket of [client, onward]) {
      socket.on("error", pair.cut);
      socket.on("close", () => {
        pair.cut();
        tunnels.delete(pair);
      });
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    /** Breaks every WebSocket; `refuse` lets no new one through either. */
    cutTunnels({ refuse }) {
      refused.tunnels = refuse;
      for (const pair of tunnels) pair.cut();
    },
    /** Breaks every connection there is; with `refuse` the network is gone. */
    cutAll({ refuse }) {
      refused.plain = refuse;
      refused.tunnels = refuse;
      for (const socket of sockets) socket.destroy();
    },
    heal() {
      refused.plain = false;
      refused.tunnels = false;
    },
    async stop() {
      this.cutAll({ refuse: true });
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
