import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../../foundation/json.ts';
import { SimulatedClock } from '../../../foundation/simulated-clock.ts';
import { type Company, seedCompany } from '../../company.ts';
import { createSandbox, type Sandbox } from '../../sandbox.ts';
import { mediaTypeNames } from '../../vocabulary.ts';
import { extensionsModule } from '../module.ts';
import { operationOf, violations } from './contract.ts';

export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

const origin = 'http://127.0.0.1:8080';

/** A sandbox with eight people at two sites, and a client that holds every answer against extensions-v1.yaml. */
export class Driver {
  readonly company: Company = seedCompany({ users: 8, seed: 1 });
  readonly exercised = new Set<string>();
  /** Method and path of each request, as they were sent: `GET /users/abc`, `POST /_control/clock`. */
  readonly sent: string[] = [];
  readonly #sandbox: Sandbox;

  /** @param dataFile a SQLite file, to be opened again by another driver */
  constructor(dataFile?: string) {
    this.#sandbox = createSandbox({
      clock: new SimulatedClock(),
      seed: 1,
      customerId: '0012J00042NkZQIQA3',
      apiKeys: [{ key: 'key', name: 'test' }],
      company: this.company,
      unlimited: true,
      controlToken: 'token',
      modules: [extensionsModule],
      ...(dataFile === undefined ? {} : { dataFile }),
    });
  }

  /** All that the sandbox answers, such as `PUT /users/{userId}`. */
  get routes(): readonly string[] {
    return this.#sandbox.routes;
  }

  close(): void {
    this.#sandbox.close();
  }

  get(path: string): Promise<Answer> {
    return this.request('GET', path);
  }

  async request(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: JsonObject | Uint8Array,
    contentType = mediaTypeOf(path),
  ): Promise<Answer> {
    this.sent.push(`${method} ${path.split('?')[0]}`);
    const response = await this.#sandbox.handle({
      method,
      url: `${origin}/admin-provisioning${path}`,
      headers: { 'x-api-key': 'key', ...(body === undefined ? {} : { 'content-type': contentType }) },
      ...(body === undefined ? {} : { body: body instanceof Uint8Array ? body : JSON.stringify(body) }),
    });
    const parsed: Json = response.body === '' ? null : JSON.parse(response.body);
    const operation = operationOf(method, path);
    if (operation !== undefined) {
      this.exercised.add(operation);
      const faults = violations(operation, response.status, response.headers['content-type'] ?? '', parsed);
      if (faults.length > 0) throw new Error(`${faults.join('\n')}\n${response.body}`);
    }
    return { status: response.status, body: isJsonObject(parsed) ? parsed : {} };
  }

  /** Sends a write that must be accepted, lets it complete, and returns its operation. */
  async write(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: JsonObject): Promise<JsonObject> {
    const accepted = await this.request(method, path, body);
    if (accepted.status !== 202) throw new Error(`${accepted.status} ${JSON.stringify(accepted.body)}`);
    await this.advance(6_000);
    return (await this.get(`/operations/${accepted.body.operationId}`)).body;
  }

  /** Id of what the write was about. */
  async written(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: JsonObject): Promise<string> {
    const operation = await this.write(method, path, body);
    if (operation.status !== 'COMPLETED') throw new Error(JSON.stringify(operation));
    return String(operation.resourceId);
  }

  async rows(path: string): Promise<JsonObject[]> {
    return objects((await this.get(path)).body.data);
  }

  async control(method: 'GET' | 'POST', path: string, body?: JsonObject): Promise<Json> {
    this.sent.push(`${method} /_control${path}`);
    const response = await this.#sandbox.handle({
      method,
      url: `${origin}/_control${path}`,
      headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.status !== 200) throw new Error(`${response.status} ${response.body}`);
    const parsed: Json = JSON.parse(response.body);
    return parsed;
  }

  async advance(advanceMs: number): Promise<void> {
    await this.control('POST', '/clock', { advanceMs });
  }

  /** The sandbox's time, ISO 8601. */
  async now(): Promise<string> {
    return String(object(await this.control('GET', '/clock')).now);
  }

  /** The newest 100 audit records of the last days, about one kind of object or about all. */
  async audit(entityType?: string): Promise<JsonObject[]> {
    const now = Date.parse(await this.now());
    const query = new URLSearchParams({
      service: 'platform',
      size: '100',
      startTime: new Date(now - 30 * 86_400_000).toISOString(),
      endTime: new Date(now + 1000).toISOString(),
      ...(entityType === undefined ? {} : { entityTypes: entityType }),
    });
    const response = await this.#sandbox.handle({
      method: 'GET',
      url: `${origin}/administration/audit/v1/audits?${query}`,
      headers: { 'x-api-key': 'key' },
    });
    const page: Json = JSON.parse(response.body);
    return isJsonObject(page) ? objects(page.data ?? page.content ?? page.records) : [];
  }
}

export function objects(value: Json | undefined): JsonObject[] {
  return isJsonArray(value) ? value.filter(isJsonObject) : [];
}

export function object(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The fields that an answer complains about. */
export function fields(answer: Answer): Json[] {
  return objects(answer.body.errors).map((error) => error.field ?? null);
}

export function codes(answer: Answer): Json[] {
  return objects(answer.body.errors).map((error) => error.code ?? null);
}

function mediaTypeOf(path: string): string {
  if (path.endsWith('/update-members')) return mediaTypeNames.updateMembers;
  const collection = path.split(/[/?]/)[1];
  return `application/vnd.${collection === 'ring-groups' ? 'ringgroups' : collection}.v1+json`;
}
