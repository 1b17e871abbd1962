import { text as readAll } from 'node:stream/consumers';
import { styleText } from 'node:util';
import { Command, Option } from 'commander';
import { settingsOf } from '../execution/phone-system-settings.ts';
import { systemClock } from '../foundation/clock.ts';
import { findingsGithub } from '../report/findings/findings-github.ts';
import { findingsJson } from '../report/findings/findings-json.ts';
import { findingsMarkdown } from '../report/findings/findings-markdown.ts';
import { findingsSarif } from '../report/findings/findings-sarif.ts';
import { findingsText } from '../report/findings/findings-text.ts';
import { setFindings } from '../report/findings/set-findings.ts';
import { countOf, inOrder, plural, type Validation } from '../report/findings/validation.ts';
import { jsonForTerminal } from '../report/terminal-text.ts';
import { loadResources } from '../resources/loading/load-resources.ts';
import { exitCodeHelp, exitCodes } from './exit.ts';
import { talk } from './talk.ts';
import { packageVersion } from './version.ts';

interface ValidateFlags {
  readonly output: (typeof formats)[number];
  readonly namespace: string;
}

const formats = ['text', 'markdown', 'json', 'sarif', 'github'] as const;

const examples = `
Examples:
  A folder with all that is below it:
    dialops validate examples/acme

  What kustomize makes of it, as the cluster would see it:
    kubectl kustomize examples/acme | dialops validate -

  Some files, as JSON:
    dialops validate 'people/*.yaml' phone-system.yaml -o json

  In a workflow of GitHub, beside the lines of the pull request:
    dialops validate . -o github

Findings of severity error make the exit code 1; warnings do not. docs/validation-rules.md explains each rule.`;

export function validateCommand(): Command {
  return new Command('validate')
    .description(
      'Checks files as the API server would, and then what only all of them together show. Offline: what needs ' +
        'the account is not checked. Findings go to stdout, each with its place, its rule and the remedy.',
    )
    .argument('<path...>', 'files, folders, patterns, or - for the standard input')
    .addOption(
      new Option('-o, --output <format>', 'how findings are written').choices(formats).default('text'),
    )
    .option('-n, --namespace <name>', 'of resources that name none', 'default')
    .addHelpText('after', `${examples}\n${exitCodeHelp}`)
    .action(validate);
}

async function validate(paths: readonly string[], { namespace, output }: ValidateFlags): Promise<void> {
  const loaded = await loadResources(paths, { stdin: () => readAll(process.stdin), namespace });
  const set = setFindings(loaded, {
    now: systemClock.now(),
    policyOf: (phoneSystem) => settingsOf(phoneSystem).policy,
  });
  const validation: Validation = {
    findings: inOrder([...loaded.findings, ...set]),
    resources: loaded.resources.length + loaded.faulty.size,
    files: loaded.files,
    complete: loaded.complete,
    passedOver: loaded.passedOver,
  };
  process.stdout.write(rendered(validation, output));
  for (const line of summary(validation)) talk(line);
  if (countOf(validation, 'error') > 0) process.exitCode = exitCodes.failed;
}

function rendered(validation: Validation, output: ValidateFlags['output']): string {
  if (output === 'json') return jsonForTerminal(findingsJson(validation));
  if (output === 'github') return findingsGithub(validation);
  if (output === 'markdown') return findingsMarkdown(validation);
  if (output === 'sarif') return jsonForTerminal(findingsSarif(validation, packageVersion()));
  return findingsText(validation, (style, text) => styleText(style, text, { stream: process.stdout }));
}

function summary(validation: Validation): readonly string[] {
  const { complete, files, passedOver, resources } = validation;
  const [errors, warnings] = [countOf(validation, 'error'), countOf(validation, 'warning')];
  const verdict = errors === 0 ? 'valid' : 'not valid';
  const others = [...passedOver].filter(([kind]) => kind !== '').map(([kind, count]) => `${count} ${kind}`);
  const noResources = passedOver.get('') ?? 0;
  return [
    ...(others.length === 0 ? [] : [`passed over: ${others.join(', ')}`]),
    ...(noResources === 0
      ? []
      : [`passed over: ${plural(noResources, 'document')} without apiVersion and kind`]),
    ...(complete ? [] : ['not checked: references, because something could not be read']),
    `${verdict}: ${plural(resources, 'resource')} in ${plural(files, 'file')}, ${plural(errors, 'error')}, ${plural(warnings, 'warning')}`,
  ];
}
