import { Command, Option } from 'commander';
import type { Change, Plan } from '../account/plan.ts';
import type { Failure } from '../execution/host.ts';
import { systemClock } from '../foundation/clock.ts';
import { nearestName } from '../foundation/nearest-name.ts';
import { inviteAnnotation } from '../resources/annotations.ts';
import type { AccountResource } from '../resources/kinds.ts';
import { formatReference } from '../resources/reference.ts';
import { addClusterOptions, namesCluster } from './cluster-options.ts';
import { addConnectionOptions, connectionHelp } from './connection.ts';
import { addDeclaredOptions, type Declared } from './declared.ts';
import { exitCodeHelp, exitCodes, FaultyFiles, UsageError } from './exit.ts';
import { addLockOptions } from './lock-options.ts';
import { hasErrors, runFiles, tellFindings } from './plan.ts';
import { type SourceFlags, sourceOf } from './source.ts';
import { stopSignal } from './stop-signals.ts';
import { complain, talk } from './talk.ts';

interface InviteFlags extends SourceFlags {
  readonly profile: readonly string[];
}

const examples = `
Examples:
  Jane lost the mail, or let its 72 hours pass:
    dialops invite company/ --profile jane-doe

  Where an operator keeps the account in line:
    dialops invite --context production --profile jane-doe --profile joan-roe`;

export function inviteCommand(): Command {
  const command = new Command('invite').description(
    'Has the phone system mail another invitation to people who have a user already, once. The first invitation ' +
      'goes out by itself: this is for who lost it. Nothing else of the account is changed.',
  );
  addClusterOptions(addConnectionOptions(addLockOptions(addDeclaredOptions(command, '[path...]'))));
  return command
    .addOption(
      new Option('--profile <name>', 'the UserProfile of whom to invite; repeatable')
        .argParser((name: string, names: readonly string[]) => [...names, name])
        .default([], 'none')
        .makeOptionMandatory(),
    )
    .addHelpText('after', `${examples}\n${connectionHelp}\n${exitCodeHelp}`)
    .action(invite);
}

async function invite(paths: readonly string[], flags: InviteFlags): Promise<void> {
  const { profile: names } = flags;
  if (names.length === 0) throw new UsageError('Name whom to invite with --profile');
  const token = new Date(systemClock.now()).toISOString();
  if (namesCluster(flags)) {
    if (paths.length > 0)
      throw new UsageError('An operator sends the invitations: give --context without files');
    const { askForInvitations } = await import('./cluster.ts');
    await askForInvitations(flags, names, token);
    process.stdout.write(
      `${names.length} asked for: status.invitation of each UserProfile tells how it goes\n`,
    );
    return;
  }
  const source = await sourceOf(paths, flags);
  tellFindings(source.declared);
  if (hasErrors(source.declared)) throw new FaultyFiles('nobody was invited');
  const declared = asking(source.declared, names, token);
  const isAsked = ({ resources, type }: Pick<Change, 'resources' | 'type'>) =>
    type === 'invitation' && names.includes(resources[0].name);
  const sent: string[] = [];
  const failures = new Map<string, Failure>();
  const run = await runFiles({
    ...source,
    declared,
    flags: { ...flags, prune: false },
    planOnly: false,
    signal: stopSignal(),
    hooks: {
      chosen: (plan: Plan) => ({ ...plan, changes: plan.changes.filter(isAsked) }),
      onSettled: (change, result) => {
        const [{ name }] = change.resources;
        const [failure] = result.failures;
        if (failure) failures.set(name, failure);
        else {
          failures.delete(name);
          sent.push(name);
          talk(`Invited ${formatReference(change.resources[0])}.`);
        }
      },
    },
  });
  for (const name of names) {
    if (sent.includes(name)) continue;
    const outcome = [...run.plan.outcomes.values()].find(
      ({ resource }) => resource.kind === 'UserProfile' && resource.name === name,
    );
    complain(`UserProfile ${name}: ${failures.get(name)?.message ?? outcome?.message ?? 'not invited'}`);
  }
  process.stdout.write(`${sent.length} of ${names.length} invited\n`);
  if (sent.length < names.length) process.exitCode = exitCodes.failed;
}

/** The files as if each profile asked for another invitation. */
function asking(declared: Declared, names: readonly string[], token: string): Declared {
  const profiles = declared.resources.flatMap(({ kind, metadata }) =>
    kind === 'UserProfile' ? [metadata.name] : [],
  );
  const unknown = names.find((name) => !profiles.includes(name));
  if (unknown !== undefined) {
    const near = nearestName(unknown, profiles);
    const meant = near === undefined ? '.' : `; did you mean ${near}?`;
    throw new UsageError(`The files hold no UserProfile ${unknown}${meant} Nobody was invited`);
  }
  return { ...declared, resources: declared.resources.map((resource) => asked(resource, names, token)) };
}

function asked(resource: AccountResource, names: readonly string[], token: string): AccountResource {
  const { annotations, name } = resource.metadata;
  if (resource.kind !== 'UserProfile' || !names.includes(name)) return resource;
  if (annotations?.[inviteAnnotation] !== undefined) {
    throw new UsageError(
      `UserProfile ${name} asks by annotation already: give ${inviteAnnotation} another value in the YAML and apply ` +
        'it, or take it out there first. Nobody was invited',
    );
  }
  const metadata = { ...resource.metadata, annotations: { ...annotations, [inviteAnnotation]: token } };
  return { ...resource, metadata };
}
