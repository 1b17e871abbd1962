import { execFile, spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { JsonObject } from '../../../src/foundation/json.ts';

const source = fileURLToPath(new URL('../gitops-tools/', import.meta.url));
const script = fileURLToPath(new URL('../../../integrations/argocd/health.lua', import.meta.url));

export interface Verdict {
  readonly status: string;
  readonly message: string;
}

/** What GitOps tools make of a resource, by the code that they run themselves. */
export class GitopsTools {
  readonly #executable: string;

  private constructor(executable: string) {
    this.#executable = executable;
  }

  /** Built with Go, whose cache makes it a matter of a second after the first time. */
  static async build(folder: string): Promise<GitopsTools> {
    const executable = join(await mkdtemp(join(folder, 'gitops-tools-')), 'gitops-tools');
    await promisify(execFile)('go', ['build', '-o', executable, '.'], { cwd: source, timeout: 240_000 });
    return new GitopsTools(executable);
  }

  /** Health as Argo CD sees it: Healthy, Progressing, Degraded, Suspended. */
  argocd(object: JsonObject): Promise<Verdict> {
    return this.#judge(['argocd', script], object);
  }

  /** Status as Flux sees it: Current, InProgress, Failed, Terminating. */
  flux(object: JsonObject): Promise<Verdict> {
    return this.#judge(['flux'], object);
  }

  async #judge(args: readonly string[], object: JsonObject): Promise<Verdict> {
    const child = spawn(this.#executable, args, { stdio: ['pipe', 'pipe', 'pipe'], timeout: 30_000 });
    const closed = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    child.stdin.end(JSON.stringify(object));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
    if (code !== 0) throw new Error(`gitops-tools ${args[0]}: ${stderr}`);
    return JSON.parse(stdout);
  }
}
