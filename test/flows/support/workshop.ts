import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Json } from '../../../src/foundation/json.ts';
import { dialops, type Ended, killCommands, startDialops } from './command.ts';

export const examples = new URL('../../../examples/', import.meta.url).pathname;
/** Of the sandbox, for its API and for its control API. */
export const workshopKey = 'a-key-for-this-test';

export interface WorkshopOptions {
  /** How long operations take. */
  readonly latencyMs?: { readonly min: number; readonly max: number };
  readonly sparseRows?: boolean;
  /** Where the folder is made. */
  readonly parent?: string;
}

/** The folder of a user with a key in it, and a sandbox of its own that holds what examples/acme needs. */
export class Workshop {
  readonly folder: string;
  readonly endpoint: string;
  /** With what dialops finds the sandbox, and no configuration of the machine's. */
  readonly env: Readonly<Record<string, string>>;

  private constructor(folder: string, endpoint: string) {
    this.folder = folder;
    this.endpoint = endpoint;
    this.env = {
      DIALOPS_ENDPOINT: endpoint,
      DIALOPS_API_KEY_FILE: join(folder, 'key'),
      XDG_CONFIG_HOME: folder,
      NO_COLOR: '1',
    };
  }

  static async open({ parent = tmpdir(), ...settings }: WorkshopOptions = {}) {
    const folder = await mkdtemp(join(parent, 'dialops-workshop-'));
    const key = join(folder, 'key');
    await writeFile(key, workshopKey);
    const sandbox = startDialops([
      'sandbox',
      ...['--listen', '127.0.0.1:0', '--api-key-file', key, '--control-token-file', key, '--unlimited'],
      ...['--company', join(examples, 'acme', 'account.json')],
    ]);
    const workshop = new Workshop(folder, await sandbox.says(/endpoint (\S+),/));
    await workshop.control('POST', 'settings', settings);
    return workshop;
  }

  /** Runs dialops to its end. */
  run(...args: string[]): Promise<Ended> {
    return dialops(args, this.env);
  }

  /** Asks the sandbox's control API. */
  async control(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<Json> {
    const answer = await fetch(new URL(`/_control/${path}`, this.endpoint), {
      method,
      headers: { authorization: `Bearer ${workshopKey}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    expect(answer.status, text).toBe(200);
    return JSON.parse(text);
  }

  /** Somebody changes an object in the console. */
  async change(path: string, merge: object): Promise<void> {
    await this.control('POST', 'console/patch', { actor: { userName: 'someone@example.com' }, path, merge });
  }

  /** Somebody deletes an object in the console. */
  async remove(path: string): Promise<void> {
    await this.control('POST', 'console', {
      actor: { userName: 'someone@example.com' },
      method: 'DELETE',
      path,
    });
  }

  async close(): Promise<void> {
    killCommands();
    await rm(this.folder, { recursive: true, force: true });
  }
}
