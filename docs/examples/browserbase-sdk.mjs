// Browserbase's SDK for Node: only the base URL differs. The session outlives its first client, and is released at the end.
import Browserbase from '@browserbasehq/sdk';
import { chromium } from 'playwright-core';

const bb = new Browserbase({ apiKey: process.env.HEARTH_API_KEY, baseURL: process.env.HEARTH_URL });
const session = await bb.sessions.create({
  keepAlive: true,
  browserSettings: { viewport: { width: 1280, height: 720 } },
  userMetadata: { example: 'node' },
});

const browser = await chromium.connectOverCDP(session.connectUrl);
const [page] = browser.contexts()[0].pages();
await page.setContent('<title>Browserbase SDK on Hearth</title>');
console.log((await bb.sessions.debug(session.id)).debuggerFullscreenUrl);
await browser.close();

const again = await chromium.connectOverCDP(session.connectUrl);
console.log(await again.contexts()[0].pages()[0].title());
await again.close();

await bb.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
