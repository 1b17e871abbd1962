// Generates docs/conditions.md and docs/validation-rules.md, and the field tables in docs/kinds/*.md between their markers. With --check it
// writes nothing and exits 1 when a page is stale.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { isJsonObject } from '../src/foundation/json.ts';
import { conditionsPage } from './document-conditions.ts';
import { fieldTable } from './document-kind.ts';
import { validationRulesPage } from './document-validation-rules.ts';
import { bringUpToDate } from './generated-files.ts';
import { schemaOf } from './types-of-crd.ts';

const root = join(import.meta.dirname, '..');

function withTable(page: string, part: string, table: string, file: string): string {
  const [start, end] = [`<!-- ${part} -->`, `<!-- /${part} -->`];
  const [before, rest] = page.split(start);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${file} lacks ${start} … ${end}`);
  return `${before}${start}\n\n${table}\n\n${end}${after}`;
}

const wanted = new Map([
  ['docs/conditions.md', conditionsPage()],
  ['docs/validation-rules.md', validationRulesPage()],
]);
for (const name of (await readdir(join(root, 'crds'))).sort()) {
  const file = `crds/${name}`;
  const { kind, schema } = schemaOf(parse(await readFile(join(root, file), 'utf8')), file);
  const page = `docs/kinds/${kind.toLowerCase()}.md`;
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  let text = await readFile(join(root, page), 'utf8');
  for (const part of ['spec', 'status'] as const) {
    const partSchema = properties[part];
    text = withTable(text, part, isJsonObject(partSchema) ? fieldTable(partSchema) : '', page);
  }
  wanted.set(page, text);
}

await bringUpToDate(wanted, 'node scripts/generate-docs.ts');
