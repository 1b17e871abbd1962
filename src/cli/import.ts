import { Command, InvalidArgumentError, Option } from 'commander';
import { template } from '../workspace/csv/people-to-csv.ts';
import { layouts } from '../workspace/repository/layout.ts';
import { addConnectionOptions, connectionHelp } from './connection.ts';
import { exitCodeHelp, UsageError } from './exit.ts';
import { type ImportFlags, importFromAccount } from './import-account.ts';
import { type ImportCsvFlags, importFromCsv } from './import-csv.ts';

const examples = `
Examples:
  A whole account into a folder for git, to be taken over as it is:
    dialops import --from-account --endpoint https://api.8x8.com/admin-provisioning --api-key-file key --out company/
    dialops plan company/

  Commit dialops.lock.yaml with the rest. What somebody changes by hand from then on:
    dialops drift company/

  With a folder for each site, and the namespace that the resources will live in:
    dialops import --from-account --out company/ --layout site --namespace acme

  Again, months later, over the same folder, to see in git what has changed since:
    dialops import --from-account --out company/ --force

  For another account that has the same sites, numbers and licences:
    dialops import --from-account --out copy/ --portable

  People from a spreadsheet, beginning with a list to fill in:
    dialops import --template > people.csv
    dialops import --csv people.csv --out newcomers/

  A list that names its columns otherwise, of one site, with German numbers written as at home:
    dialops import --csv staff.csv --map 'Work email=email' --set site=Headquarters --calling-code 49 > staff.yaml`;

export function importCommand(): Command {
  const command = new Command('import').description(
    'Writes what there is as YAML: a whole account as a repository of resources, on which dialops plan finds ' +
      'nothing to do, or the people of a CSV file. No secrets are written, and the account is only read.',
  );
  return addConnectionOptions(command)
    .addOption(new Option('--from-account', 'take over the account that the API key opens').default(false))
    .addOption(
      new Option(
        '--csv <file>',
        'take over people and their extensions from this list; - is the standard input',
      ).conflicts('fromAccount'),
    )
    .addOption(
      new Option('--template', 'print a list to start from: all columns, and a row to write over').default(
        false,
      ),
    )
    .addOption(
      new Option('--out <dir>', 'the folder to write, new or empty; a list goes to stdout without it'),
    )
    .addOption(new Option('--force', 'replace what an earlier import made in the folder').default(false))
    .addOption(
      new Option('--layout <layout>', 'one folder for each kind, or for each site')
        .choices(layouts)
        .default('kind'),
    )
    .addOption(new Option('--phone-system <name>', 'name of the PhoneSystem').default('default'))
    .addOption(new Option('--namespace <name>', 'the namespace that the kustomization sets'))
    .addOption(
      new Option(
        '--portable',
        'for another account: without ids and ports, and so that nobody is mailed',
      ).default(false),
    )
    .addOption(
      new Option(
        '--rows-only',
        'take the lists as they are: what their rows leave out is not managed (default: read it one by one)',
      ).default(false),
    )
    .addOption(
      new Option(
        '--allow-unknown <path>',
        "leave in the account what this version does not know, as 'user basicInfo.pronouns'; repeatable",
      )
        .argParser((text: string, paths: readonly string[]) => [...paths, text])
        .default([], 'none'),
    )
    .addOption(new Option('--allow-mismatch', 'write even if the counts do not add up').default(false))
    .addOption(
      new Option(
        '--map <head=column>',
        "what a column of the list stands for, as 'Work email=email'; repeatable",
      )
        .argParser(pair)
        .default(new Map(), 'none'),
    )
    .addOption(
      new Option(
        '--set <column=value>',
        'what empty cells of a column hold, as site=Headquarters; repeatable',
      )
        .argParser(pair)
        .default(new Map(), 'none'),
    )
    .addOption(
      new Option('--calling-code <digits>', 'country of numbers without one, as 44').argParser(callingCode),
    )
    .addOption(
      new Option(
        '--extension-length <n>',
        'fill extension numbers up with zeros to this length; any: they may differ (default: a shorter one is a fault)',
      ).argParser(extensionLength),
    )
    .addOption(
      new Option('-o, --output <format>', 'format of the counts on stdout')
        .choices(['text', 'json'])
        .default('text'),
    )
    .addHelpText('after', `${examples}\n${connectionHelp}\n${exitCodeHelp}`)
    .action(runImport);
}

async function runImport(
  flags: ImportFlags & ImportCsvFlags & { readonly template: boolean },
): Promise<void> {
  if (flags.template) process.stdout.write(template());
  else if (flags.csv !== undefined) await importFromCsv(flags.csv, flags);
  else if (flags.fromAccount) await importFromAccount(flags);
  else throw new UsageError('Say what to import: --from-account, or --csv FILE');
}

function pair(text: string, before: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const [, left = '', right = ''] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (left === '') throw new InvalidArgumentError('It must be two names with = between them.');
  return new Map([...before, [left.trim(), right.trim()]]);
}

function callingCode(text: string): string {
  const digits = /^\+?([1-9]\d{0,2})$/.exec(text)?.[1];
  if (digits === undefined) throw new InvalidArgumentError('It must be 1 to 3 digits, as 44.');
  return digits;
}

function extensionLength(text: string): number | 'any' {
  if (text === 'any') return text;
  if (!/^([1-9]|1[0-5])$/.test(text))
    throw new InvalidArgumentError('It must be a number from 1 to 15, or any.');
  return Number(text);
}
