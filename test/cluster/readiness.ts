import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import type { Clock } from '../../src/foundation/clock.ts';
import type { Daemon } from './daemon.ts';
import type { Kubectl } from './kubectl.ts';

const DEADLINE_MS = 120_000;
const POLL_MS = 100;
const REQUEST_TIMEOUT_MS = 5_000;

/** Resolves once the API server on `port` says that it is ready. */
export function untilReady(
  certificate: string,
  port: number,
  daemons: readonly Daemon[],
  clock: Clock,
): Promise<void> {
  return poll('the API server to be ready', daemons, clock, async () => {
    const ca = await readFile(certificate, 'utf8');
    const { status, body } = await get(port, '/readyz?verbose', ca);
    if (status !== 200) throw new Error(`/readyz answers ${status}: ${body}`);
  });
}

/** Resolves once the controllers have given the namespace `default` its service account. */
export function untilControllersWork(
  kubectl: Kubectl,
  daemons: readonly Daemon[],
  clock: Clock,
): Promise<void> {
  return poll('the controllers to work', daemons, clock, async () => {
    const { exitCode, stderr } = await kubectl(['get', 'serviceaccount', 'default', '-n', 'default']);
    if (exitCode !== 0) throw new Error(stderr.trim());
  });
}

/** @throws Error with log lines as soon as one of the daemons has ended, or at the deadline */
async function poll(
  what: string,
  daemons: readonly Daemon[],
  clock: Clock,
  attempt: () => Promise<void>,
): Promise<void> {
  const deadline = clock.now() + DEADLINE_MS;
  for (;;) {
    const ended = daemons.find((daemon) => daemon.ending !== undefined);
    if (ended !== undefined) {
      throw new Error(`${ended.name} ${ended.ending}\n${await ended.logTail()}`);
    }
    try {
      return await attempt();
    } catch (error) {
      if (clock.now() > deadline) {
        const tails = await Promise.all(daemons.map((daemon) => daemon.logTail()));
        const last = error instanceof Error ? error.message : String(error);
        throw new Error(
          `waited ${DEADLINE_MS / 1000} s for ${what}, in vain. Last: ${last}\n${tails.join('\n')}`,
        );
      }
      await clock.sleep(POLL_MS);
    }
  }
}

function get(port: number, path: string, ca: string): Promise<{ status: number; body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  const outgoing = request({ host: '127.0.0.1', port, path, ca, signal, agent: false }, (response) => {
    let body = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      body += chunk;
    });
    response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    response.on('error', reject);
  });
  outgoing.on('error', reject);
  outgoing.end();
  return promise;
}
