import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isJsonObject, type Json, type JsonObject } from '../../src/foundation/json.ts';
import type { Daemon } from '../../test/cluster/daemon.ts';
import { freePort } from '../../test/cluster/free-port.ts';
import type { Reaper } from '../../test/cluster/reaper.ts';
import { mustRun, startDialops, stopDialops } from './processes.ts';
import { until } from './until.ts';

/** The port that examples/acme/phone-system.yaml names. */
const EXAMPLE_PORT = 8480;
const START_TIMEOUT_MS = 30_000;
const REQUEST_TIMEOUT_MS = 10_000;
/** The operator uses the key's requests of a minute too: within two of them there is room for one more. */
const BUDGET_TIMEOUT_MS = 120_000;
const BUDGET_INTERVAL_MS = 3_000;
const inventory = fileURLToPath(new URL('../../examples/acme/account.json', import.meta.url));

/** The sandbox in a process of its own, seen as a client and as the web console see it. */
export class DemoPhoneSystem {
  readonly origin: string;
  readonly apiKey: string;
  readonly #controlToken: string;
  readonly #daemon: Daemon;
  readonly #signal: AbortSignal;

  private constructor(
    origin: string,
    secrets: { readonly apiKey: string; readonly controlToken: string },
    daemon: Daemon,
    signal: AbortSignal,
  ) {
    this.origin = origin;
    this.apiKey = secrets.apiKey;
    this.#controlToken = secrets.controlToken;
    this.#daemon = daemon;
    this.#signal = signal;
  }

  /** On the port of the example if that is free, else on another. */
  static async start(
    place: { readonly folder: string; readonly reaper: Reaper },
    signal: AbortSignal,
  ): Promise<DemoPhoneSystem> {
    const apiKey = randomBytes(16).toString('hex');
    const controlToken = randomBytes(16).toString('hex');
    const keyFile = join(place.folder, 'api-key');
    const tokenFile = join(place.folder, 'control-token');
    await writeFile(keyFile, apiKey, { mode: 0o600 });
    await writeFile(tokenFile, controlToken, { mode: 0o600 });
    for (const port of [EXAMPLE_PORT, await freePort()]) {
      const listen = `127.0.0.1:${port}`;
      const args = ['--listen', listen, '--api-key-file', keyFile, '--control-token-file', tokenFile];
      const daemon = await startDialops('sandbox', [...args, '--company', inventory], place);
      const phones = new DemoPhoneSystem(`http://${listen}`, { apiKey, controlToken }, daemon, signal);
      if (await phones.#answers()) return phones;
      const taken = (await daemon.logTail()).includes('EADDRINUSE');
      if (port !== EXAMPLE_PORT || !taken) await mustRun(daemon);
    }
    throw new Error('The sandbox found no port to listen on');
  }

  /** Such as `http://127.0.0.1:8480/admin-provisioning`. */
  get endpoint(): string {
    return `${this.origin}/admin-provisioning`;
  }

  stop(): Promise<void> {
    return stopDialops(this.#daemon);
  }

  mustRun(): Promise<void> {
    return mustRun(this.#daemon);
  }

  /** One object, as any client of the API reads it; waits while the key has used up its requests. */
  async read(collection: string, id: string): Promise<JsonObject> {
    const headers = { accept: `application/vnd.${collection}.v1+json`, 'x-api-key': this.apiKey };
    const path = `/admin-provisioning/${collection}/${encodeURIComponent(id)}`;
    const attempt = async () => {
      const response = await this.#send('GET', path, headers);
      if (response.status !== 429) return await objectIn(response);
      await response.body?.cancel();
      return undefined;
    };
    return await until('a request that the limits allow', attempt, {
      signal: this.#signal,
      timeoutMs: BUDGET_TIMEOUT_MS,
      intervalMs: BUDGET_INTERVAL_MS,
    });
  }

  /** Changes one object as this person does it in the web console: a JSON merge patch. */
  async change(actor: string, path: string, merge: JsonObject): Promise<void> {
    const headers = { authorization: `Bearer ${this.#controlToken}`, 'content-type': 'application/json' };
    const change = { actor: { userName: actor }, path, merge };
    await objectIn(await this.#send('POST', '/_control/console/patch', headers, change));
  }

  /** False when the process has ended; another program may hold the port, so the token is asked for as well. */
  #answers(): Promise<boolean> {
    const attempt = async () => {
      if (this.#daemon.ending !== undefined) return false;
      const headers = { authorization: `Bearer ${this.#controlToken}` };
      return await this.#send('GET', '/_control/clock', headers).then(
        ({ ok }) => ok || undefined,
        () => undefined,
      );
    };
    return until('the sandbox to answer', attempt, {
      signal: this.#signal,
      timeoutMs: START_TIMEOUT_MS,
      intervalMs: 100,
    });
  }

  #send(method: string, path: string, headers: Record<string, string>, body?: Json): Promise<Response> {
    return fetch(`${this.origin}${path}`, {
      method,
      headers,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
}

async function objectIn(response: Response): Promise<JsonObject> {
  const text = await response.text();
  if (!response.ok)
    throw new Error(`The phone system answers ${response.status} at ${response.url}: ${text}`);
  const answer: Json = JSON.parse(text);
  if (!isJsonObject(answer)) throw new Error(`The phone system answers no object at ${response.url}`);
  return answer;
}
