import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/foundation/clock.ts';
import { accessTo, type ClusterAccess } from './cluster-access.ts';
import { apiserverArguments, controllerManagerArguments, etcdArguments } from './control-plane-arguments.ts';
import { type ControlPlaneBinaries, findControlPlane } from './control-plane-binaries.ts';
import { Daemon } from './daemon.ts';
import { freePort } from './free-port.ts';
import { kubeconfig } from './kubeconfig.ts';
import { untilControllersWork, untilReady } from './readiness.ts';
import { startReaper } from './reaper.ts';

export interface ControlPlaneOptions {
  readonly clock: Clock;
  /** Gets one line of progress at a time. */
  readonly log: (line: string) => void;
  /** Where the data goes (removed at the end); a new folder in the system's temporary one by default. */
  readonly dir?: string;
  /** Whether to keep an audit log of all requests; default false. */
  readonly auditLog?: boolean;
  /** Without it no namespace ever goes away and no owner reference has an effect; default true. */
  readonly controllerManager?: boolean;
  readonly env?: NodeJS.ProcessEnv;
}

export interface ControlPlane extends ClusterAccess {
  /** Ends all processes and removes all files. Safe to call twice. */
  stop(): Promise<void>;
}

const PORT_ATTEMPTS = 3;
const STOP_GRACE_MS = 5_000;

/**
 * A Kubernetes control plane of its own on loopback: etcd, kube-apiserver with RBAC, kube-controller-manager with
 * the controllers for namespaces, service accounts and garbage collection. No nodes: pods stay pending.
 * It ends with this process, whichever way that ends.
 *
 * @throws Error with the last log lines of the part that did not start
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { clock, log } = options;
  const binaries = await findControlPlane({ env: options.env ?? process.env, clock, log });
  const folder = options.dir ?? (await mkdtemp(join(tmpdir(), 'dialops-cluster-')));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const reaper = startReaper(folder);
  const running: Daemon[] = [];
  const run = async (name: string, executable: string, args: readonly string[]): Promise<Daemon> => {
    const logPath = join(folder, `${name}.log`);
    const daemon = await Daemon.start({ name, executable, args, logPath, reaper, clock });
    running.push(daemon);
    return daemon;
  };
  const stop = async (): Promise<void> => {
    // The last started first: nothing loses its server before it has said goodbye.
    for (const daemon of running.toReversed()) await daemon.stop(STOP_GRACE_MS);
    await reaper.finish();
  };
  try {
    const started = clock.now();
    const adminToken = await writeCredentials(folder);
    await run('etcd', binaries.etcd, etcdArguments(folder));
    const server = await startApiserver(run, binaries, folder, options, running);
    const certificateAuthority = await readFile(join(folder, 'certificates', 'apiserver.crt'), 'utf8');
    const adminKubeconfig = join(folder, 'admin.kubeconfig');
    await writeFile(adminKubeconfig, kubeconfig({ server, certificateAuthority, token: adminToken }), {
      mode: 0o600,
    });
    const access = accessTo({
      server,
      certificateAuthority,
      adminKubeconfig,
      kubectlExecutable: binaries.kubectl,
      folder,
      ...(options.auditLog === true ? { auditLogPath: join(folder, 'audit.log') } : {}),
    });
    if (options.controllerManager !== false) {
      const args = controllerManagerArguments(folder, adminKubeconfig);
      await run('kube-controller-manager', binaries.kubeControllerManager, args);
      await untilControllersWork(access.kubectl, running, clock);
    }
    log(`control plane: ready at ${server} after ${Math.round((clock.now() - started) / 1000)} s`);
    return { ...access, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Keys and tokens that live as long as the folder. Returns the administrator's token. */
async function writeCredentials(folder: string): Promise<string> {
  const adminToken = randomBytes(24).toString('hex');
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const secret = { mode: 0o600 };
  await writeFile(join(folder, 'tokens.csv'), `${adminToken},admin,admin,"system:masters"\n`, secret);
  await writeFile(join(folder, 'service-accounts.key'), keys.privateKey, secret);
  await writeFile(join(folder, 'service-accounts.pub'), keys.publicKey, secret);
  const auditPolicy = {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived'],
    rules: [{ level: 'Metadata' }],
  };
  await writeFile(join(folder, 'audit-policy.json'), JSON.stringify(auditPolicy));
  return adminToken;
}

/** Resolves with the server's URL. Somebody else may take the port between choosing and using it. */
async function startApiserver(
  run: (name: string, executable: string, args: readonly string[]) => Promise<Daemon>,
  binaries: ControlPlaneBinaries,
  folder: string,
  options: ControlPlaneOptions,
  running: Daemon[],
): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const args = apiserverArguments(folder, port, options.auditLog === true);
    const daemon = await run('kube-apiserver', binaries.kubeApiserver, args);
    try {
      await untilReady(join(folder, 'certificates', 'apiserver.crt'), port, running, options.clock);
      return `https://127.0.0.1:${port}`;
    } catch (error) {
      const taken = error instanceof Error && error.message.includes('address already in use');
      if (!taken || attempt === PORT_ATTEMPTS) throw error;
      await daemon.stop(STOP_GRACE_MS);
      running.splice(running.indexOf(daemon), 1);
    }
  }
}
