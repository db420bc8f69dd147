// Playwright for Node: a session is claimed by connecting, and ends when the script leaves.
import { chromium } from 'playwright-core';

const url = new URL('/connect', process.env.HEARTH_URL);
url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';

const browser = await chromium.connectOverCDP(url.href, {
  headers: { authorization: `Bearer ${process.env.HEARTH_API_KEY}` },
});
const [page] = browser.contexts()[0].pages();
await page.setContent('<title>Playwright on Hearth</title>');
console.log(await page.title());
await browser.close();
