// Cloudflare's Puppeteer, unchanged, from plain Node: through the binding that the documentation shows.
import puppeteer from '@cloudflare/puppeteer';
import WebSocket from 'ws';
import { hearthBinding } from '../../../docs/examples/cloudflare-binding.mjs';
import { isPng, key, report, servePage, url } from './page.mjs';

const how = process.argv[2];
const binding = hearthBinding({ url, key, WebSocket, pool: process.argv[3] });
const local = await servePage();

/** Comes again where none is warm, as it is told to. */
async function launch(options) {
  for (let tries = 0; ; tries++) {
    try {
      return await puppeteer.launch(binding, options);
    } catch (refused) {
      if (!/code: 503/.test(refused.message) || tries === 60) throw refused;
      await new Promise((next) => setTimeout(next, 500));
    }
  }
}

async function until(what, holds, patience = 10_000) {
  const end = Date.now() + patience;
  for (;;) {
    const seen = await holds();
    if (seen) return seen;
    if (Date.now() > end) throw new Error(`not in ${patience} ms: ${what}`);
    await new Promise((next) => setTimeout(next, 50));
  }
}

const listed = async (id) => (await puppeteer.sessions(binding)).find((session) => session.sessionId === id);
const past = async (id) => (await puppeteer.history(binding)).find((session) => session.sessionId === id);
const words = (attempt) => attempt.then(() => 'no error', (error) => error.message);

async function browse(browser) {
  const page = await browser.newPage();
  await page.goto(local.url);
  await page.click('button');
  const text = await page.$eval('button', (button) => button.textContent);
  return { title: await page.title(), text, png: isPng(await page.screenshot()) };
}

if (how === 'reuse') {
  const browser = await launch({ keep_alive: 30_000 });
  const id = browser.sessionId();
  const seen = await browse(browser);
  const held = await listed(id);
  const second = await words(puppeteer.connect(binding, id));
  browser.disconnect();
  const free = await until('the session is free', async () => {
    const session = await listed(id);
    return session && !session.connectionId ? session : undefined;
  });
  const again = await puppeteer.connect(binding, id);
  const kept = (await again.pages()).find((page) => page.url() === local.url);
  const still = await kept.$eval('button', (button) => button.textContent);
  await again.close();
  const over = await until('the session ended', async () => {
    const session = await past(id);
    return session?.endTime ? session : undefined;
  });
  report({ ...seen, held, second, free, still, over, stillListed: (await listed(id)) !== undefined });
} else if (how === 'idle') {
  const browser = await launch({ keep_alive: 10_000 });
  const id = browser.sessionId();
  const left = Date.now();
  await browser.version(); // the last command, which idleness counts from, is younger than `left`
  browser.disconnect();
  const over = await until(
    'the session ended',
    async () => {
      const session = await past(id);
      return session?.endTime ? session : undefined;
    },
    60_000,
  );
  report({ left, over, late: await words(puppeteer.connect(binding, id)) });
} else if (how === 'limits') {
  const before = await puppeteer.limits(binding);
  const browser = await launch();
  const during = await puppeteer.limits(binding);
  const id = browser.sessionId();
  await browser.close();
  const after = await until('the session is gone', async () => {
    const limits = await puppeteer.limits(binding);
    return limits.activeSessions.some((session) => session.id === id) ? undefined : limits;
  });
  report({ before, during, after, id });
} else if (how === 'quota') {
  const team = hearthBinding({ url, key: process.argv[3], WebSocket });
  const before = await until('the project is known', () => puppeteer.limits(team).catch(() => undefined));
  const browser = await puppeteer.launch(team);
  const full = await puppeteer.limits(team);
  const refused = await words(puppeteer.launch(team));
  await browser.close();
  const after = await until('the session is gone', async () => {
    const limits = await puppeteer.limits(team);
    return limits.allowedBrowserAcquisitions === 1 ? limits : undefined;
  });
  report({ before, full, refused, after });
} else if (how === 'refusals') {
  report({
    short: await words(puppeteer.launch(binding, { keep_alive: 9_999 })),
    long: await words(puppeteer.launch(binding, { keep_alive: 1_200_001 })),
    guarded: await words(puppeteer.launch(binding, { guardrails: { allowedDomains: ['example.com'] } })),
    unknown: await words(puppeteer.connect(binding, '01890a5d-ac96-8abc-9def-0123456789ab')),
    empty: await words(puppeteer.launch(hearthBinding({ url, key, WebSocket, pool: 'empty' }))),
    key: await words(puppeteer.sessions(hearthBinding({ url, key: 'wrong', WebSocket }))),
  });
} else {
  throw new Error(`nothing to do called "${how}"`);
}
local.close();
