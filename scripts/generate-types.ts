// Generates src/resources/generated/*.ts from crds/*.yaml: a type for each kind, and all schemas as data. With --check it writes nothing and exits 1 when a
// generated file is stale.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bringUpToDate } from './generated-files.ts';
import { type SchemaEntry, schemaEntry, schemasModule } from './schemas-of-crds.ts';
import { typesOf } from './types-of-crd.ts';

const root = join(import.meta.dirname, '..');
const source = join(root, 'crds');
const target = 'src/resources/generated';

const wanted = new Map<string, string>();
const schemas: SchemaEntry[] = [];
for (const name of (await readdir(source)).filter((file) => file.endsWith('.yaml')).sort()) {
  const definition = await readFile(join(source, name), 'utf8');
  const { fileName, text } = await typesOf(definition, `crds/${name}`);
  wanted.set(`${target}/${fileName}`, text);
  schemas.push(schemaEntry(definition, `crds/${name}`));
}
wanted.set(`${target}/schemas.ts`, schemasModule(schemas));

const left = (await readdir(join(root, target))).filter(
  (name) => name.endsWith('.ts') && !wanted.has(`${target}/${name}`),
);
for (const name of left) {
  console.error(`Remove ${target}/${name}: it has no definition in crds/`);
  process.exitCode = 1;
}
await bringUpToDate(wanted, 'node scripts/generate-types.ts');
