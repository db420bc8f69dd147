// Puppeteer: a session is claimed by connecting, and ends when the script closes the browser.
import puppeteer from 'puppeteer-core';

const url = new URL('/connect', process.env.HEARTH_URL);
url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';

const browser = await puppeteer.connect({
  browserWSEndpoint: url.href,
  headers: { authorization: `Bearer ${process.env.HEARTH_API_KEY}` },
});
const [page] = await browser.pages();
await page.setContent('<title>Puppeteer on Hearth</title>');
console.log(await page.title());
await browser.close();
