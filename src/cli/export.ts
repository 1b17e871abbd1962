import { stat, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { Command, Option } from 'commander';
import { loadResources } from '../resources/loading/load-resources.ts';
import { peopleToCsv } from '../workspace/csv/people-to-csv.ts';
import { replaceFile } from '../workspace/replace-file.ts';
import { exitCodeHelp, exitCodes, FaultyFiles, UsageError } from './exit.ts';
import { tellFindings } from './plan.ts';
import { talk } from './talk.ts';

interface ExportFlags {
  readonly csv?: string;
}

const examples = `
Examples:
  The people of a repository as a list for a spreadsheet:
    dialops export --csv people.csv company/

  On the standard output:
    dialops export --csv - company/people company/extensions

The list is made so that dialops import --csv takes it back: cells that a spreadsheet would take for a formula, or whose
plus or zeros it would drop, have an apostrophe before them. What the list has no column for is named on stderr.`;

export function exportCommand(): Command {
  return new Command('export')
    .description('Writes the people that files declare, and their extensions, as CSV.')
    .argument('<path...>', 'files, folders or patterns of YAML; - is the standard input')
    .addOption(new Option('--csv <file>', 'the file to write; - is the standard output'))
    .addHelpText('after', `${examples}\n${exitCodeHelp}`)
    .action(runExport);
}

/** So many single fields are named; the rest is counted. */
const mostNamed = 20;

async function runExport(paths: readonly string[], { csv }: ExportFlags): Promise<void> {
  if (csv === undefined) throw new UsageError('Say where to: --csv FILE, or --csv - for the standard output');
  const loaded = await loadResources(paths, { stdin: () => text(process.stdin) });
  tellFindings(loaded);
  const faulty = loaded.findings.some(({ severity }) => severity === 'error');
  if (faulty) throw new FaultyFiles('nothing was written');
  const resources = loaded.resources.flatMap(({ resource }) =>
    resource.kind === 'PhoneSystem' || resource.kind === 'DriftReport' ? [] : [resource],
  );
  const { people, text: content, unsaid } = peopleToCsv(resources);
  if (csv === '-') process.stdout.write(content);
  else await write(csv, content);
  for (const { field, resource } of unsaid.slice(0, mostNamed)) {
    talk(`warning: not in the list: ${resource}${field === undefined ? '' : ` spec.${field}`}`);
  }
  if (unsaid.length > mostNamed) talk(`warning: and ${unsaid.length - mostNamed} more`);
  talk(`${people} people written.`);
  process.exitCode = exitCodes.done;
}

/** A list of people is for its owner alone; a pipe or a device is written into. */
async function write(path: string, content: string): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (path.startsWith('/dev/') || (there && !there.isFile())) await writeFile(path, content);
  else await replaceFile(path, content, 0o600);
}
