// A Worker that works with Cloudflare's Playwright, and leaves its session to the next visit.
import { acquire, connect, sessions } from '@cloudflare/playwright';

export default {
  async fetch(request, env) {
    const url = new URL(request.url).searchParams.get('url');
    const free = (await sessions(env.MYBROWSER)).find((session) => !session.connectionId);
    const sessionId = free?.sessionId ?? (await acquire(env.MYBROWSER)).sessionId;
    const browser = await connect(env.MYBROWSER, sessionId);
    try {
      const page = await (await browser.newContext()).newPage();
      await page.goto(url);
      await page.click('button');
      const seen = `${await page.title()}, ${await page.textContent('button')}`;
      return new Response(`${free ? 'Found' : 'Acquired'} ${sessionId}: ${seen}`);
    } finally {
      await browser.close(); // of a session that was acquired: disconnects
    }
  },
};
