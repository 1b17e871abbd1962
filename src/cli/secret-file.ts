import { readFile } from 'node:fs/promises';
import { explain, UsageError } from './exit.ts';

/**
 * A key or token that stands alone in a file: secrets on a command line show in the list of processes. White space
 * around it is dropped.
 *
 * @param flag names the flag in messages
 * @throws UsageError when there is no such file, or not one word in it
 */
export async function readSecretFile(flag: string, path: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${flag} ${path}: cannot be read: ${explain(error)}`);
  }
  const secret = text.trim();
  if (secret === '') throw new UsageError(`${flag} ${path}: is empty; put the secret into it`);
  if (/\s/.test(secret))
    throw new UsageError(`${flag} ${path}: must hold one word, without spaces or line breaks`);
  return secret;
}
