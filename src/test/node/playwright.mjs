// Stock playwright-core: connectOverCDP by the session's socket URL, or by its http URL as Playwright looks it up itself.
import { chromium } from 'playwright-core';
import { claim, ended, isPng, release, report, servePage } from './page.mjs';

const how = process.argv[2];
const local = await servePage();
const claimed = await claim({ keepAlive: how === 'http' });
const endpoint = how === 'http' ? claimed.connectUrl.replace(/^ws/, 'http') : claimed.connectUrl;

const browser = await chromium.connectOverCDP(endpoint);
const [context] = browser.contexts();
const [page] = context.pages();
await page.goto(local.url);
await page.click('button');
const text = await page.textContent('button');
const picture = await page.screenshot();
const facts = { title: await page.title(), text, png: isPng(picture), pages: context.pages().length };
await browser.close();
if (how === 'http') {
  facts.released = (await release(claimed.id)).status;
} else {
  facts.over = (await ended(claimed.id)).status;
}
report(facts);
local.close();
