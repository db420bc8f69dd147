// Messages near Chrome's own limits, each way, through a stock client: 90 MB there, 90 MB back.
import puppeteer from 'puppeteer-core';
import { claim, release, report } from './page.mjs';

const SIZE = 90_000_000;
const claimed = await claim({ keepAlive: true });
const browser = await puppeteer.connect({ browserWSEndpoint: claimed.connectUrl, protocolTimeout: 60_000 });
const [page] = await browser.pages();
const there = await page.evaluate((text) => text.length, 'x'.repeat(SIZE));
const back = await page.evaluate((size) => 'y'.repeat(size), SIZE);
await browser.disconnect();
await release(claimed.id);
report({ there, back: back.length, whole: back === 'y'.repeat(SIZE) });
