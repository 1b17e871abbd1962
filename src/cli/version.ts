import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { isJsonObject, type Json } from '../foundation/json.ts';

/** The version in package.json, which is as far above this file built as not. */
export function packageVersion(): string {
  const manifest: Json = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return isJsonObject(manifest) && typeof manifest.version === 'string' ? manifest.version : 'unknown';
}

export function versionCommand(): Command {
  return new Command('version')
    .summary('print the version')
    .description('Prints the version of dialops on stdout.')
    .addHelpText('after', '\nExample:\n  dialops version')
    .action(() => {
      process.stdout.write(`${packageVersion()}\n`);
    });
}
