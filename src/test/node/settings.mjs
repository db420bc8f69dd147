// browserSettings: in force before a client's first command, on every page, however it came to be, and for its next client.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import Browserbase from '@browserbasehq/sdk';
import puppeteer from 'puppeteer-core';
import { key, report, url } from './page.mjs';

const bb = new Browserbase({ apiKey: key, baseURL: url });
const patient = { maxRetries: 20 };
const wanted = {
  viewport: { width: 777, height: 555 },
  userAgent: 'Hearth-Test/1',
  locale: 'de-DE',
  timezone: 'Asia/Tokyo',
  ignoreCertificateErrors: true,
  recordSession: false,
};

/** What a page's very first script sees. */
const script = `<script>window.seen = [navigator.language, navigator.userAgent,
  Intl.DateTimeFormat().resolvedOptions().timeZone, innerWidth, innerHeight]</script>`;
const seenBy = (page) => page.evaluate(() => window.seen);
const now = (page) =>
  page.evaluate(() => [
    navigator.language,
    navigator.userAgent,
    Intl.DateTimeFormat().resolvedOptions().timeZone,
    innerWidth,
    innerHeight,
  ]);

async function serve(create) {
  const server = create((request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html>${script}<p>${request.headers['accept-language']}</p>`);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { port: server.address().port, close: () => server.close() };
}

const connect = (session) => puppeteer.connect({ browserWSEndpoint: session.connectUrl, defaultViewport: null });
const refusal = (browserSettings) =>
  bb.sessions.create({ browserSettings }).then(
    () => 0,
    (error) => error.status,
  );

const local = await serve(createServer);
const site = `http://127.0.0.1:${local.port}/`;
const secure = await serve((handler) => createTlsServer({ pfx: readFileSync(process.argv[2]), passphrase: 'secret' }, handler));
const { data: session, response } = await bb.sessions
  .create({ keepAlive: true, browserSettings: wanted }, patient)
  .withResponse();
const facts = { ignored: response.headers.get('hearth-ignored') };
try {
  const browser = await connect(session);
  const [page] = await browser.pages();
  await page.goto(site);
  facts.first = await seenBy(page);
  facts.header = await page.$eval('p', (p) => p.textContent);

  const second = await browser.newPage();
  facts.blank = await now(second);
  await second.goto(site);
  facts.second = await seenBy(second);

  const ofContext = await (await browser.createBrowserContext()).newPage();
  await ofContext.goto(site);
  facts.context = await seenBy(ofContext);

  const opened = new Promise((open) => page.once('popup', open));
  await page.evaluate((to) => void window.open(to), site);
  const popup = await opened;
  await popup.waitForFunction(() => window.seen);
  facts.popup = await seenBy(popup);

  // Another site's frame is a process and a target of its own.
  await page.evaluate((to) => {
    document.body.innerHTML = `<iframe src="${to}"></iframe>`;
  }, site.replace('127.0.0.1', 'localhost'));
  const frame = await page.waitForFrame((one) => one.url().includes('localhost'));
  await frame.waitForFunction(() => window.seen);
  facts.frame = await frame.evaluate(() => window.seen);

  await second.goto(`https://127.0.0.1:${secure.port}/`);
  facts.selfSigned = (await seenBy(second)) ? 'reached' : 'blank';

  // A client with a size of its own takes the session's away when it leaves.
  await (await puppeteer.connect({ browserWSEndpoint: session.connectUrl })).disconnect();
  await browser.disconnect();
  const again = await connect(session);
  facts.reconnected = await now((await again.pages())[0]);
  await again.disconnect();
} finally {
  await bb.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
}

const strict = await bb.sessions.create({ keepAlive: true }, patient);
const plain = await connect(strict);
facts.strict = await (await plain.pages())[0].goto(`https://127.0.0.1:${secure.port}/`).then(
  () => 'reached',
  (error) => error.message,
);
await plain.disconnect();
await bb.sessions.update(strict.id, { status: 'REQUEST_RELEASE' });

facts.wrong = [
  await refusal({ viewport: { width: 'wide', height: 1 } }),
  await refusal({ viewport: { width: 0, height: 1 } }),
  await refusal({ timezone: 'Mars/Olympus' }),
  await refusal({ viewport: { width: 100 } }),
];
report(facts);
local.close();
secure.close();
