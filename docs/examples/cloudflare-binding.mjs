// A browser binding for programs outside of Workers: pass it to @cloudflare/puppeteer or @cloudflare/playwright in place of
// env.MYBROWSER, and they drive Hearth's browsers.
//
//   import puppeteer from '@cloudflare/puppeteer';
//   import WebSocket from 'ws';
//   import { hearthBinding } from './cloudflare-binding.mjs';
//
//   const hearth = hearthBinding({ url: 'http://localhost:8080', key: process.env.HEARTH_API_KEY, WebSocket });
//   const browser = await puppeteer.launch(hearth);
//
// Needs the `ws` package: a WebSocket of Node's own neither sends a header nor shows why it was refused.

/**
 * @param {{ url: string, key: string, WebSocket: typeof import('ws').WebSocket, pool?: string, region?: string }} hearth the
 *   gateway, a project's key, the `ws` package's class, and where new sessions are claimed from
 */
export function hearthBinding({ url, key, WebSocket, pool, region }) {
  const headers = { authorization: `Bearer ${key}` };
  return {
    /** As a Worker's binding: the host that the client makes up is dropped, the path is Hearth's below /cloudflare. */
    async fetch(input, init = {}) {
      const asked = new URL(input instanceof Request ? input.url : input);
      const target = new URL(`${url.replace(/\/$/, '')}/cloudflare${asked.pathname}${asked.search}`);
      if (pool) target.searchParams.set('pool', pool);
      if (region) target.searchParams.set('region', region);
      const sent = { ...Object.fromEntries(new Headers(init.headers)), ...headers };
      if (sent.upgrade === 'websocket') {
        delete sent.upgrade;
        return connect(WebSocket, target, sent);
      }
      return fetch(target, { ...init, headers: sent });
    },
  };
}

/** A response with an open `webSocket`, or the refusal with its words. */
function connect(WebSocket, target, headers) {
  target.protocol = target.protocol.replace('http', 'ws');
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(target, { headers, perMessageDeflate: false, maxPayload: 256 * 1024 * 1024 });
    socket.once('open', () => {
      // Nothing may be said before somebody listens.
      socket.pause();
      socket.accept = () => socket.resume();
      resolve({ status: 101, webSocket: socket, text: async () => '' });
    });
    socket.once('unexpected-response', (_, refusal) => {
      const wire = refusal.socket;
      let words = '';
      refusal.setEncoding('utf8');
      refusal.on('data', (part) => (words += part));
      refusal.on('end', () => {
        wire.destroy(); // the gateway would take another request on it
        resolve({ status: refusal.statusCode, headers: new Headers(refusal.headers), webSocket: null, text: async () => words });
      });
    });
    socket.once('error', reject);
  });
}
