import { beforeEach, expect, it } from 'vitest';
import type { HttpRequest, Transport } from '../foundation/http.ts';
import { SimulatedClock } from '../foundation/simulated-clock.ts';
import { finishingTransport } from './finishing-transport.ts';

let clock: SimulatedClock;
let stop: AbortController;
beforeEach(() => {
  clock = new SimulatedClock();
  stop = new AbortController();
});

/** Sends one request that takes so long to be answered, and stops after a second. */
async function send(method: HttpRequest['method'], answerMs: number): Promise<number> {
  const inner: Transport = async (_request, signal) => {
    await clock.sleep(answerMs, signal);
    return { status: 202, headers: {}, body: '' };
  };
  const request = { method, url: 'https://phones.example.com/users', headers: {} };
  const sent = finishingTransport(inner, clock)(request, stop.signal);
  void clock.sleep(1_000).then(() => stop.abort(new Error('stopping')));
  return (await sent).status;
}

it('a write that is under way is answered after all', async () => {
  expect(await send('POST', 4_000)).toBe(202);
});

it('but not waited for without end', async () => {
  const since = clock.now();
  await expect(send('PUT', 60_000)).rejects.toThrow('stopping');
  expect(clock.now() - since).toBe(6_000);
});

it('a read ends at once', async () => {
  const since = clock.now();
  await expect(send('GET', 4_000)).rejects.toThrow('stopping');
  expect(clock.now() - since).toBe(1_000);
});

it('nothing is sent after the stop', async () => {
  stop.abort(new Error('stopping'));
  await expect(send('POST', 1)).rejects.toThrow('stopping');
});
