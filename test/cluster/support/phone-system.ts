import { randomBytes } from 'node:crypto';
import { systemClock } from '../../../src/foundation/clock.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../../src/foundation/json.ts';
import type { Company } from '../../../src/sandbox/company.ts';
import { type Listener, listen } from '../../../src/sandbox/listen.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../../src/sandbox/sandbox.ts';

export interface Stats {
  readonly requests: Readonly<Record<string, number>>;
  readonly writes: number;
}

const mediaTypes: Readonly<Record<string, string>> = {
  users: 'application/vnd.users.v1+json',
  extensions: 'application/vnd.extensions.v1+json',
  administrators: 'application/vnd.administrators.v1+json',
  invitations: 'application/vnd.invitations.v1+json',
  'porting-orders': 'application/vnd.porting-orders.v1+json',
  'phone-numbers': 'application/vnd.phonenumbers.v1+json',
  sites: 'application/vnd.sites.v1+json',
};

/** A sandbox phone system on a port of its own, with what tests need to look into it and to meddle with it. */
export class TestPhoneSystem {
  readonly apiKey: string;
  readonly #sandbox: Sandbox;
  readonly #listener: Listener;
  readonly #controlToken: string;

  private constructor(sandbox: Sandbox, listener: Listener, apiKey: string, controlToken: string) {
    this.#sandbox = sandbox;
    this.#listener = listener;
    this.apiKey = apiKey;
    this.#controlToken = controlToken;
  }

  static async start(company: Company, options: Partial<SandboxOptions> = {}): Promise<TestPhoneSystem> {
    const apiKey = randomKey();
    const controlToken = randomKey();
    const sandbox = createSandbox({
      clock: systemClock,
      seed: 11,
      customerId: '0012J00000ACME0001',
      apiKeys: [{ key: apiKey, name: 'dialops' }],
      company,
      controlToken,
      unlimited: true,
      operationLatency: { min: 50, max: 150 },
      ...options,
    });
    return new TestPhoneSystem(sandbox, await listen(sandbox), apiKey, controlToken);
  }

  get endpoint(): string {
    return this.#listener.endpoint;
  }

  /** Takes it off the network and ends it. */
  async stop(): Promise<void> {
    await this.#listener.close();
    this.#sandbox.close();
  }

  /** All objects of a collection, as the API lists them now, whatever the limits; not counted anywhere else. */
  async list(collection: string): Promise<readonly JsonObject[]> {
    const found: JsonObject[] = [];
    let query = '?pageSize=100';
    for (;;) {
      const page = await this.#get(`/${collection}${query}`, collection);
      const data = isJsonObject(page) && isJsonArray(page.data) ? page.data.filter(isJsonObject) : [];
      found.push(...data);
      const pagination = isJsonObject(page) && isJsonObject(page.pagination) ? page.pagination : {};
      const { nextScrollId } = pagination;
      if (typeof nextScrollId !== 'string' || data.length === 0) return found;
      query = `?scrollId=${encodeURIComponent(nextScrollId)}`;
    }
  }

  async get(collection: string, id: string): Promise<JsonObject> {
    const object = await this.#get(`/${collection}/${encodeURIComponent(id)}`, collection);
    if (!isJsonObject(object)) throw new Error(`the phone system has no ${collection}/${id}`);
    return object;
  }

  async #get(path: string, collection: string): Promise<Json> {
    const response = await this.#sandbox.handle({
      method: 'GET',
      url: `${this.endpoint}${path}`,
      headers: { 'x-api-key': this.apiKey, accept: mediaTypes[collection] ?? 'application/json' },
    });
    if (response.status !== 200) throw new Error(`GET ${path} was answered ${response.status}`);
    return JSON.parse(response.body);
  }

  /** One user by user name; fails when there is none or more than one. */
  async user(userName: string): Promise<JsonObject> {
    const found = (await this.list('users')).filter((user) => basicInfo(user).userName === userName);
    const [user] = found;
    if (!user || found.length > 1) throw new Error(`${found.length} users are called ${userName}`);
    return user;
  }

  /** Changes something as a person in the web console would. */
  async console(userName: string, path: string, merge: JsonObject): Promise<void> {
    await this.control('/console/patch', { actor: { userName }, path, merge });
  }

  async control(path: string, body?: Json, method: 'POST' | 'GET' | 'DELETE' = 'POST'): Promise<Json> {
    const response = await this.#sandbox.handle({
      method,
      url: `${this.#listener.origin}/_control${path}`,
      headers: { authorization: `Bearer ${this.#controlToken}`, 'content-type': 'application/json' },
      ...(method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {}),
    });
    const text = response.body;
    if (response.status >= 300)
      throw new Error(`control ${method} ${path} was answered ${response.status}: ${text}`);
    return text === '' ? null : JSON.parse(text);
  }

  async stats(): Promise<Stats> {
    const stats = await this.control('/stats', undefined, 'GET');
    if (!isJsonObject(stats) || typeof stats.writes !== 'number' || !isJsonObject(stats.requests))
      throw new Error('the sandbox gives no statistics');
    const requests = Object.entries(stats.requests).map(([route, count]) => [route, Number(count)] as const);
    return { writes: stats.writes, requests: Object.fromEntries(requests) };
  }
}

export function basicInfo(user: JsonObject): JsonObject {
  return isJsonObject(user.basicInfo) ? user.basicInfo : {};
}

export function userId(user: JsonObject): string {
  return String(basicInfo(user).userId);
}

/** Extensions inside a user's body. */
export function extensionsOf(user: JsonObject): readonly JsonObject[] {
  const service = isJsonObject(user.serviceInfo) ? user.serviceInfo : {};
  return isJsonArray(service.extensions) ? service.extensions.filter(isJsonObject) : [];
}

function randomKey(): string {
  return randomBytes(24).toString('hex');
}
