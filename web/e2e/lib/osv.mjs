// Known vulnerabilities made for the test: as a mirror in the layout of OSV's export, and as a service.
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { crc32 } from "node:zlib";

/** A record that covers every version of a package below `fixed`. */
export const record = (id, { name, fixed, modified, summary }) => ({
  schema_version: "1.6.0",
  id,
  modified,
  published: modified,
  summary,
  affected: [
    {
      package: { ecosystem: "npm", name },
      ranges: [{ type: "SEMVER", events: [{ introduced: "0" }, { fixed }] }],
    },
  ],
  severity: [{ type: "CVSS_V3", score: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }],
});

/** Uncompressed files in one archive. */
function zip(files) {
  const locals = [];
  const entries = [];
  let offset = 0;
  for (const [path, text] of files) {
    const [name, data] = [Buffer.from(path), Buffer.from(text)];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, name, data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    entries.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00", "latin1"), common, rest, name]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

/** Writes the records as a mirror. */
export function writeMirror(folder, records) {
  mkdirSync(join(folder, "npm"), { recursive: true });
  writeFileSync(join(folder, "npm", "all.zip"), zip(records.map((each) => [`${each.id}.json`, JSON.stringify(each)])));
}

/** Answers as the OSV service does, and remembers what it was told. `broken` makes it fail. */
export async function startOsv(records) {
  const heard = [];
  const state = { broken: false };
  const server = createServer(async (request, reply) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    heard.push({ path: request.url, body });
    if (state.broken) return reply.writeHead(500).end();
    const say = (value) => reply.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (request.url === "/v1/querybatch") {
      const names = JSON.parse(body).queries.map((query) => query.package.name);
      const vulns = (name) => records.filter((each) => each.affected[0].package.name === name).map(({ id, modified }) => ({ id, modified }));
      return say({ results: names.map((name) => (vulns(name).length > 0 ? { vulns: vulns(name) } : {})) });
    }
    const found = records.find((each) => request.url === `/v1/vulns/${each.id}`);
    return found ? say(found) : reply.writeHead(404).end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    settings: { osv_url: `http://127.0.0.1:${server.address().port}` },
    heard,
    state,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
