// Generates schemas/*.schema.json from crds/*.yaml: what editors complete and check by. With --check it writes nothing and exits 1 when
// one is stale. schemas/plan.schema.json is written by hand.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { draft, editorSchema, schemaOfAll } from './editor-schema.ts';
import { bringUpToDate } from './generated-files.ts';

const root = join(import.meta.dirname, '..');
const names = (await readdir(join(root, 'crds'))).filter((name) => name.endsWith('.yaml')).sort();
const schemas = await Promise.all(
  names.map(async (name) =>
    editorSchema(parse(await readFile(join(root, 'crds', name), 'utf8')), `crds/${name}`),
  ),
);
const wanted = new Map(
  schemas.map(({ kind, schema }) => [
    `schemas/${kind.toLowerCase()}.schema.json`,
    text({ $schema: draft, title: kind, ...schema }),
  ]),
);
wanted.set('schemas/dialops.schema.json', text(schemaOfAll(schemas)));
await bringUpToDate(wanted, 'node scripts/generate-schemas.ts');

function text(schema: object): string {
  return `${JSON.stringify(schema, undefined, 1)}\n`;
}
