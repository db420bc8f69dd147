// Cloudflare's Playwright, unchanged, from plain Node through the same binding.
import './workers-module.mjs';
import WebSocket from 'ws';
import { hearthBinding } from '../../../docs/examples/cloudflare-binding.mjs';
import { isPng, key, report, servePage, url } from './page.mjs';

const { acquire, connect, history, launch, limits, sessions } = await import('@cloudflare/playwright');
const binding = hearthBinding({ url, key, WebSocket });
const local = await servePage();
const words = (attempt) => attempt.then(() => 'no error', (error) => error.message);

async function until(what, holds) {
  const end = Date.now() + 10_000;
  for (;;) {
    const seen = await holds();
    if (seen) return seen;
    if (Date.now() > end) throw new Error(`not in 10 s: ${what}`);
    await new Promise((next) => setTimeout(next, 50));
  }
}

/** Comes again where none is warm, as it is told to. */
async function patient(attempt) {
  for (let tries = 0; ; tries++) {
    try {
      return await attempt();
    } catch (refused) {
      if (!/code: 503/.test(refused.message) || tries === 60) throw refused;
      await new Promise((next) => setTimeout(next, 500));
    }
  }
}

const { sessionId } = await patient(() => acquire(binding, { keep_alive: 30_000 }));
const first = await connect(binding, sessionId);
const page = await (await first.newContext()).newPage();
await page.goto(local.url);
await page.click('button');
const text = await page.textContent('button');
const seen = { title: await page.title(), text, png: isPng(await page.screenshot()) };
const held = (await sessions(binding)).find((session) => session.sessionId === sessionId);
const second = await words(connect(binding, sessionId));
await first.close();
const free = await until('the session is free', async () =>
  (await sessions(binding)).find((session) => session.sessionId === sessionId && !session.connectionId),
);
const again = await connect(binding, sessionId);
const version = again.version();
await again.close();

const launched = await patient(() => launch(binding));
const launchedId = launched.sessionId();
await launched.close();
const over = await until('the launched session ended', async () =>
  (await history(binding)).find((session) => session.sessionId === launchedId && session.endTime),
);
const refused = await words(launch(binding, { keep_alive: 1 }));
report({ ...seen, held, second, free, version, over, refused, most: (await limits(binding)).maxConcurrentSessions });
await fetch(`${url}/cloudflare/v1/devtools/browser/${sessionId}`, {
  method: 'DELETE',
  headers: { authorization: `Bearer ${key}` },
});
local.close();
