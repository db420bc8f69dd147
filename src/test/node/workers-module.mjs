// Lets a package that is made for Workers be imported by Node: `cloudflare:workers` is the runtime's own there.
// Import this first, then that package by import().
import { register } from 'node:module';
import WebSocket from 'ws';

globalThis.WebSocket ??= WebSocket; // Node 20 has none

register(
  `data:text/javascript,${encodeURIComponent(`
export async function resolve(specifier, context, next) {
  return specifier === 'cloudflare:workers'
    ? { url: 'data:text/javascript,export const env = {}', shortCircuit: true }
    : next(specifier, context);
}`)}`,
);
