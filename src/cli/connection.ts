import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { parse } from 'yaml';
import type { Transport } from '../foundation/http.ts';
import { defaultAllowedHosts, fetchTransport } from '../phonesystem/transport.ts';
import { explain, UsageError } from './exit.ts';
import { readSecretFile } from './secret-file.ts';

/** What the command line says about the connection; `addConnectionOptions` adds the flags. */
export interface ConnectionFlags {
  readonly endpoint?: string;
  readonly apiKeyFile?: string;
  readonly allowHost: readonly string[];
  readonly config?: string;
}

/** A way to one phone system. */
export interface Connection {
  /** Absent when neither flag, environment nor configuration file names one: the PhoneSystem's own then counts. */
  readonly endpoint?: string;
  /** Where the key may go: `host` or `host:port`, in small letters. */
  readonly allowedHosts: readonly string[];
  /** Read at each call, so that a rotated key counts at once. */
  readonly apiKey: () => Promise<string>;
  readonly transport: Transport;
}

/** Where everything comes from: flags, then the environment, then the configuration file. */
interface Settings {
  readonly endpoint?: string;
  readonly apiKeyFile?: string;
  readonly allowHosts?: readonly string[];
}

export function addConnectionOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--endpoint <url>',
        "the phone system's address (default: the configuration file's, then spec.endpoint of the PhoneSystem)",
      ).env('DIALOPS_ENDPOINT'),
    )
    .addOption(
      new Option(
        '--api-key-file <file>',
        'the API key stands in this file; DIALOPS_API_KEY may hold the key itself, and counts after the file',
      ).env('DIALOPS_API_KEY_FILE'),
    )
    .addOption(
      new Option(
        '--allow-host <host[:port]>',
        'a host that the API key may be sent to, besides api.8x8.com and this machine; repeatable',
      )
        .argParser((text: string, hosts: readonly string[]) => [...hosts, allowedHost('--allow-host', text)])
        .default([], 'none'),
    )
    .addOption(
      new Option(
        '--config <file>',
        'configuration file (default: dialops/config.yaml in XDG_CONFIG_HOME or ~/.config)',
      ).env('DIALOPS_CONFIG'),
    );
}

export const connectionHelp = `
Connection:
  Flags count before the environment (DIALOPS_ENDPOINT, DIALOPS_API_KEY, DIALOPS_API_KEY_FILE, DIALOPS_ALLOW_HOSTS),
  and that before the configuration file (endpoint, apiKeyFile, allowHosts). Of a key and a file with one, the file
  counts. The key goes to api.8x8.com, to this machine, and to hosts allowed there: never to another one that only the
  YAML under review names, nor to an address on this machine that only a saved plan names.`;

/**
 * @param more `timeoutMs` for one exchange, in milliseconds, where 30 s are too short; `clusterKey` is the key that a
 * cluster's Secret holds, used when nothing else gives one
 * @throws UsageError for a configuration file that can't be used, or a missing key
 */
export async function connect(
  flags: ConnectionFlags,
  env: NodeJS.ProcessEnv,
  more: { readonly timeoutMs?: number; readonly clusterKey?: () => Promise<string> } = {},
): Promise<Connection> {
  const { clusterKey, ...limits } = more;
  const file = await readConfig(flags.config, env);
  const endpoint = flags.endpoint ?? file.endpoint;
  if (endpoint !== undefined && !URL.canParse(endpoint)) {
    throw new UsageError(
      `The endpoint ${endpoint} is no address; give it as https://api.8x8.com/admin-provisioning`,
    );
  }
  const fromEnv = (env.DIALOPS_ALLOW_HOSTS ?? '').split(/[\s,]+/).filter((host) => host !== '');
  const allowedHosts = [
    ...defaultAllowedHosts,
    ...flags.allowHost,
    ...fromEnv.map((host) => allowedHost('DIALOPS_ALLOW_HOSTS', host)),
    ...(file.allowHosts ?? []),
  ];
  const apiKey = keyReader(flags, env, file) ?? clusterKey ?? noKey();
  await apiKey();
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    allowedHosts,
    apiKey,
    transport: fetchTransport({ allowedHosts, allowLoopback: true, ...limits }),
  };
}

function keyReader(
  flags: ConnectionFlags,
  env: NodeJS.ProcessEnv,
  file: Settings,
): (() => Promise<string>) | undefined {
  const { apiKeyFile } = flags;
  const fromEnv = env.DIALOPS_API_KEY?.trim();
  // Commander reads DIALOPS_API_KEY_FILE into the flag: a file that is named counts before the key itself.
  if (apiKeyFile !== undefined) return () => readSecretFile('--api-key-file', apiKeyFile);
  if (fromEnv !== undefined && fromEnv !== '') return async () => fromEnv;
  const configured = file.apiKeyFile;
  if (configured === undefined) return undefined;
  return () => readSecretFile('apiKeyFile of the configuration', configured);
}

function noKey(): never {
  throw new UsageError(
    'No API key: put it into a file and name that with --api-key-file or DIALOPS_API_KEY_FILE, ' +
      'or set DIALOPS_API_KEY',
  );
}

async function readConfig(named: string | undefined, env: NodeJS.ProcessEnv): Promise<Settings> {
  const base = env.XDG_CONFIG_HOME ?? join(homedir(), '.config');
  const path = named ?? join(base, 'dialops', 'config.yaml');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (named === undefined) return {};
    throw new UsageError(`--config ${path}: cannot be read: ${explain(error)}`);
  }
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    throw new UsageError(`${path}: ${explain(error)}`);
  }
  if (content === null || content === undefined) return {};
  if (typeof content !== 'object' || Array.isArray(content)) {
    throw new UsageError(`${path}: must hold endpoint, apiKeyFile and allowHosts, each on a line of its own`);
  }
  return settingsIn(path, content);
}

function settingsIn(path: string, content: object): Settings {
  const settings: { endpoint?: string; apiKeyFile?: string; allowHosts?: readonly string[] } = {};
  for (const [name, value] of Object.entries(content)) {
    if ((name === 'endpoint' || name === 'apiKeyFile') && typeof value === 'string') settings[name] = value;
    else if (name === 'allowHosts' && Array.isArray(value)) {
      settings.allowHosts = value.map((host) => allowedHost(`${path}: allowHosts`, String(host)));
    } else if (name === 'apiKey') {
      throw new UsageError(
        `${path}: a key does not stand in here; put it into a file and name that: apiKeyFile`,
      );
    } else {
      throw new UsageError(
        `${path}: ${name} is not understood; there are endpoint and apiKeyFile (text) and allowHosts (a list)`,
      );
    }
  }
  return settings;
}

function allowedHost(where: string, text: string): string {
  if (!/^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d{1,5})?$/i.test(text)) {
    throw new UsageError(
      `${where}: ${text} is no host; give it with a port if that is not 443: phone.example.com:8443`,
    );
  }
  return text.toLowerCase();
}
