import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { explain, UsageError } from './exit.ts';

/** A folder in which a sandbox keeps its phone system between runs. */
export interface SandboxData {
  /** For SQLite. */
  readonly file: string;
  /** The customer id of the phone system that is there already; undefined in a new folder. */
  readonly customerId?: string;
}

/** Makes the folder if need be. Throws UsageError when it can't be used. */
export async function openSandboxData(folder: string): Promise<SandboxData> {
  const file = join(folder, 'phone-system.sqlite');
  try {
    await mkdir(folder, { recursive: true });
    if (!existsSync(file)) return { file };
    return { file, customerId: (await readFile(customerIdFile(folder), 'utf8')).trim() };
  } catch (error) {
    throw new UsageError(`--data ${folder}: cannot be used as a folder for the sandbox: ${explain(error)}`);
  }
}

/** Another run of the same phone system must be the same customer. */
export async function rememberCustomerId(folder: string, customerId: string): Promise<void> {
  await writeFile(customerIdFile(folder), `${customerId}\n`);
}

function customerIdFile(folder: string): string {
  return join(folder, 'customer-id');
}
