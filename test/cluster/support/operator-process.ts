import { once } from 'node:events';
import { Writable } from 'node:stream';
import type { Clock } from '../../../src/foundation/clock.ts';
import { createLog } from '../../../src/operator/log.ts';
import { runOperator } from '../../../src/operator/operator.ts';
import type { ClusterAccess } from '../cluster-access.ts';
import { freePort } from '../free-port.ts';
import { kubectlOutput } from '../kubectl.ts';

const rbac = 'charts/dialops/rbac';
/** Where the service account and the Leases are. */
export const operatorHome = 'dialops-system';
const serviceAccount = 'dialops-operator';

/** Installs the rights that the chart gives, and nothing else; once for a control plane is enough. */
export async function installRbac(cluster: ClusterAccess): Promise<void> {
  const { kubectl } = cluster;
  // Applied, not created: test files that run side by side all do it.
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: operatorHome } };
  await kubectlOutput(kubectl, ['apply', '--server-side', '-f', '-'], { input: JSON.stringify(namespace) });
  await kubectlOutput(kubectl, ['apply', '--server-side', '-k', rbac]);
}

/** A kubeconfig file with a token of the operator's service account, as a pod would have it. */
export async function mintOperatorAccess(cluster: ClusterAccess): Promise<string> {
  return cluster.kubeconfigFor(await cluster.mintToken({ namespace: operatorHome, name: serviceAccount }));
}

export interface StartOptions {
  readonly namespace: string;
  readonly identity?: string;
  readonly allowLoopback?: boolean;
  readonly dryRun?: boolean;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/** The operator as a pod would run it, in this process: under the chart's service account and RBAC. */
export class TestOperator {
  readonly identity: string;
  readonly healthUrl: string;
  readonly #lines: string[];
  readonly #stop: AbortController;
  readonly #done: Promise<void>;

  private constructor(parts: {
    identity: string;
    healthUrl: string;
    lines: string[];
    stop: AbortController;
    done: Promise<void>;
  }) {
    this.identity = parts.identity;
    this.healthUrl = parts.healthUrl;
    this.#lines = parts.lines;
    this.#stop = parts.stop;
    this.#done = parts.done;
  }

  static async start(cluster: ClusterAccess, options: StartOptions): Promise<TestOperator> {
    const file = await mintOperatorAccess(cluster);
    const identity = options.identity ?? `test-${options.namespace}-${started++}`;
    const lines: string[] = [];
    const destination = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        lines.push(...chunk.toString('utf8').split('\n').filter(Boolean));
        done();
      },
    });
    const port = await freePort();
    const stop = new AbortController();
    const done = runOperator(
      {
        cluster: { kind: 'file', file },
        namespace: options.namespace,
        leaseNamespace: operatorHome,
        identity,
        allowedHosts: [],
        allowLoopback: options.allowLoopback ?? true,
        dryRun: options.dryRun ?? false,
        ...(options.clock ? { clock: options.clock } : {}),
        health: { host: '127.0.0.1', port },
        log: createLog({ level: 'debug', destination }),
      },
      stop.signal,
    );
    // Reported by stop(), not as an unhandled rejection in the middle of a test.
    done.catch(() => undefined);
    return new TestOperator({ identity, healthUrl: `http://127.0.0.1:${port}`, lines, stop, done });
  }

  /** Everything that it has logged, debug level included. */
  get log(): readonly string[] {
    return this.#lines;
  }

  /** Lines of level warn and above. */
  get complaints(): readonly string[] {
    return this.#lines.filter((line) => /"level":"(warn|error|fatal)"/.test(line));
  }

  async page(path: string): Promise<{ readonly status: number; readonly text: string }> {
    const response = await fetch(`${this.healthUrl}${path}`, { signal: AbortSignal.timeout(5_000) });
    return { status: response.status, text: await response.text() };
  }

  /** As SIGTERM does; resolves when the operator has ended. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('the test stops the operator'));
    await this.#done;
  }

  async ended(): Promise<void> {
    if (!this.#stop.signal.aborted) await once(this.#stop.signal, 'abort');
    await this.#done;
  }
}

let started = 0;
