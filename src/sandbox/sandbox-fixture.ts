import type { HttpRequest, HttpResponse } from '../foundation/http.ts';
import { isJsonObject, type Json, type JsonObject } from '../foundation/json.ts';
import { SimulatedClock } from '../foundation/simulated-clock.ts';
import { seedCompany } from './company.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts';

/** A sandbox on a simulated clock, and the calls that tests make of it. */
export class SandboxFixture {
  readonly clock = new SimulatedClock();
  readonly sandbox: Sandbox;

  constructor(options: Partial<SandboxOptions> = {}) {
    this.sandbox = createSandbox({
      clock: this.clock,
      seed: 7,
      customerId: '0012J00042NkZQIQA3',
      apiKeys: [{ key: 'test-key', name: 'automation' }],
      company: seedCompany({ users: 6, seed: 7 }),
      unlimited: true,
      controlToken: 'test-token',
      ...options,
    });
  }

  send(
    method: HttpRequest['method'],
    path: string,
    body?: Json,
    headers: Record<string, string | undefined> = {},
  ): Promise<HttpResponse> {
    const isPublished = !path.startsWith('/_control') && !path.startsWith('/administration/');
    const all = {
      'x-api-key': 'test-key',
      authorization: 'Bearer test-token',
      ...(body === undefined ? {} : { 'content-type': mediaTypeOf(path) }),
      ...headers,
    };
    return this.sandbox.handle({
      method,
      url: `http://127.0.0.1:8080${isPublished ? '/admin-provisioning' : ''}${path}`,
      headers: Object.fromEntries(
        Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
      ),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** The body of a successful answer. */
  async read(method: HttpRequest['method'], path: string, body?: Json): Promise<JsonObject> {
    const response = await this.send(method, path, body);
    if (response.status >= 300) throw new Error(`${method} ${path}: ${response.status} ${response.body}`);
    return parse(response);
  }

  get(path: string): Promise<JsonObject> {
    return this.read('GET', path);
  }

  /** Starts a write, lets it complete, and returns the finished operation. */
  async write(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: Json): Promise<JsonObject> {
    const started = await this.read(method, path, body);
    await this.clock.sleep(10_000);
    return this.get(`/operations/${String(started.operationId)}`);
  }

  /** A refused request: its status and first error. */
  async refused(
    method: HttpRequest['method'],
    path: string,
    body?: Json,
  ): Promise<{ status: number; error: JsonObject }> {
    const response = await this.send(method, path, body);
    return { status: response.status, error: first(parse(response).errors) };
  }

  /** Rows of a list. */
  async list(path: string): Promise<JsonObject[]> {
    return rows(await this.get(path));
  }
}

export function parse(response: HttpResponse): JsonObject {
  const value: Json = JSON.parse(response.body);
  if (!isJsonObject(value)) throw new Error(`Not an object: ${response.body}`);
  return value;
}

/** Follows names and list positions into a JSON value. */
export function at(value: Json | undefined, ...path: (string | number)[]): Json | undefined {
  let current: Json | undefined = value;
  for (const step of path) {
    if (typeof step === 'number') current = Array.isArray(current) ? current[step] : undefined;
    else current = isJsonObject(current) ? current[step] : undefined;
  }
  return current;
}

/** The objects in `data`, or in the given list. */
export function rows(value: Json | undefined): JsonObject[] {
  const list = isJsonObject(value) ? value.data : value;
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

export function first(value: Json | undefined): JsonObject {
  return rows(value)[0] ?? {};
}

/** A body as a client builds one from what it read: changed parts by dotted path. */
export function changed(body: JsonObject, changes: Readonly<Record<string, Json | undefined>>): JsonObject {
  const copy: Json = structuredClone(body);
  let result: JsonObject = isJsonObject(copy) ? copy : {};
  for (const [path, value] of Object.entries(changes)) result = replace(result, path.split('.'), value);
  return result;
}

function replace(target: Json | undefined, path: readonly string[], value: Json | undefined): JsonObject {
  const [name = '', ...rest] = path;
  const base = isJsonObject(target) ? target : {};
  const child = rest.length === 0 ? value : replace(base[name], rest, value);
  const { [name]: _before, ...others } = base;
  return child === undefined ? others : { ...others, [name]: child };
}

function mediaTypeOf(path: string): string {
  if (path.startsWith('/_control')) return 'application/json';
  if (path.endsWith('/update-members')) return 'application/vnd.ringgroups.update-members.v1+json';
  const collection = path.split(/[/?]/)[1] ?? '';
  return `application/vnd.${collection === 'porting-orders' ? collection : collection.replace(/-/g, '')}.v1+json`;
}
