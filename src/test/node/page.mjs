// A local page for the clients to browse, and what every script here is given and prints.
import { createServer } from 'node:http';

export const url = process.env.HEARTH_URL;
export const key = process.env.HEARTH_API_KEY;

const html = `<!doctype html><title>local page</title><button onclick="this.textContent='clicked'">press</button>`;

/** Serves a page whose title and one button a client can work with; in its URL where browsers cannot reach this machine. */
export async function servePage() {
  if (process.env.HEARTH_PAGE === 'inline') return { url: `data:text/html,${encodeURIComponent(html)}`, close() {} };
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(html);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() && server.closeAllConnections() };
}

/** As a patient client does: where none is warm, comes again when it was told to. */
export async function claim(body = {}) {
  for (let tries = 0; ; tries++) {
    const response = await fetch(new URL('/v1/sessions', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-bb-api-key': key },
      body: JSON.stringify(body),
    });
    if (response.ok) return response.json();
    const text = await response.text();
    if (response.status !== 503 || tries === 30) throw new Error(`claim: ${response.status} ${text}`);
    await new Promise((next) => setTimeout(next, 1000 * Number(response.headers.get('retry-after') ?? 1)));
  }
}

export async function session(id) {
  const response = await fetch(new URL(`/v1/sessions/${id}`, url), { headers: { 'x-bb-api-key': key } });
  if (!response.ok) throw new Error(`get: ${response.status} ${await response.text()}`);
  return response.json();
}

export async function release(id) {
  const response = await fetch(new URL(`/v1/sessions/${id}`, url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-bb-api-key': key },
    body: JSON.stringify({ status: 'REQUEST_RELEASE' }),
  });
  if (!response.ok) throw new Error(`release: ${response.status} ${await response.text()}`);
  return response.json();
}

/** Polls until the session has ended. How soon it did is not for a poll to say. */
export async function ended(id) {
  const end = Date.now() + 30_000;
  for (;;) {
    const last = Date.now() > end;
    const now = await session(id);
    if (now.status !== 'RUNNING') return now;
    if (last) throw new Error(`session still ${now.status} after 30 s`);
    await new Promise((next) => setTimeout(next, 50));
  }
}

/** The script's one line of output, read by the Java test. */
export function report(facts) {
  process.stdout.write(`${JSON.stringify(facts)}\n`);
}

/** A PNG's magic number, as text. */
export function isPng(bytes) {
  return Buffer.from(bytes).subarray(1, 4).toString() === 'PNG';
}
