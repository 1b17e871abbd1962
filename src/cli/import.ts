import { Command, Option } from 'commander';
import { layouts } from '../workspace/repository/layout.ts';
import { addConnectionOptions, connectionHelp } from './connection.ts';
import { exitCodeHelp, UsageError } from './exit.ts';
import { type ImportFlags, importFromAccount } from './import-account.ts';

const examples = `
Examples:
  A whole account into a folder for git, to be taken over as it is:
    dialops import --from-account --endpoint https://api.8x8.com/admin-provisioning --api-key-file key --out company/
    dialops plan company/

  With a folder for each site, and the namespace that the resources will live in:
    dialops import --from-account --out company/ --layout site --namespace acme

  Again, months later, over the same folder, to see in git what has changed since:
    dialops import --from-account --out company/ --force

  For another account that has the same sites, numbers and licences:
    dialops import --from-account --out copy/ --portable`;

export function importCommand(): Command {
  const command = new Command('import').description(
    'Writes what there is as YAML: a whole account as a repository of resources, on which dialops plan finds ' +
      'nothing to do. It writes all of it or nothing, and no secrets; the account is only read.',
  );
  return addConnectionOptions(command)
    .addOption(new Option('--from-account', 'take over the account that the API key opens').default(false))
    .addOption(new Option('--out <dir>', 'the folder to write; it must be new or empty'))
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
      new Option('-o, --output <format>', 'format of the counts on stdout')
        .choices(['text', 'json'])
        .default('text'),
    )
    .addHelpText('after', `${examples}\n${connectionHelp}\n${exitCodeHelp}`)
    .action(runImport);
}

async function runImport(flags: ImportFlags): Promise<void> {
  if (!flags.fromAccount) throw new UsageError('Say what to import: --from-account');
  await importFromAccount(flags);
}
