import type { Json, JsonObject } from '../../../foundation/json.ts';
import { Driver, object } from './driver.ts';

/** A write that was accepted and carried out. */
export interface Accepted {
  /** Of the object that it was about. */
  readonly id: string;
  /** When it was carried out, ISO 8601. */
  readonly time: string;
  readonly actor: string;
}

/** Sends writes of all kinds to one sandbox. What earlier writes have made is what later ones are about. */
export class WriteSession {
  readonly driver = new Driver();
  readonly siteId = this.driver.company.sites[0]?.id ?? '';
  readonly userId = this.driver.company.users[1]?.id ?? '';
  readonly userName = this.driver.company.users[1]?.userName ?? '';
  /** Ids by what a case calls them. */
  readonly made: Record<string, string> = {};

  /** A write by API key that becomes an operation. */
  async start(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: JsonObject): Promise<Accepted> {
    const operation = await this.driver.write(method, path, body);
    if (operation.status !== 'COMPLETED') throw new Error(JSON.stringify(operation));
    return { id: String(operation.resourceId), time: String(operation.completedTime), actor: 'test' };
  }

  /** Sends what GET one shows again, with some members changed. */
  async putAgain(path: string, changes: JsonObject = {}): Promise<Accepted> {
    return this.start('PUT', path, { ...(await this.driver.get(path)).body, ...changes });
  }

  /** Remembers the object's id under a name. */
  async make(name: string, accepted: Promise<Accepted>): Promise<Accepted> {
    const { id } = await accepted;
    this.made[name] = id;
    return accepted;
  }

  /** A write by API key that is carried out before its answer. */
  async atOnce(
    method: 'POST' | 'DELETE',
    path: string,
    body?: JsonObject | Uint8Array,
    contentType?: string,
  ): Promise<Accepted> {
    await this.driver.advance(1000);
    const answer = await this.driver.request(method, path, body, contentType);
    if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    const id = String(answer.body.id ?? path.split('/').at(-1));
    return { id, time: await this.driver.now(), actor: 'test' };
  }

  /** A write through the control API, which is always carried out at once. */
  async control(path: string, actor: string, id: string, body: JsonObject = {}): Promise<Accepted> {
    await this.driver.advance(1000);
    const answer = object(await this.driver.control('POST', path, body));
    return { id: id === '' ? String(answer.resourceId) : id, time: await this.driver.now(), actor };
  }

  /** As a person in the web console. Without an id: that of what the write makes. */
  console(method: string, path: string, id: string, body?: Json): Promise<Accepted> {
    const userName = 'someone@example.com';
    const request = { actor: { userName }, method, path, ...(body === undefined ? {} : { body }) };
    return this.control('/console', userName, id, request);
  }
}
