// 200 visits by 20 workers at a time, each the Worker of Cloudflare's page "Reuse sessions" as it stands there, against the 8
// browsers of one pool. Between each worker and Hearth somebody takes notes: who held which session, and since when.
import WebSocket from 'ws';
import { hearthBinding } from '../../../docs/examples/cloudflare-binding.mjs';
import { key, report, servePage, url } from './page.mjs';
import worker from './worker/reuse-sessions.js';

const VISITS = 200;
const WORKERS = 20;
const binding = hearthBinding({ url, key, WebSocket, pool: process.argv[2] });
const local = await servePage();
console.log = () => {}; // the Worker's own notes; standard output is the report's

/** Ends every session that is listed: a worker takes any that it finds, whichever pool it came from. */
async function closeAll() {
  const { sessions } = await (await binding.fetch('https://fake.host/v1/sessions')).json();
  for (const { sessionId } of sessions) {
    const closed = await binding.fetch(`https://fake.host/v1/devtools/browser/${sessionId}`, { method: 'DELETE' });
    if (!closed.ok) throw new Error(`close: ${closed.status} ${await closed.text()}`);
  }
}
await closeAll();

const held = [];
const tally = { conflicts: 0, launches: 0, fallbacks: 0, refused: {} };

/** What one visit does with its binding. */
function watched() {
  let lost = false;
  return {
    async fetch(input, init) {
      const asked = new URL(input);
      const response = await binding.fetch(input, init);
      if (init?.method === 'POST') {
        if (response.status === 200) tally.launches++;
        else tally.refused[response.status] = (tally.refused[response.status] ?? 0) + 1;
        if (lost) tally.fallbacks++;
      } else if (init?.headers?.Upgrade) {
        if (response.webSocket) note(asked.pathname.split('/').at(-1), response.webSocket);
        else if (response.status === 409) {
          lost = true;
          tally.conflicts++;
        } else {
          tally.refused[response.status] = (tally.refused[response.status] ?? 0) + 1;
        }
      }
      return response;
    },
  };
}

/** From after the 101 to before the goodbye: what is said to overlap did overlap. */
function note(session, socket) {
  const entry = { session, from: performance.now(), to: Infinity };
  held.push(entry);
  let page;
  socket.addEventListener('message', ({ data }) => {
    page ??= JSON.parse(data).result?.targetId;
  });
  const close = socket.close.bind(socket);
  socket.close = () => {
    // The Worker leaves its pages open; 200 of them would be felt.
    if (page) socket.send(JSON.stringify({ id: 1e9, method: 'Target.closeTarget', params: { targetId: page } }));
    entry.to = performance.now();
    close();
  };
}

const served = [];
let next = 0;
async function work() {
  while (next < VISITS) {
    const visit = next++;
    const page = `${local.url}?visit=${visit}`;
    for (let tries = 0; ; tries++) {
      try {
        const answer = await worker.fetch(new Request(`http://worker/?url=${encodeURIComponent(page)}`), {
          MYBROWSER: watched(),
        });
        served[visit] = (await answer.text()).includes('local page');
        break;
      } catch (full) {
        if (!/code: (503|429)/.test(full.message) || tries === 1000) throw full;
        await new Promise((again) => setTimeout(again, 100 + Math.random() * 200));
      }
    }
  }
}
await Promise.all(Array.from({ length: WORKERS }, work));

const bySession = grouped(held);
let overlaps = 0;
for (const entries of bySession.values()) {
  entries.sort((a, b) => a.from - b.from);
  for (let i = 1; i < entries.length; i++) if (entries[i].from < entries[i - 1].to) overlaps++;
}
const history = (await (await binding.fetch('https://fake.host/v1/history')).json()).history;
const recorded = history.filter((session) => bySession.has(session.sessionId));
await closeAll();
report({
  served: served.filter(Boolean).length,
  sessions: bySession.size,
  recorded: recorded.length,
  connections: held.length,
  overlaps,
  ...tally,
});
local.close();

function grouped(entries) {
  const groups = new Map();
  for (const entry of entries) groups.set(entry.session, [...(groups.get(entry.session) ?? []), entry]);
  return groups;
}
