import { readFile } from 'node:fs/promises';
import { type RepositoryFile, schemaFile } from './layout.ts';
import type { RepositoryText } from './write-repository.ts';
import { yamlText } from './yaml-text.ts';

/** Where the schema for editors lies: as far above this file built as not. */
const schema = new URL('../../../schemas/dialops.schema.json', import.meta.url);

/** The texts of a repository with the schema that their modelines name. */
export async function repositoryTexts(files: readonly RepositoryFile[]): Promise<Iterable<RepositoryText>> {
  return textsOf(files, await readFile(schema, 'utf8'));
}

/** One at a time, so that the text of ten thousand files is never in memory at once. */
function* textsOf(files: readonly RepositoryFile[], schemaText: string): Generator<RepositoryText> {
  yield { path: schemaFile, text: schemaText };
  for (const file of files) yield { path: file.path, text: yamlText(file, schemaFile) };
}
