// A Worker of worker/ under workerd: reuse-sessions.js is that of Cloudflare's page "Reuse sessions", as it stands there. Its
// browser binding is a service that is Hearth, with the key put into each request by the runtime.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import workerd from 'workerd';
import { key, report, servePage, url } from './page.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const dir = await mkdtemp(join(tmpdir(), 'hearth-worker-'));
const port = await new Promise((free) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => free(port));
  });
});

await build({
  entryPoints: [here(`worker/${process.argv[2]}.js`)],
  outfile: join(dir, 'worker.js'),
  bundle: true,
  format: 'esm',
  conditions: ['workerd', 'worker', 'browser'],
  external: ['node:*', 'cloudflare:*'],
  logLevel: 'error',
});
const text = (value) => JSON.stringify(value);
await writeFile(
  join(dir, 'config.capnp'),
  `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "hearth", external = (address = ${text(new URL(url).host)}, http = (
      injectRequestHeaders = [(name = "Authorization", value = ${text(`Bearer ${key}`)})]))),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2026-02-14",
  compatibilityFlags = ["nodejs_compat"],
  bindings = [(name = "MYBROWSER", service = "hearth")],
);
`,
  { mode: 0o600 },
);

const local = await servePage();
const runtime = spawn(workerd.default ?? workerd, ['serve', join(dir, 'config.capnp')], { stdio: ['ignore', 'ignore', 'inherit'] });
try {
  const visit = async () => {
    const end = Date.now() + 60_000;
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${port}/?url=${encodeURIComponent(local.url)}`).catch(() => null);
      if (answer?.ok) return answer.text();
      if (Date.now() > end) throw new Error(`the Worker answers ${answer?.status}: ${await answer?.text()}`);
      await new Promise((next) => setTimeout(next, 200));
    }
  };
  const visits = [];
  for (let visited = 0; visited < 5; visited++) visits.push(await visit());
  report({ visits });
} finally {
  runtime.kill('SIGKILL');
  local.close();
  await rm(dir, { recursive: true });
}
