// Generates src/resources/generated/*.ts from crds/*.yaml: a type for each kind, and all schemas as data. With --check it writes nothing and exits 1 when a
// generated file is stale.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type SchemaEntry, schemaEntry, schemasModule } from './schemas-of-crds.ts';
import { typesOf } from './types-of-crd.ts';

const root = join(import.meta.dirname, '..');
const source = join(root, 'crds');
const target = join(root, 'src/resources/generated');

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}

const wanted = new Map<string, string>();
const schemas: SchemaEntry[] = [];
for (const name of (await readdir(source)).filter((file) => file.endsWith('.yaml')).sort()) {
  const definition = await readFile(join(source, name), 'utf8');
  const { fileName, text } = await typesOf(definition, `crds/${name}`);
  wanted.set(fileName, text);
  schemas.push(schemaEntry(definition, `crds/${name}`));
}
wanted.set('schemas.ts', schemasModule(schemas));

const stale: string[] = [];
for (const [name, text] of wanted) {
  if ((await textOf(join(target, name))) !== text) stale.push(name);
}
const left = (await readdir(target)).filter((name) => name.endsWith('.ts') && !wanted.has(name));

if (process.argv.includes('--check')) {
  for (const name of stale) console.error(`src/resources/generated/${name} is stale`);
  for (const name of left) console.error(`src/resources/generated/${name} has no definition in crds/`);
  if (stale.length + left.length > 0) {
    console.error('Run: node scripts/generate-types.ts');
    process.exitCode = 1;
  }
} else {
  for (const name of stale) await writeFile(join(target, name), wanted.get(name) ?? '');
  for (const name of left) console.error(`Remove src/resources/generated/${name}: no definition in crds/`);
  console.log(`${stale.length} of ${wanted.size} generated files changed`);
}
