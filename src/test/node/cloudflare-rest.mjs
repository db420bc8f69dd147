// Cloudflare's REST client, unchanged, but for its base URL.
import Cloudflare from 'cloudflare';
import WebSocket from 'ws';
import { key, report, servePage, url } from './page.mjs';

const client = new Cloudflare({ baseURL: `${url.replace(/\/$/, '')}/cloudflare/client/v4`, apiToken: key, maxRetries: 20 });
const account_id = 'any';
const { browser, session } = client.browserRendering.devtools;
const local = await servePage();

const made = await browser.create({ account_id, keep_alive: 30_000, targets: true });
const id = made.sessionId;
const version = await browser.version(id, { account_id });
const opened = await browser.targets.create(id, { account_id, url: `${local.url}?a=1&b=c%20d` });
const targets = await browser.targets.list(id, { account_id });
const target = await browser.targets.get(opened.id, { account_id, session_id: id });
const activated = await browser.targets.activate(opened.id, { account_id, session_id: id });
const protocol = await browser.protocol(id, { account_id });

/** One CDP command over a socket that the API named, and its answer. */
async function ask(socketUrl, method, params) {
  const socket = new WebSocket(socketUrl, { headers: { authorization: `Bearer ${key}` } });
  await new Promise((open, failed) => socket.once('open', open).once('error', failed));
  const answer = new Promise((told) => socket.once('message', (data) => told(JSON.parse(data))));
  socket.send(JSON.stringify({ id: 1, method, params }));
  const whole = await answer;
  socket.close();
  return whole;
}

const product = (await ask(version.webSocketDebuggerUrl, 'Browser.getVersion')).result.product;
const where = (await ask(target.webSocketDebuggerUrl, 'Runtime.evaluate', { expression: 'location.search' })).result.result.value;

// People look on: a link that may act, and one that may not.
const acting = await browser.liveView.create(id, { account_id, targetId: opened.id, mode: 'tab' }).withResponse();
const looking = await browser.liveView.create(id, { account_id, targetId: opened.id, guardrails: { mode: 'readonly' } });
const code = { expression: '6 * 7' };
const view = {
  id: acting.data.id,
  options: [acting.data.options, looking.options],
  ignored: acting.response.headers.get('hearth-ignored'),
  front: (await fetch(acting.data.devtoolsFrontendUrl)).status,
  listed: (await fetch(target.devtoolsFrontendUrl)).status,
  acted: (await ask(acting.data.webSocketDebuggerUrl, 'Runtime.evaluate', code)).result.result.value,
  refused: (await ask(looking.webSocketDebuggerUrl, 'Runtime.evaluate', code)).error.message,
  seen: (await ask(looking.webSocketDebuggerUrl, 'DOM.getDocument')).result.root.nodeName,
  nothing: await browser.liveView.create(id, { account_id, targetId: 'nothing' }).then(() => null, (error) => error.status),
  long: await browser.liveView.create(id, { account_id, expiresInMs: 3_600_001 }).then(() => null, (error) => error.status),
};
const closed = await browser.targets.close(opened.id, { account_id, session_id: id });
const listed = (await session.list({ account_id })).filter((one) => one.sessionId === id).length;
const deleted = await browser.delete(id, { account_id });
const over = await session.get(id, { account_id });
const unknown = await session.get('01890a5d-ac96-8abc-9def-0123456789ab', { account_id });
const refusal = await browser
  .create({ account_id, keep_alive: 1 })
  .then(() => null, (error) => ({ status: error.status, errors: error.errors, name: error.constructor.name }));
report({
  id, made, view, opened: opened.id, product, where, closed, activated, listed, deleted, over, unknown, refusal,
  browser: version.Browser,
  pages: targets.filter((one) => one.type === 'page').length,
  domains: protocol.domains.length,
});
local.close();
