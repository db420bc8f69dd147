// A guarded pool: where a session's browser may go, by which proxy, and what is told of it.
import { createServer } from 'node:http';
import { connect as dial } from 'node:net';
import Browserbase from '@browserbasehq/sdk';
import puppeteer from 'puppeteer-core';
import { WebSocketServer } from 'ws';
import { report, url } from './page.mjs';

const [pool, secret, key] = process.argv.slice(2);
const bb = new Browserbase({ apiKey: key, baseURL: url });
const patient = { maxRetries: 20 };

const site = createServer((request, response) => {
  response.setHeader('content-type', 'text/html');
  response.end(`<!doctype html><title>${request.headers.host}</title>${'x'.repeat(50_000)}`);
});
new WebSocketServer({ server: site }).on('connection', (socket) => socket.on('message', (words) => socket.send(`${words} back`)));
await new Promise((ready) => site.listen(0, '127.0.0.1', ready));
const port = site.address().port;

// Another's proxy, which wants a password and takes every host for this site.
const asked = [];
const allowed = (request) => request.headers['proxy-authorization'] === `Basic ${Buffer.from(`ann:${secret}`).toString('base64')}`;
const proxy = createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`);
  response.writeHead(allowed(request) ? 200 : 407, { 'content-type': 'text/html' }).end('<title>by the proxy</title>');
});
proxy.on('connect', (request, socket) => {
  asked.push(`CONNECT ${request.url}`);
  socket.on('error', () => {});
  if (!allowed(request)) {
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    return;
  }
  const there = dial(port, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
  there.on('error', () => socket.destroy());
  there.pipe(socket).pipe(there);
});
await new Promise((ready) => proxy.listen(0, '127.0.0.1', ready));

const external = (password) => ({
  type: 'external',
  server: `http://127.0.0.1:${proxy.address().port}`,
  domainPattern: 'far\\.test',
  username: 'ann',
  password,
});
const refusal = (body) =>
  bb.sessions.create(body, { maxRetries: 0 }).then(
    () => 'created',
    (error) => [error.status, error.error?.code],
  );
const echo = (page, to) =>
  page.evaluate(
    (address) =>
      new Promise((answer) => {
        const socket = new WebSocket(address);
        socket.onopen = () => socket.send('there and');
        socket.onmessage = (message) => answer(message.data);
        socket.onerror = () => answer('failed');
      }),
    to,
  );

const facts = {};
const wanted = {
  browserSettings: { allowedDomains: ['127.0.0.1', 'far.test', '10.0.0.1', 'localhost'] },
  proxies: [external(secret)],
};
facts.elsewhere = [
  await refusal({ ...wanted, region: 'local-west' }),
  await refusal({ pool: 'open', proxies: [external(secret)] }),
  await refusal({ proxies: true }),
];
const created = await bb.sessions.create({ keepAlive: true, pool, ...wanted }, patient);
const answers = [created];
try {
  const browser = await puppeteer.connect({ browserWSEndpoint: created.connectUrl, defaultViewport: null });
  const [page] = await browser.pages();
  const visit = async (to) => {
    const answer = await page.goto(to).catch((error) => ({ failed: error.message }));
    if (answer.failed) return answer.failed;
    const text = await answer.text();
    return answer.headers()['content-type'] === 'application/problem+json'
      ? [answer.status(), JSON.parse(text).rule ?? JSON.parse(text).code, JSON.parse(text).host]
      : [answer.status(), await page.title()];
  };
  facts.allowed = await visit(`http://127.0.0.1:${port}/`);
  facts.socket = await echo(page, `ws://127.0.0.1:${port}/`);
  facts.through = await visit('http://far.test/');
  facts.socketThrough = await echo(page, 'ws://far.test/');
  facts.notAllowed = await visit(`http://127.0.0.2:${port}/`);
  facts.private = await visit('http://10.0.0.1/');
  facts.loopback = await visit(`http://localhost:${port}/`);
  facts.tunnel = await visit(`https://127.0.0.2:${port}/`);

  // Only the guard gathers what WebRTC would tell of this machine.
  facts.candidates = await page.evaluate(async () => {
    const peer = new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:9' }] });
    peer.createDataChannel('x');
    const seen = [];
    peer.onicecandidate = ({ candidate }) => candidate?.candidate && seen.push(candidate.candidate);
    await peer.setLocalDescription(await peer.createOffer());
    await new Promise((over) => {
      peer.onicegatheringstatechange = () => peer.iceGatheringState === 'complete' && over();
      if (peer.iceGatheringState === 'complete') over();
    });
    return seen;
  });

  for (let tries = 0; tries < 400; tries++) {
    const now = await bb.sessions.retrieve(created.id);
    answers.push(now);
    facts.live = now.proxyBytes;
    if (facts.live > 0) break;
    await new Promise((next) => setTimeout(next, 50));
  }
  answers.push(await bb.sessions.debug(created.id), await bb.sessions.list());
  await browser.disconnect();

  // A context that would go by a way of its own.
  const second = await puppeteer.connect({ browserWSEndpoint: created.connectUrl, defaultViewport: null });
  const cut = new Promise((gone) => second.once('disconnected', () => gone('put out')));
  const context = second.createBrowserContext({ proxyServer: 'direct://' }).then(
    () => 'made',
    () => cut,
  );
  facts.around = await Promise.race([context, cut]);
} finally {
  answers.push(await bb.sessions.update(created.id, { status: 'REQUEST_RELEASE' }));
}
for (let tries = 0; tries < 100; tries++) {
  facts.ended = (await bb.sessions.retrieve(created.id)).proxyBytes;
  if (facts.ended >= facts.live && facts.ended > 50_000) break;
  await new Promise((next) => setTimeout(next, 50));
}
facts.used = (await bb.projects.usage('guarded')).proxyBytes;
facts.asked = asked;

// Without rules a guarded browser goes anywhere that is public, and nowhere else.
const plain = await bb.sessions.create({ keepAlive: true, pool }, patient);
const free = await puppeteer.connect({ browserWSEndpoint: plain.connectUrl, defaultViewport: null });
const inside = await (await free.pages())[0].goto('http://169.254.169.254/latest/meta-data/');
facts.metadata = [inside.status(), (await inside.json()).rule];
await free.disconnect();
await bb.sessions.update(plain.id, { status: 'REQUEST_RELEASE' });

facts.shown = answers.some((answer) => JSON.stringify(answer).includes(secret));
report(facts);
site.close();
site.closeAllConnections();
proxy.close();
proxy.closeAllConnections();
process.exitCode = 0;
