/** How requests are sent: a read has a time limit, and what comes too often waits as long as the server asks. */

/** How long a read may take, in milliseconds; the pages of a repository may stand on a large report. */
const READ_MS = 15_000;
const REPORT_MS = 30_000;

/** Sends a request. Never answers with a half-read body. */
export async function patient(request: Request): Promise<Response> {
  const again = request.clone();
  const reply = await (request.method === "GET" ? timed(request) : fetch(request));
  return reply.status === 429 ? (await import("./pacing")).later(again, reply) : reply;
}

async function timed(request: Request): Promise<Response> {
  const limit = new AbortController();
  const after = /\/repos\/[^/]+\/./.test(request.url) ? REPORT_MS : READ_MS;
  const timer = setTimeout(() => limit.abort(), after);
  try {
    const reply = await fetch(request, { signal: AbortSignal.any([request.signal, limit.signal]) });
    return reply.ok ? new Response(await reply.arrayBuffer(), reply) : reply;
  } catch (error) {
    if (!limit.signal.aborted) throw error;
    const detail = `This took longer than ${after / 1000} seconds and was cancelled.`;
    return Response.json({ code: "timeout", title: "Took too long", detail, status: 504 }, { status: 504 });
  } finally {
    clearTimeout(timer);
  }
}
