// Stock puppeteer-core: claims over HTTP and connects by URL, or creates on connect; browses, takes a picture, closes.
import puppeteer from 'puppeteer-core';
import { claim, ended, isPng, key, release, report, servePage, session, url } from './page.mjs';

const how = process.argv[2];
const local = await servePage();

async function browse(browser) {
  const [page] = await browser.pages();
  await page.goto(local.url);
  await page.click('button');
  const text = await page.$eval('button', (button) => button.textContent);
  const picture = await page.screenshot();
  return { title: await page.title(), text, png: isPng(picture), pages: (await browser.pages()).length };
}

if (how === 'url') {
  const claimed = await claim({ keepAlive: true });
  const browser = await puppeteer.connect({ browserWSEndpoint: claimed.connectUrl });
  const seen = await browse(browser);
  await browser.disconnect();
  const again = await puppeteer.connect({ browserWSEndpoint: claimed.connectUrl });
  const kept = await (await again.pages())[0].$eval('button', (button) => button.textContent);
  await again.disconnect();
  const still = await session(claimed.id);
  const released = await release(claimed.id);
  report({ ...seen, kept, still: still.status, released: released.status });
} else if (how === 'create-on-connect') {
  const endpoint = new URL(url);
  endpoint.protocol = 'ws:';
  endpoint.searchParams.set('apiKey', key);
  endpoint.searchParams.set('waitTimeout', '120'); // others may have the warm ones
  const browser = await puppeteer.connect({ browserWSEndpoint: endpoint.href });
  const seen = await browse(browser);
  await browser.close();
  report(seen);
} else if (how === 'plain-close') {
  const claimed = await claim({});
  const browser = await puppeteer.connect({ browserWSEndpoint: claimed.connectUrl });
  const seen = await browse(browser);
  await browser.close();
  const over = await ended(claimed.id);
  report({ ...seen, over: over.status });
} else if (how === 'reconnects') {
  const claimed = await claim({ keepAlive: true });
  const first = await puppeteer.connect({ browserWSEndpoint: claimed.connectUrl });
  await browse(first);
  await first.disconnect();
  const cycles = [];
  for (let n = 0; n < 20; n++) {
    const begun = performance.now();
    const again = await puppeteer.connect({ browserWSEndpoint: claimed.connectUrl });
    // Connecting has asked for targets already: this is later than the first reply.
    await again.version();
    const millis = Math.round(performance.now() - begun);
    const kept = await (await again.pages())[0].$eval('button', (button) => button.textContent);
    cycles.push({ millis, kept });
    await again.disconnect();
  }
  await release(claimed.id);
  report({ cycles });
} else {
  throw new Error(`no way to connect called "${how}"`);
}
local.close();
