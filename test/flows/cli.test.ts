import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isJsonArray, isJsonObject, type Json } from '../../src/foundation/json.ts';
import {
  type Command,
  dialops,
  killCommands,
  launcher,
  nodeCommand,
  startDialops,
  stop,
} from './support/command.ts';
import { bash } from './support/github-action.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const example = join(root, 'examples/acme/account.json');

let folder: string;
let keyFile: string;
let tokenFile: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'));
  keyFile = join(folder, 'key');
  tokenFile = join(folder, 'token');
  await writeFile(keyFile, 'a-made-up-key\n');
  await writeFile(tokenFile, 'a-made-up-token\n');
});
afterAll(() => rm(folder, { recursive: true }));

afterEach(() => killCommands());

/** A sandbox on a free port, and its address. */
async function sandbox(...args: string[]): Promise<{ command: Command; origin: string }> {
  const command = startDialops(['sandbox', '--listen', '127.0.0.1:0', '--api-key-file', keyFile, ...args]);
  return { command, origin: await command.says(/listening on (http:\S+)/) };
}

function get(origin: string, path: string, key = 'a-made-up-key'): Promise<Response> {
  return fetch(`${origin}/admin-provisioning${path}`, { headers: { 'x-api-key': key, accept: '*/*' } });
}

async function userNames(origin: string): Promise<Json[]> {
  const body: Json = JSON.parse(await (await get(origin, '/users?pageSize=1000')).text());
  const rows = isJsonObject(body) && isJsonArray(body.data) ? body.data.filter(isJsonObject) : [];
  return rows.map(({ basicInfo }) => (isJsonObject(basicInfo) ? (basicInfo.userName ?? null) : null));
}

describe('dialops', () => {
  it('prints its version on stdout, and nothing else', async () => {
    const manifest: Json = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const version = isJsonObject(manifest) ? manifest.version : undefined;
    expect(await dialops(['version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
    expect(await dialops(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('explains itself, and each command with examples and exit codes', async () => {
    expect((await dialops(['--help'])).stdout).toMatch(/sandbox .*operator .*version .*Exit codes:/s);
    for (const name of ['porting', 'sandbox', 'operator', 'version']) {
      const { code, stderr, stdout } = await dialops([name, '--help']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/Examples?:\n.*dialops /s);
    }
    expect(await dialops(['help', 'sandbox'])).toEqual(await dialops(['sandbox', '--help']));
  });

  it('exits with 2 when asked for nothing, or for what there is not', async () => {
    const nothing = await dialops([]);
    expect(nothing).toMatchObject({ code: 64, stdout: '' });
    expect(nothing.stderr).toContain('Usage: dialops');
    const unknown = await dialops(['sandbocks']);
    expect(unknown).toMatchObject({ code: 64, stdout: '' });
    expect(unknown.stderr).toContain("unknown command 'sandbocks'");
  });

  it.each([
    ['stdout', ''],
    ['stderr too', '2>&1'],
  ])('keeps its exit code where nobody reads on: %s', async (_what, to) => {
    const file = join(folder, 'faulty.yaml');
    const faulty =
      'apiVersion: dialops.dev/v1alpha1\nkind: UserProfile\nmetadata: {name: a}\nspec: {firstName: 1}\n';
    await writeFile(file, Array.from({ length: 500 }, () => faulty).join('---\n'));
    const { code, output } = await bash(`node "$DIALOPS" validate "$FILE" ${to} | head -n 1`, {
      PATH: process.env.PATH,
      DIALOPS: launcher,
      FILE: file,
    });
    expect(output).toContain('faulty.yaml:4:1: error [missing-field]');
    // What is said on the other stream may come before it.
    expect(output.split('\n').filter((line) => line.includes('error ['))).toHaveLength(1);
    expect(code).toBe(1);
  });

  it('says that its output could not be written', async () => {
    const { code, output } = await bash('node "$DIALOPS" explain 1< /dev/null', {
      PATH: process.env.PATH,
      DIALOPS: launcher,
    });
    expect(output).toMatch(/^error: The standard output can't be written: /);
    expect(code).toBe(1);
  });

  it('takes a variable that is empty for one that is not set', async () => {
    const empty = { DIALOPS_API_KEY_FILE: '', DIALOPS_ENDPOINT: '', DIALOPS_CONFIG: '', DIALOPS_API_KEY: '' };
    const { code, stderr } = await dialops(['plan', dirname(example)], { ...empty, XDG_CONFIG_HOME: folder });
    expect({ code, stderr }).toEqual({ code: 64, stderr: expect.stringMatching(/^error: No API key: /) });
  });

  it('colours nothing where NO_COLOR is set or stderr is no terminal', async () => {
    const { stderr } = await dialops(['sandbox', '--api-key-file', join(folder, 'none')], { NO_COLOR: '1' });
    expect(stderr).toMatch(/^error: /);
  });
});

describe('the launcher', () => {
  const asNode12 = "Object.defineProperty(process, 'version', { value: 'v12.22.12' });";

  it('runs on the Node of the checkout when the one it was started with is too old', async () => {
    const script = `${asNode12} process.argv.push('dialops', 'version'); require(${JSON.stringify(launcher)})`;
    const { code, stdout } = await nodeCommand(['-e', script]).ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: (await dialops(['version'])).stdout });
  });

  it('says what is missing where there is no other', async () => {
    await mkdir(join(folder, 'elsewhere'));
    const copy = join(folder, 'elsewhere', 'dialops.cjs');
    await copyFile(launcher, copy);
    const { code, stderr } = await nodeCommand(['-e', `${asNode12} require(${JSON.stringify(copy)})`]).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/needs Node 24 or later; this is v12\.22\.12 .*\n.*npm ci.*https:\/\/nodejs.org/);
  });
});

describe('dialops sandbox', () => {
  it('serves the company of a file to those who have the key, until SIGTERM', async () => {
    const { command, origin } = await sandbox('--company', example);
    expect(await userNames(origin)).toEqual(['owner@example.com']);
    expect((await get(origin, '/users', 'another-key')).status).toBe(401);
    const planned = await dialops(['plan', join(root, 'examples/acme')], {
      DIALOPS_ENDPOINT: `${origin}/admin-provisioning`,
      DIALOPS_API_KEY: 'another-key',
      XDG_CONFIG_HOME: folder,
    });
    expect(planned).toMatchObject({ code: 1, stdout: '' });
    expect(planned.stderr).toMatch(/answered 401.*\n.*does not take the API key: see that DIALOPS_API_KEY/);
    const { code, stdout, stderr } = await stop(command);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('customer 0012J00000ACME0001');
  });

  it('makes a company of the size asked for, the same one for the same seed', async () => {
    const first = await sandbox('--users', '40', '--seed', '9');
    const names = await userNames(first.origin);
    expect(names).toHaveLength(40);
    const again = await sandbox('--users', '40', '--seed', '9');
    expect(await userNames(again.origin)).toEqual(names);
    const other = await sandbox('--users', '40', '--seed', '10');
    expect(await userNames(other.origin)).not.toEqual(names);
  });

  it('keeps the published limits, and with --unlimited none', async () => {
    const limited = await sandbox();
    const statuses = async (origin: string) =>
      (await Promise.all(Array.from({ length: 30 }, () => get(origin, '/sites')))).map(
        ({ status }) => status,
      );
    expect(await statuses(limited.origin)).toContain(429);
    const unlimited = await sandbox('--unlimited');
    expect(new Set(await statuses(unlimited.origin))).toEqual(new Set([200]));
  });

  it('has a control API only with a token', async () => {
    const clock = (origin: string, token: string) =>
      fetch(`${origin}/_control/clock`, { headers: { authorization: `Bearer ${token}` } });
    const without = await sandbox();
    expect((await clock(without.origin, 'a-made-up-token')).status).toBe(404);
    const controlled = await sandbox('--control-token-file', tokenFile);
    expect((await clock(controlled.origin, 'a-made-up-token')).status).toBe(200);
    expect((await clock(controlled.origin, 'a-guess')).status).toBe(401);
  });

  it('keeps its phone system in a folder, customer and all', async () => {
    const data = join(folder, 'kept');
    const first = await sandbox('--company', example, '--data', data, '--control-token-file', tokenFile);
    const response = await fetch(`${first.origin}/_control/console/patch`, {
      method: 'POST',
      headers: { authorization: 'Bearer a-made-up-token' },
      body: JSON.stringify({
        actor: { userName: 'owner@example.com' },
        path: await userPath(first.origin),
        merge: { directoryInfo: { jobTitle: 'Founder' } },
      }),
    });
    expect(response.status).toBe(200);
    expect((await stop(first.command)).code).toBe(0);
    const second = await sandbox('--users', '3', '--data', data);
    expect(await userNames(second.origin)).toEqual(['owner@example.com']);
    expect(await (await get(second.origin, await userPath(second.origin))).text()).toContain('Founder');
    const { stderr } = await stop(second.command);
    expect(stderr).toContain('customer 0012J00000ACME0001');
    expect(stderr).toContain('--company and --users have no effect');
  });

  it('lets a request under way end, unless a second signal comes', async () => {
    const { command, origin } = await sandbox();
    const { hostname, port } = new URL(origin);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    const answer = new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(String(bytes))));
    socket.write('POST /x HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n');
    expect(await answer).toContain('100 Continue');
    command.signal('SIGINT');
    await command.says(/SIGINT: stopping; once more ends it at once/);
    // One that comes at once is npm's echo of the first.
    const again = setInterval(() => command.signal('SIGINT'), 50);
    expect((await command.ended).code).toBe(130);
    clearInterval(again);
    socket.destroy();
  });

  it.each([
    ['no key', [], /required option '--api-key-file <file>'/],
    [
      'a key file that is not there',
      ['--api-key-file', 'none'],
      /--api-key-file none: cannot be read: ENOENT/,
    ],
    ['an empty key', ['--api-key-file', '/dev/null'], /--api-key-file \/dev\/null: is empty/],
    [
      'a place to listen that is none',
      ['--listen', '8480'],
      /--listen <host:port>.*8480.*must be HOST:PORT/s,
    ],
    ['a port that is none', ['--listen', 'localhost:99999'], /port must be from 0 to 65535/],
    ['a number of users that is none', ['--users', 'many'], /--users <n>.*whole number from 1/s],
    [
      'two companies',
      ['--api-key-file', 'key', '--users', '3', '--company', example],
      /'--company <file>' cannot be used with/,
    ],
    ['a flag that there is not', ['--api-key-file', 'key', '--user', '3'], /unknown option '--user'/],
  ])('exits with 2 and says why, given %s', async (_what, args, message) => {
    const ended = await dialops(['sandbox', ...args]);
    expect(ended).toMatchObject({ code: 64, stdout: '' });
    expect(ended.stderr).toMatch(message);
  });

  it('names the file and the field of a company that is wrong', async () => {
    const company = join(folder, 'wrong.json');
    const text = await readFile(example, 'utf8');
    await writeFile(company, text.replace('"pbxName": "acme02"', '"pbxName": "acme03"'));
    const ended = await dialops(['sandbox', '--api-key-file', keyFile, '--company', company]);
    expect(ended.code).toBe(64);
    expect(ended.stderr).toMatch(/wrong\.json: .*sites\[1\]\.pbxName: must be one of acme01, acme02/);
  });

  it('does not listen where other machines can connect, unless that is asked for', async () => {
    const args = ['sandbox', '--api-key-file', keyFile, '--listen', '0.0.0.0:0'];
    const refused = await dialops(args);
    expect(refused.code).toBe(64);
    expect(refused.stderr).toMatch(/other machines.*--allow-remote/);
    const allowed = startDialops([...args, '--allow-remote']);
    await allowed.says(/listening on (http:\S+)/);
    expect((await stop(allowed)).code).toBe(0);
  });

  it('exits with 1 when the port is taken', async () => {
    const server = createServer();
    const port = await listenAnywhere(server);
    const ended = await dialops(['sandbox', '--api-key-file', keyFile, '--listen', `127.0.0.1:${port}`]);
    server.close();
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/Cannot listen on 127\.0\.0\.1:\d+ .*EADDRINUSE/);
  });
});

describe('dialops operator', () => {
  const offline = { KUBECONFIG: '/nowhere/kubeconfig', KUBERNETES_SERVICE_HOST: '' };

  it.each([
    [
      'a kubeconfig that is not there',
      ['--kubeconfig', '/nowhere/config'],
      /Cannot read the kubeconfig.*ENOENT/,
    ],
    ['no pod around it', ['--in-cluster'], /Not running in a pod/],
    ['two clusters', ['--in-cluster', '--context', 'kind'], /cannot be used with option '--context/],
    ['a host that is a URL', ['--allow-host', 'https://phone.example.com/'], /It must be a host/],
    ['a level that there is not', ['--log-level', 'loud'], /Allowed choices are debug, info/],
  ])('exits with 2 and says why, given %s', async (_what, args, message) => {
    const ended = await dialops(['operator', ...args], offline);
    expect(ended).toMatchObject({ code: 64, stdout: '' });
    expect(ended.stderr).toMatch(message);
  });

  it('names the contexts that there are', async () => {
    const kubeconfig = join(folder, 'kubeconfig');
    await writeFile(kubeconfig, JSON.stringify(unreachable));
    const ended = await dialops(['operator', '--kubeconfig', kubeconfig, '--context', 'prod'], offline);
    expect(ended.code).toBe(64);
    expect(ended.stderr).toContain('No context prod in');
    expect(ended.stderr).toContain('it has: lab');
  });

  it('waits for an API server that is away, serves its health, and ends at SIGTERM', async () => {
    const kubeconfig = join(folder, 'kubeconfig');
    await writeFile(kubeconfig, JSON.stringify(unreachable));
    const args = [
      'operator',
      '--kubeconfig',
      kubeconfig,
      '--health-listen',
      '127.0.0.1:0',
      '--identity',
      'me',
    ];
    const command = startDialops(args, offline);
    const address = await command.says(/"address":"(127\.0\.0\.1:\d+)","message":"health server is up"/);
    expect((await fetch(`http://${address}/healthz`)).status).toBe(200);
    const ready = await fetch(`http://${address}/readyz`);
    expect([ready.status, await ready.text()]).toEqual([503, expect.stringContaining('not listed yet')]);
    expect(await (await fetch(`http://${address}/metrics`)).text()).toContain('# TYPE');
    const { code, stdout, stderr } = await stop(command);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('operator has ended');
  });
});

/** Nothing listens on the discard port. */
const unreachable = {
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'lab',
  clusters: [{ name: 'lab', cluster: { server: 'http://127.0.0.1:9' } }],
  users: [{ name: 'lab', user: { token: 'a-made-up-token' } }],
  contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'lab' } }],
};

async function userPath(origin: string): Promise<string> {
  const body: Json = JSON.parse(await (await get(origin, '/users')).text());
  const [row] = isJsonObject(body) && isJsonArray(body.data) ? body.data.filter(isJsonObject) : [];
  const info = isJsonObject(row?.basicInfo) ? row.basicInfo : {};
  return `/users/${String(info.userId ?? row?.id)}`;
}

function listenAnywhere(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
    });
  });
}
