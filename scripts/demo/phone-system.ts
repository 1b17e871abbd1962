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
const inventory = fileURLToPath(new URL('../../examples/acme/account.json', import.meta.url));

/** The sandbox in a process of its own, seen as a client and as the web console see it. */
export class DemoPhoneSystem {
  readonly origin: string;
  readonly apiKey: string;
  readonly #controlToken: string;
  readonly #daemon: Daemon;

  private constructor(origin: string, apiKey: string, controlToken: string, daemon: Daemon) {
    this.origin = origin;
    this.apiKey = apiKey;
    this.#controlToken = controlToken;
    this.#daemon = daemon;
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
      const phones = new DemoPhoneSystem(`http://${listen}`, apiKey, controlToken, daemon);
      if (await phones.#answers(signal)) return phones;
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

  /** One object, as any client of the API reads it. */
  async read(collection: string, id: string): Promise<JsonObject> {
    const accept = `application/vnd.${collection}.v1+json`;
    return await this.#call('GET', `/admin-provisioning/${collection}/${encodeURIComponent(id)}`, {
      accept,
      'x-api-key': this.apiKey,
    });
  }

  /** Changes one object as this person does it in the web console: a JSON merge patch. */
  async change(actor: string, path: string, merge: JsonObject): Promise<void> {
    const headers = { authorization: `Bearer ${this.#controlToken}`, 'content-type': 'application/json' };
    await this.#call('POST', '/_control/console/patch', headers, { actor: { userName: actor }, path, merge });
  }

  /** False when the process has ended; another program may hold the port, so the token is asked for as well. */
  #answers(signal: AbortSignal): Promise<boolean> {
    const attempt = async () => {
      if (this.#daemon.ending !== undefined) return false;
      const headers = { authorization: `Bearer ${this.#controlToken}` };
      return await this.#call('GET', '/_control/clock', headers).then(
        () => true,
        () => undefined,
      );
    };
    return until('the sandbox to answer', attempt, { signal, timeoutMs: START_TIMEOUT_MS, intervalMs: 100 });
  }

  async #call(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: Json,
  ): Promise<JsonObject> {
    const response = await fetch(`${this.origin}${path}`, {
      method,
      headers,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} of the phone system: ${response.status} ${text}`);
    const answer: Json = JSON.parse(text);
    if (!isJsonObject(answer)) throw new Error(`${method} ${path} of the phone system: not an object`);
    return answer;
  }
}
