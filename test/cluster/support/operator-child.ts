import type { Command } from '../../flows/support/command.ts';
import { startDialops } from '../../flows/support/command.ts';
import type { ClusterAccess } from '../cluster-access.ts';
import { mintOperatorAccess, operatorHome } from './operator-process.ts';

/** The operator as `dialops operator`, a process of its own: one that can be killed. Its log is its stderr. */
export class OperatorChild {
  readonly identity: string;
  readonly #command: Command;

  private constructor(identity: string, command: Command) {
    this.identity = identity;
    this.#command = command;
  }

  static async start(
    cluster: ClusterAccess,
    options: { readonly namespace: string; readonly identity: string },
  ): Promise<OperatorChild> {
    const { namespace, identity } = options;
    const command = startDialops([
      'operator',
      ...['--kubeconfig', await mintOperatorAccess(cluster), '--lease-namespace', operatorHome],
      ...['--namespace', namespace, '--identity', identity, '--allow-loopback', '--log-level', 'debug'],
    ]);
    // Reported by those who wait for its end, not as an unhandled rejection in the middle of a test.
    command.ended.catch(() => undefined);
    return new OperatorChild(identity, command);
  }

  /** Resolves when a line of its log has this message. */
  async logs(message: string): Promise<void> {
    await this.#command.says(new RegExp(`"message":"${message}"`));
  }

  /** Lines of its log with this message, so far. */
  lines(message: string): readonly string[] {
    return this.#command.stderr.split('\n').filter((line) => line.includes(`"message":"${message}"`));
  }

  /** Ends it between two instructions, as a crash or a lost machine does. */
  async kill(): Promise<void> {
    this.#command.signal('SIGKILL');
    await this.#command.ended;
  }

  /** As a pod is stopped. @returns the exit code */
  async stop(): Promise<number | null> {
    this.#command.signal('SIGTERM');
    return (await this.#command.ended).code;
  }
}
