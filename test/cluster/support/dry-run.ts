import { Agent, request } from 'node:https';
import { isJsonObject, type Json, type JsonObject } from '../../../src/foundation/json.ts';
import { type Kind, kindNames } from '../../../src/resources/kinds.ts';
import type { ClusterAccess } from '../cluster-access.ts';
import { kubectlOutput } from '../kubectl.ts';

/** The API server's word on a manifest. */
export interface ServerVerdict {
  readonly accepted: boolean;
  /** Its words, when refused. */
  readonly message: string;
}

/** Asks the API server what it would do with a manifest: `dryRun=All`, strict field validation, create. */
export class DryRun {
  readonly #access: ClusterAccess;
  readonly #namespace: string;
  readonly #token: string;
  readonly #agent: Agent;

  constructor(access: ClusterAccess, namespace: string, token: string) {
    this.#access = access;
    this.#namespace = namespace;
    this.#token = token;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 16, ca: access.certificateAuthority });
  }

  static async open(access: ClusterAccess, namespace: string): Promise<DryRun> {
    const name = 'dry-run';
    const rules = [{ apiGroups: ['dialops.dev'], resources: ['*'], verbs: ['create'] }];
    const list: JsonObject = {
      apiVersion: 'v1',
      kind: 'List',
      items: [
        { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } },
        { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name }, rules },
        {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'RoleBinding',
          metadata: { name },
          subjects: [{ kind: 'ServiceAccount', name, namespace }],
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
        },
      ],
    };
    const input = JSON.stringify(list);
    await kubectlOutput(access.kubectl, ['apply', '-n', namespace, '-f', '-'], { input });
    return new DryRun(access, namespace, await access.mintToken({ namespace, name }));
  }

  close(): void {
    this.#agent.destroy();
  }

  /** @throws Error when the answer says nothing about the manifest */
  async create(kind: Kind, manifest: JsonObject): Promise<ServerVerdict> {
    const path = `/apis/dialops.dev/v1alpha1/namespaces/${this.#namespace}/${kindNames[kind].plural}?dryRun=All&fieldValidation=Strict`;
    const { body, status } = await this.#post(path, JSON.stringify(manifest));
    if (status === 201) return { accepted: true, message: '' };
    const message =
      isJsonObject(body) && typeof body.message === 'string' ? body.message : JSON.stringify(body);
    if (status !== 400 && status !== 422) throw new Error(`the API server answered ${status}: ${message}`);
    return { accepted: false, message };
  }

  #post(path: string, text: string): Promise<{ readonly status: number; readonly body: Json }> {
    const { promise, reject, resolve } = Promise.withResolvers<{
      readonly status: number;
      readonly body: Json;
    }>();
    const outgoing = request(
      new URL(path, this.#access.server),
      {
        agent: this.#agent,
        method: 'POST',
        timeout: 30_000,
        headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      },
      (incoming) => {
        let answer = '';
        incoming.setEncoding('utf8').on('data', (chunk: string) => {
          answer += chunk;
        });
        incoming.on('error', reject);
        incoming.on('end', () => {
          try {
            const body: Json = JSON.parse(answer);
            resolve({ status: incoming.statusCode ?? 0, body });
          } catch (error) {
            reject(error);
          }
        });
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error('the API server did not answer within 30 s')));
    outgoing.on('error', reject);
    outgoing.end(text);
    return promise;
  }
}
