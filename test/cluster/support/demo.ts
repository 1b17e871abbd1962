import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type Command, killCommands, nodeCommand } from '../../flows/support/command.ts';

const main = fileURLToPath(new URL('../../../scripts/demo/main.ts', import.meta.url));
/** The company of 25 takes about two minutes at the published limits. */
export const DEMO_TIMEOUT_MS = 10 * 60_000;

export interface Demos {
  /** As a person starts it, with its temporary files in a folder that shows what it left. */
  start(args: readonly string[], kubeconfig?: string): Command;
  /** What all that ran left in the folder for temporary files. */
  leftovers(): Promise<readonly string[]>;
  /** Where the temporary files of those go that run. */
  readonly folder: string;
}

/** For the file that calls this at its top level. */
export function useDemo(kubectlExecutable: string): Demos {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'demo-test-'));
  });
  afterEach(() => killCommands());
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return {
    start: (args, kubeconfig = '/nowhere') => {
      const path = [dirname(kubectlExecutable), process.env.PATH].join(delimiter);
      const env = { TMPDIR: folder, KUBECONFIG: kubeconfig, PATH: path, NO_COLOR: '1' };
      return nodeCommand([main, ...args], env);
    },
    leftovers: () => readdir(folder),
    get folder() {
      return folder;
    },
  };
}
