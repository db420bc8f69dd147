// Browserbase's own SDK for Node: one journey each, with the base URL changed and nothing else.
import Browserbase from '@browserbasehq/sdk';
import puppeteer from 'puppeteer-core';
import { chromium } from 'playwright-core';
import { key, report, url } from './page.mjs';

const projectId = 'default';
const bb = new Browserbase({ apiKey: key, baseURL: url });
/** As a patient client: the SDK itself comes again when it was told to. */
const patient = { maxRetries: 20 };

async function statusOf(call) {
  try {
    await call();
    return 0;
  } catch (error) {
    return error.status ?? error.message;
  }
}

/** What a WebSocket's upgrade is answered with. */
async function upgrade(connectUrl) {
  try {
    (await puppeteer.connect({ browserWSEndpoint: connectUrl })).disconnect();
    return 101;
  } catch (error) {
    return Number(/response: (\d+)/.exec(error.message ?? error.error?.message ?? String(error))?.[1] ?? 0);
  }
}

/** The session once it is over; its own `endedAt` tells since when, whatever the polls take. */
async function ended(id, patience) {
  const end = Date.now() + patience;
  for (;;) {
    const last = Date.now() > end;
    const now = await bb.sessions.retrieve(id);
    if (now.status !== 'RUNNING') return now;
    if (last) throw new Error(`still ${now.status} after ${patience} ms`);
    await new Promise((next) => setTimeout(next, 50));
  }
}

const journeys = {
  // The seed's scripts, one after the other.
  async 'keep-alive'() {
    const session = await bb.sessions.create({ projectId, keepAlive: true }, patient);
    const first = await chromium.connectOverCDP(session.connectUrl);
    await first.contexts()[0].pages()[0].evaluate(() => (document.title = 'kept'));
    await first.close();
    const again = await chromium.connectOverCDP(session.connectUrl);
    const title = await again.contexts()[0].pages()[0].title();
    await again.close();
    const still = (await bb.sessions.retrieve(session.id)).status;
    const once = await bb.sessions.update(session.id, { status: 'REQUEST_RELEASE', projectId });
    const twice = await bb.sessions.update(session.id, { status: 'REQUEST_RELEASE', projectId });
    return { title, still, once: once.status, twice: twice.status, afterwards: await upgrade(session.connectUrl) };
  },

  async disconnect() {
    const session = await bb.sessions.create({ projectId }, patient);
    const browser = await puppeteer.connect({ browserWSEndpoint: session.connectUrl });
    await (await browser.pages())[0].title();
    const left = Date.now();
    await browser.disconnect();
    const now = await ended(session.id, 30_000);
    return { status: now.status, millis: Date.parse(now.endedAt) - left, afterwards: await upgrade(session.connectUrl) };
  },

  // Connected all the while: the end comes to a client that works.
  async 'sixty-seconds'() {
    const session = await bb.sessions.create({ projectId, keepAlive: true, timeout: 60 }, patient);
    const browser = await puppeteer.connect({ browserWSEndpoint: session.connectUrl });
    const cut = new Promise((gone) => browser.once('disconnected', () => gone(Date.now())));
    const promised = Date.parse(session.expiresAt) - Date.parse(session.startedAt);
    await new Promise((next) => setTimeout(next, Math.max(0, Date.parse(session.expiresAt) - Date.now() - 5000)));
    const before = (await bb.sessions.retrieve(session.id)).status;
    const now = await ended(session.id, 35_000);
    return {
      promised,
      before,
      status: now.status,
      late: Date.parse(now.endedAt) - Date.parse(session.expiresAt),
      cutLate: (await cut) - Date.parse(session.expiresAt),
      afterwards: await upgrade(session.connectUrl),
    };
  },

  async bounds() {
    return {
      above: await statusOf(() => bb.sessions.create({ projectId, timeout: 21601 })),
      below: await statusOf(() => bb.sessions.create({ projectId, timeout: 59 })),
      foreign: await statusOf(() => bb.sessions.create({ projectId: 'of-another' })),
      unknown: await statusOf(() => bb.sessions.retrieve('0190b1a0-0000-8000-8000-000000000000')),
    };
  },

  async rest() {
    const mark = String(Math.random());
    const session = await bb.sessions.create(
      { projectId, keepAlive: true, userMetadata: { run: { id: mark, quoted: "it's" } } },
      patient,
    );
    const list = (q, status) => bb.sessions.list({ q, status });
    const byRun = `user_metadata['run']['id']:'${mark}'`;
    const ids = async (...query) => (await list(...query)).map((one) => one.id === session.id);
    const facts = {
      byRun: await ids(byRun),
      both: await ids(byRun, 'RUNNING'),
      neither: await ids(byRun, 'COMPLETED'),
      otherValue: await ids(`user_metadata['run']['id']:'${mark}0'`),
      quoted: (await ids("user_metadata['run']['quoted']:'it\\'s'", 'RUNNING')).includes(true),
      malformed: await statusOf(() => list(`user_metadata.run:'${mark}'`)),
      injection: await statusOf(() => list("user_metadata['a']:'b' OR '1'='1'")),
      project: (await bb.projects.retrieve(projectId)).id,
      projects: (await bb.projects.list()).length,
      usage: await bb.projects.usage(projectId),
    };
    await bb.sessions.update(session.id, { status: 'REQUEST_RELEASE', projectId });
    facts.over = await ids(byRun, 'COMPLETED');
    return facts;
  },

  /** In a pool of one browser that somebody has: the SDK waits as it is told, and gets the next browser, once. */
  async retries(pool) {
    const held = await bb.sessions.create({ projectId, pool, keepAlive: true }, patient);
    const mark = String(Math.random());
    const wanted = bb.sessions.create({ projectId, pool, keepAlive: true, userMetadata: { mark } }, patient);
    const refused = await statusOf(() => bb.sessions.create({ projectId, pool }, { maxRetries: 0 }));
    await bb.sessions.update(held.id, { status: 'REQUEST_RELEASE' });
    const got = await wanted;
    const claimed = await bb.sessions.list({ q: `user_metadata['mark']:'${mark}'` });
    await bb.sessions.update(got.id, { status: 'REQUEST_RELEASE' });
    return { refused, other: got.id !== held.id, claimed: claimed.length };
  },

  /** In a pool that may have one session: each request that the SDK makes is counted. */
  async limit(pool) {
    const held = await bb.sessions.create({ projectId, pool, keepAlive: true }, patient);
    let requests = 0;
    const counting = new Browserbase({
      apiKey: key,
      baseURL: url,
      fetch: (...call) => {
        requests++;
        return fetch(...call);
      },
    });
    const mark = String(Math.random());
    const refused = await statusOf(() => counting.sessions.create({ projectId, pool, userMetadata: { mark } }));
    const inPool = (await bb.sessions.list({ status: 'RUNNING' })).filter((one) => one.pool === `default/${pool}`);
    const afterwards = (await bb.sessions.retrieve(held.id)).status;
    await bb.sessions.update(held.id, { status: 'REQUEST_RELEASE' });
    return { refused, requests, claimed: inPool.length, afterwards };
  },
};

report(await journeys[process.argv[2]](...process.argv.slice(3)));
