// Live views: Chrome's own DevTools through the gateway, shown in another session's browser; and what a viewer may do.
import Browserbase from '@browserbasehq/sdk';
import puppeteer from 'puppeteer-core';
import WebSocket from 'ws';
import { key, report, url } from './page.mjs';

const bb = new Browserbase({ apiKey: key, baseURL: url });
const patient = { maxRetries: 20 };
const headers = { 'x-bb-api-key': key };
const release = (session) => bb.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
const status = async (target) => (await fetch(target)).status;

async function debug(id, query) {
  return (await fetch(new URL(`/v1/sessions/${id}/debug?${query}`, url), { headers })).json();
}

/** A viewer's socket as a program would use it. */
async function socket(wsUrl) {
  const opened = new WebSocket(wsUrl);
  const answers = new Map();
  const closed = new Promise((gone) => opened.addEventListener('close', ({ code }) => gone({ code, at: Date.now() })));
  let last = 0;
  opened.addEventListener('message', ({ data }) => {
    const message = JSON.parse(data);
    answers.get(message.id)?.(message);
  });
  await new Promise((ready, failed) => {
    opened.addEventListener('open', ready);
    opened.addEventListener('error', () => failed(new Error('refused')));
  });
  return {
    closed,
    raw: (text) => opened.send(text),
    send(method, params) {
      const id = ++last;
      const answered = new Promise((answer) => answers.set(id, answer));
      opened.send(JSON.stringify({ id, method, params }));
      return answered;
    },
    close: () => opened.close(),
  };
}

/** Opens the debugger's URL and waits until the page's picture has come through it. */
async function watch(viewer, debuggerUrl) {
  const page = await viewer.newPage();
  const seen = [];
  page.on('console', (message) => seen.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => seen.push(`error: ${error}`));
  page.on('requestfailed', (request) => seen.push(`failed: ${request.url().slice(-60)} ${request.failure()?.errorText}`));
  page.on('response', async (answer) => {
    if (answer.status() >= 400) seen.push(`${answer.status()}: ${answer.url().slice(-60)} ${await answer.text().catch(String)}`);
  });
  const cdp = await page.createCDPSession();
  await cdp.send('Network.enable');
  cdp.on('Network.webSocketFrameSent', ({ response }) => seen.push(`sent: ${response.payloadData.slice(0, 80)}`));
  const closed = new Promise((_, gone) => {
    cdp.on('Network.webSocketClosed', () => gone(new Error(`the view was closed; last seen:\n${seen.slice(-60).join('\n')}`)));
  });
  const pictured = new Promise((came, gaveUp) => {
    cdp.on('Network.webSocketFrameReceived', ({ response }) => {
      if (response.payloadData.includes('"Page.screencastFrame"')) came(true);
      else seen.push(`received: ${response.payloadData.slice(0, 80)}`);
    });
    setTimeout(() => gaveUp(new Error(`no picture came; last seen:\n${seen.slice(-60).join('\n')}`)), 90_000).unref();
  });
  // Together: the picture's own complaint says more than that of a page that never came to rest.
  const shown = Promise.all([pictured, page.goto(debuggerUrl, { timeout: 90_000 })]);
  const [came] = await Promise.race([shown, closed]);
  await page.close();
  return came;
}

const journeys = {
  // Many at once, as a browser asks that opens DevTools: each of its 250 files must come, or none of it shows.
  async files() {
    const session = await bb.sessions.create({ keepAlive: true }, patient);
    try {
      const at = new URL((await debug(session.id, '')).debuggerUrl);
      const lengths = {};
      let left = 3000;
      await Promise.all(
        Array.from({ length: 12 }, async () => {
          while (left-- > 0) {
            const name = ['inspector.html', 'panels/console_counters/console_counters-meta.js', 'core/sdk/sdk.js'][left % 3];
            const answer = await fetch(new URL(name, at));
            const seen = `${name} ${answer.status} ${(await answer.arrayBuffer()).byteLength}`;
            lengths[seen] = (lengths[seen] ?? 0) + 1;
          }
        }),
      );
      return lengths;
    } finally {
      await release(session);
    }
  },

  async watch() {
    const shop = await bb.sessions.create({ keepAlive: true }, patient);
    const desk = await bb.sessions.create({ keepAlive: true }, patient);
    try {
      const browser = await puppeteer.connect({ browserWSEndpoint: shop.connectUrl });
      const [page] = await browser.pages();
      // It moves: a picture comes with each change, and the first may be gone before anybody looks.
      await page.setContent('<title>shop</title><h1>open</h1><script>setInterval(() => (document.body.style.opacity = Math.random()), 100)</script>');
      const viewer = await puppeteer.connect({ browserWSEndpoint: desk.connectUrl });
      const live = await bb.sessions.debug(shop.id);
      const readOnly = await debug(shop.id, 'readOnly=true');
      const facts = {
        pages: live.pages.length,
        title: live.pages[0].title,
        live: await watch(viewer, live.debuggerFullscreenUrl),
        readOnly: await watch(viewer, readOnly.debuggerUrl),
      };
      await viewer.disconnect();
      await browser.disconnect();
      return facts;
    } finally {
      await release(shop);
      await release(desk);
    }
  },

  async commands() {
    const session = await bb.sessions.create({ keepAlive: true }, patient);
    try {
      const full = await socket((await debug(session.id, '')).wsUrl);
      const acted = await full.send('Runtime.evaluate', { expression: '6 * 7' });
      const { wsUrl } = await debug(session.id, 'readOnly=true');
      const looking = await socket(wsUrl);
      const tree = await looking.send('DOM.getDocument', {});
      const refused = await looking.send('Runtime.evaluate', { expression: 'document.title = "hacked"' });
      const navigated = await looking.send('Page.navigate', { url: 'about:blank#hacked' });
      const closing = await looking.send('Browser.close');
      const title = await full.send('Runtime.evaluate', { expression: 'document.title + location' });
      // DevTools sends scripts of its own: they are refused like any command, and the view goes on.
      const script = await looking.send('Page.addScriptToEvaluateOnNewDocument', { source: 'x'.repeat(200_000) });
      const after = await looking.send('DOM.getDocument', { pad: 'x'.repeat(200_000) });
      // What two readers could read differently ends the view.
      const doubled = await socket(wsUrl);
      doubled.raw('{"id":1,"method":"DOM.getDocument","method":"Page.navigate","params":{"url":"about:blank#hacked"}}');
      const long = await socket(wsUrl);
      long.raw(JSON.stringify({ id: 1, method: 'DOM.getDocument', params: { pad: 'x'.repeat(1 << 20) } }));
      const facts = {
        acted: acted.result.result.value,
        tree: tree.result.root.nodeName,
        refused: refused.error.message,
        navigated: navigated.error.message,
        closing: closing.error.message,
        script: script.error.message,
        after: after.result.root.nodeName,
        title: title.result.result.value,
        doubled: (await doubled.closed).code,
        long: (await long.closed).code,
        still: (await bb.sessions.retrieve(session.id)).status,
      };
      full.close();
      looking.close();
      return facts;
    } finally {
      await release(session);
    }
  },

  // A viewer is there all the while, and works: neither its presence nor its commands count.
  async 'never-counts'() {
    const session = await claim({ idleTimeout: 6, keepAlive: true });
    const browser = await puppeteer.connect({ browserWSEndpoint: session.connectUrl });
    await (await browser.pages())[0].title();
    const viewer = await socket((await debug(session.id, '')).wsUrl);
    const busy = setInterval(() => viewer.send('Runtime.evaluate', { expression: '1' }), 200);
    await viewer.closed;
    clearInterval(busy);
    const idle = await bb.sessions.retrieve(session.id);

    const plain = await claim({});
    const client = await puppeteer.connect({ browserWSEndpoint: plain.connectUrl });
    await (await client.pages())[0].title();
    const watching = await socket((await debug(plain.id, '')).wsUrl);
    const left = Date.now();
    await client.disconnect();
    const { code, at } = await watching.closed;
    return {
      idle: idle.endReason,
      afterMillis: at - left,
      code,
      plain: (await bb.sessions.retrieve(plain.id)).endReason,
    };
  },

  async bounds() {
    const session = await bb.sessions.create({ keepAlive: true }, patient);
    const other = await bb.sessions.create({ keepAlive: true }, patient);
    try {
      const short = await debug(session.id, 'expiresIn=3');
      const viewer = await socket(short.wsUrl);
      // What else is refused must be so for what it is, not for its age.
      const { debuggerUrl } = await debug(session.id, '');
      const at = new URL(debuggerUrl);
      const file = (path) => status(new URL(path, at));
      const facts = {
        page: await file('inspector.html'),
        type: (await fetch(at)).headers.get('content-type'),
        nothing: await file('nothing.js'),
        json: await file('../json/version'),
        protocol: await file('../json/protocol'),
        list: await file('json/list'),
        forged: await status(debuggerUrl.replace('/view/rw.', '/view/ro.')),
        ofAnother: await status(debuggerUrl.replaceAll(session.id, other.id)),
        token: await status(debuggerUrl.replace(/\/view\/[^/]+/, `/view/${session.signingKey}`)),
        code: (await viewer.closed).code,
        expired: await status(short.debuggerUrl),
        wrong: (await fetch(new URL(`/v1/sessions/${session.id}/debug?expiresIn=0`, url), { headers })).status,
      };
      await release(session);
      facts.over = (await fetch(new URL(`/v1/sessions/${session.id}/debug`, url), { headers })).status;
      return facts;
    } finally {
      await release(session);
      await release(other);
    }
  },
};

/** Hearth's own terms, which the SDK has no words for. */
async function claim(terms) {
  return bb.post('/v1/sessions', { body: terms, ...patient });
}

report(await journeys[process.argv[2]]());
process.exit();
