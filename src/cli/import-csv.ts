import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { jsonForTerminal } from '../report/terminal-text.ts';
import { CsvFileError, readCsv } from '../workspace/csv/csv-file.ts';
import { columnNamed } from '../workspace/csv/header.ts';
import { type PeopleFromCsv, peopleFromCsv } from '../workspace/csv/people-from-csv.ts';
import type { CellFinding } from '../workspace/csv/read-rows.ts';
import { type Layout, layOut } from '../workspace/repository/layout.ts';
import { repositoryTexts } from '../workspace/repository/repository-texts.ts';
import { FolderInUseError, writeRepository } from '../workspace/repository/write-repository.ts';
import { yamlText } from '../workspace/repository/yaml-text.ts';
import { exitCodes, explain, UsageError } from './exit.ts';
import { complain, talk } from './talk.ts';

export interface ImportCsvFlags {
  readonly csv?: string;
  readonly out?: string;
  readonly layout: Layout;
  readonly namespace?: string;
  readonly phoneSystem: string;
  readonly map: ReadonlyMap<string, string>;
  readonly set: ReadonlyMap<string, string>;
  readonly callingCode?: string;
  readonly extensionLength?: number | 'any';
  readonly output: 'text' | 'json';
}

/** @throws UsageError where nothing of the file can be used */
export async function importFromCsv(file: string, flags: ImportCsvFlags): Promise<void> {
  const people = await read(file, flags);
  for (const line of people.ignored) talk(`${file}: warning: ${line}; --map says what it stands for`);
  tell(file, people.findings);
  const { bad, imported, rows } = people;
  if (rows === 0) throw new UsageError(`--csv ${file}: there is no row below the heads`);
  if (imported.length === 0)
    throw new Error(`None of the ${rows} rows can be taken over: nothing was written`);
  const kept = `${rows - bad} of ${rows} rows taken over, ${bad} left out`;
  await write(people, flags);
  if (flags.out === undefined) talk(`${kept}.`);
  else if (flags.output === 'json') {
    const content = { format: 'dialops.dev/import-csv/v1', rows, bad, resources: imported.length };
    process.stdout.write(jsonForTerminal({ ...content, findings: people.findings }));
  } else process.stdout.write(`${kept}: ${imported.length} resources in ${flags.out}.\n`);
  if (bad > 0) process.exitCode = exitCodes.failed;
}

async function read(file: string, flags: ImportCsvFlags): Promise<PeopleFromCsv> {
  const { callingCode, extensionLength, map, phoneSystem, set } = flags;
  for (const name of set.keys()) {
    if (!columnNamed(name)) throw new UsageError(`--set ${name}: there is no such column; see --template`);
  }
  const bytes = await bytesOf(file);
  try {
    return peopleFromCsv(readCsv(bytes), {
      mapping: map,
      given: set,
      phoneSystem,
      ...(callingCode === undefined ? {} : { callingCode }),
      ...(typeof extensionLength === 'number' ? { extensionLength } : {}),
      mixedLengths: extensionLength === 'any',
    });
  } catch (error) {
    if (error instanceof CsvFileError) throw new UsageError(`--csv ${file}: ${error.message}`);
    throw error;
  }
}

async function bytesOf(file: string): Promise<Uint8Array> {
  if (file === '-') return await buffer(process.stdin);
  try {
    return await readFile(file);
  } catch (error) {
    throw new UsageError(`--csv ${file}: cannot be read: ${explain(error)}`);
  }
}

/** One a line, as compilers print them; a spreadsheet finds the place by its letter. */
function tell(file: string, findings: readonly CellFinding[]): void {
  for (const { column, line, message, severity, title } of findings) {
    const place = column === undefined ? `${file}:${line}` : `${file}:${line}: column ${column} (${title})`;
    if (severity === 'error') complain(`${place}: ${message}`);
    else talk(`warning: ${place}: ${message}`);
  }
}

async function write(people: PeopleFromCsv, flags: ImportCsvFlags): Promise<void> {
  const { layout, namespace, out } = flags;
  const { imported } = people;
  if (out === undefined) {
    const texts = imported.map((item) =>
      yamlText({ path: '', content: { kind: 'resource', imported: item } }, undefined),
    );
    process.stdout.write(texts.join('---\n'));
    return;
  }
  const files = layOut({ imported, layout, ...(namespace === undefined ? {} : { namespace }) });
  await writeRepository(out, await repositoryTexts(files), false).catch((error: unknown) => {
    if (!(error instanceof FolderInUseError)) throw error;
    throw new UsageError(`--out ${out} is not empty: name a new folder, and move the files to their place`);
  });
}
