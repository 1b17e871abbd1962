import { spawn } from 'node:child_process';

export interface KubectlResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface KubectlOptions {
  /** What `-f -` reads. */
  readonly input?: string;
  /** Impersonates this user, e.g. `system:serviceaccount:phones:dialops`. */
  readonly as?: string;
  /** Another identity than the administrator. */
  readonly kubeconfig?: string;
  /** Default: one minute. */
  readonly timeoutMs?: number;
}

/** Runs kubectl; an exit code other than 0 is a result, not an error. */
export type Kubectl = (args: readonly string[], options?: KubectlOptions) => Promise<KubectlResult>;

const DEFAULT_TIMEOUT_MS = 60_000;

/** @param cacheFolder keeps discovery data out of the user's own ~/.kube */
export function kubectlAt(executable: string, kubeconfig: string, cacheFolder: string): Kubectl {
  return (args, options = {}) => {
    const impersonation = options.as === undefined ? [] : [`--as=${options.as}`];
    const { promise, resolve, reject } = Promise.withResolvers<KubectlResult>();
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const child = spawn(executable, [...args, ...impersonation], {
      env: {
        ...process.env,
        KUBECONFIG: options.kubeconfig ?? kubeconfig,
        KUBECACHEDIR: cacheFolder,
        KUBERC: 'off',
      },
      stdio: 'pipe',
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    child.once('error', reject);
    child.once('close', (exitCode, signal) => {
      if (exitCode !== null) resolve({ stdout, stderr, exitCode });
      else
        reject(
          new Error(`kubectl ${args.join(' ')} was ended by ${signal} (limit ${timeoutMs} ms): ${stderr}`),
        );
    });
    // kubectl may end without having read its input: its exit code tells.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    return promise;
  };
}

/**
 * Like `kubectl`, for what has to work.
 *
 * @throws Error with kubectl's own words when the exit code is not 0
 */
export async function kubectlOutput(
  kubectl: Kubectl,
  args: readonly string[],
  options?: KubectlOptions,
): Promise<string> {
  const { stdout, stderr, exitCode } = await kubectl(args, options);
  if (exitCode === 0) return stdout;
  throw new Error(`kubectl ${args.join(' ')} failed with exit code ${exitCode}: ${stderr.trim()}`);
}
