import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { RequestOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KubernetesClient } from './client.ts';
import { ApiConnection } from './connection.ts';
import { loadKubeConfig } from './kube-config.ts';
import { plainType } from './object.ts';
import { ManualClock } from './testing/manual-clock.ts';

const serviceAccount = 'var/run/secrets/kubernetes.io/serviceaccount';
const widgets = plainType('example.com', 'v1', 'widgets', 'Widget');
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kube-config-'));
});
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

describe('in a pod', () => {
  const root = () => `${folder}/`;
  const rotate = (token: string) => writeFile(join(folder, serviceAccount, 'token'), `${token}\n`);
  beforeEach(async () => {
    await mkdir(join(folder, serviceAccount), { recursive: true });
    await writeFile(join(folder, serviceAccount, 'ca.crt'), 'a certificate');
    await writeFile(join(folder, serviceAccount, 'namespace'), 'dialops-system');
    vi.stubEnv('KUBERNETES_SERVICE_HOST', '10.0.0.1');
    vi.stubEnv('KUBERNETES_SERVICE_PORT', '443');
  });

  it('a token that the kubelet rotates is read again within a minute or so, without a refusal', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    await rotate('first');
    const config = loadKubeConfig({ kind: 'inCluster', root: root() });
    const authorization = async () => {
      const options: RequestOptions = { headers: {} };
      await config.applyToHTTPSOptions(options);
      return String(Object.entries(options.headers ?? {}).find(([name]) => name === 'Authorization')?.[1]);
    };
    expect(await authorization()).toContain('Bearer first');
    await rotate('second');
    vi.setSystemTime(Date.now() + 61_000);
    expect(await authorization()).toContain('Bearer second');
  });

  it('says so where there is no pod', () => {
    vi.stubEnv('KUBERNETES_SERVICE_HOST', '');
    expect(() => loadKubeConfig({ kind: 'inCluster' })).toThrow('Not running in a pod');
  });
});

describe('without a word about the cluster', () => {
  beforeEach(() => {
    vi.stubEnv('KUBECONFIG', '');
    vi.stubEnv('HOME', folder);
    vi.stubEnv('KUBERNETES_SERVICE_HOST', '');
  });

  it('says that there is none, instead of trying an address where nothing listens', () => {
    expect(() => loadKubeConfig({ kind: 'default' })).toThrow('No cluster is configured');
  });

  it('names the file that KUBECONFIG names and that is not there', () => {
    vi.stubEnv('KUBECONFIG', join(folder, 'missing'));
    expect(() => loadKubeConfig({ kind: 'default' })).toThrow(join(folder, 'missing'));
  });

  it('takes ~/.kube/config, and a tokenFile beside it', async () => {
    const config = (tokenFile: string) =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'here',
        clusters: [{ name: 'here', cluster: { server: 'https://127.0.0.1:1' } }],
        users: [{ name: 'me', user: { tokenFile } }],
        contexts: [{ name: 'here', context: { cluster: 'here', user: 'me' } }],
      });
    await mkdir(join(folder, '.kube'));
    await writeFile(join(folder, '.kube', 'config'), config('relative-token'));
    await writeFile(join(folder, '.kube', 'relative-token'), 'mine');
    const options: RequestOptions = { headers: {} };
    await loadKubeConfig({ kind: 'default' }).applyToHTTPSOptions(options);
    expect(JSON.stringify(options.headers)).toContain('Bearer mine');
  });
});

describe('with a kubeconfig file', () => {
  let server: Server;
  let valid: string;
  let refused: number;
  beforeEach(async () => {
    refused = 0;
    server = createServer((request, response) => {
      void text(request).then(() => {
        const known = request.headers.authorization === `Bearer ${valid}`;
        if (!known) refused += 1;
        response.writeHead(known ? 200 : 401, { 'content-type': 'application/json' });
        const object = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: metadata() };
        response.end(JSON.stringify(known ? object : { kind: 'Status', code: 401 }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const metadata = () => ({ name: 'one', namespace: 'default', uid: 'u', resourceVersion: '1' });
  const address = (): AddressInfo => {
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new Error('no port');
    return bound;
  };
  const write = (user: object) => {
    const cluster = {
      server: `http://127.0.0.1:${address().port}`,
      // What the library wants to hear before it takes plain HTTP.
      'insecure-skip-tls-verify': true,
    };
    const document = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'here',
      clusters: [{ name: 'here', cluster }],
      users: [{ name: 'me', user }],
      contexts: [{ name: 'here', context: { cluster: 'here', user: 'me' } }],
    };
    return writeFile(join(folder, 'kubeconfig'), JSON.stringify(document));
  };
  const connect = () => {
    const source = { kind: 'file' as const, file: join(folder, 'kubeconfig') };
    const connection = new ApiConnection(() => loadKubeConfig(source));
    return { connection, client: new KubernetesClient({ connection, clock: new ManualClock() }) };
  };
  const get = (client: KubernetesClient) => client.get(widgets, { namespace: 'default', name: 'one' });

  it('a token that was written anew is used as soon as the old one is refused', async () => {
    valid = 'first';
    await write({ token: 'first' });
    const { client, connection } = connect();
    await get(client);
    valid = 'second';
    await write({ token: 'second' });
    expect((await get(client)).metadata.name).toBe('one');
    await get(client);
    expect(refused).toBe(1);
    connection.close();
  });

  it('so is one in a file that it names', async () => {
    valid = 'first';
    await writeFile(join(folder, 'token'), 'first\n');
    await write({ tokenFile: join(folder, 'token') });
    const { client, connection } = connect();
    await get(client);
    valid = 'second';
    await writeFile(join(folder, 'token'), 'second\n');
    expect((await get(client)).metadata.name).toBe('one');
    expect(refused).toBe(1);
    connection.close();
  });
});
