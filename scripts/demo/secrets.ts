import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pdf } from './pdf.ts';

/** The Secrets that examples/acme/README.md asks for, all of it made up. */
export function acmeSecrets(namespace: string, apiKey: string): readonly object[] {
  return Object.entries(contents(apiKey)).map(([name, data]) => secret(namespace, name, data));
}

/** The same as files, `NAME/KEY`, for `--secrets-dir`. */
export async function writeSecretFiles(folder: string, apiKey: string): Promise<void> {
  for (const [name, data] of Object.entries(contents(apiKey))) {
    await mkdir(join(folder, name), { recursive: true, mode: 0o700 });
    for (const [key, value] of Object.entries(data)) {
      await writeFile(join(folder, name, key), value, { mode: 0o600 });
    }
  }
}

function contents(apiKey: string): Readonly<Record<string, Readonly<Record<string, Buffer>>>> {
  const letter = pdf([
    'LETTER OF AUTHORITY - a made-up document for a demonstration',
    'Acme Supply, 742 Evergreen Terrace, Floor 2, Springfield, IL 62704',
    'asks Riverbend Telecom to release +1 217 555 0190 and +1 217 555 0191.',
    'Dana Whitfield',
  ]);
  const bill = pdf([
    'RIVERBEND TELECOM - a made-up bill for a demonstration',
    'Account 7741-0093, +1 217 555 0199',
  ]);
  return {
    'phone-system-key': { 'api-key': Buffer.from(apiKey) },
    'port-riverbend-telecom': {
      'account-number': Buffer.from('7741-0093'),
      pin: Buffer.from('4821'),
      'letter.pdf': letter,
      'bill.pdf': bill,
    },
  };
}

function secret(namespace: string, name: string, data: Readonly<Record<string, Buffer>>): object {
  const encoded = Object.entries(data).map(([key, value]) => [key, value.toString('base64')]);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    data: Object.fromEntries(encoded),
  };
}
