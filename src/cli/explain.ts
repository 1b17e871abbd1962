import { Command, Option } from 'commander';
import { nearestName } from '../foundation/nearest-name.ts';
import { explainText } from '../report/explain/explain-text.ts';
import { explainField, namesakeInSpec, UnknownField } from '../report/explain/field-explanation.ts';
import { jsonForTerminal } from '../report/terminal-text.ts';
import { readSchema } from '../resources/definition-file.ts';
import { apiVersion, type Kind, kindNames, kinds } from '../resources/kinds.ts';
import { exitCodeHelp, UsageError } from './exit.ts';
import { talk } from './talk.ts';

interface ExplainFlags {
  readonly output: 'text' | 'json';
  readonly recursive: boolean;
}

const examples = `
Examples:
  The kinds that there are:
    dialops explain

  A kind, by any name that kubectl takes:
    dialops explain UserProfile
    dialops explain ext --recursive

  A field; spec may be left out:
    dialops explain extension.voicemail.email`;

export function explainCommand(): Command {
  return new Command('explain')
    .description('Tells what a kind or one of its fields means, its limits and its rules. Offline.')
    .argument('[kind.field]', 'a kind, and where wanted the way to one of its fields')
    .addOption(new Option('-r, --recursive', 'all fields below, without their descriptions').default(false))
    .addOption(
      new Option('-o, --output <format>', 'format on stdout').choices(['text', 'json']).default('text'),
    )
    .addHelpText('after', `${examples}\n${exitCodeHelp}`)
    .action(explain);
}

async function explain(wanted: string | undefined, { output, recursive }: ExplainFlags): Promise<void> {
  if (wanted === undefined) {
    process.stdout.write(kindsText());
    return;
  }
  const [name = '', ...path] = wanted.split('.');
  const kind = kindOf(name);
  const schema = await readSchema(kind);
  try {
    const explained = explainField(kind, schema, path);
    const width = Math.min(process.stdout.columns ?? 100, 100);
    const color = process.stdout.hasColors?.() === true;
    process.stdout.write(
      output === 'json'
        ? jsonForTerminal({ apiVersion, kind, ...explained })
        : explainText(explained, { kind, apiVersion, recursive, color, width }),
    );
    const namesake = namesakeInSpec(schema, path);
    if (namesake !== undefined) talk(`The declared field of this name: dialops explain ${kind}.${namesake}`);
  } catch (error) {
    throw error instanceof UnknownField ? new UsageError(error.message) : error;
  }
}

/** By its name, its plural or its short name, as kubectl takes it. */
function kindOf(name: string): Kind {
  const wanted = name.toLowerCase();
  const found = kinds.find((kind) => namesOf(kind).includes(wanted));
  if (found) return found;
  const near = nearestName(name, kinds);
  const meant = near === undefined ? '' : ` Did you mean ${near}?`;
  throw new UsageError(`There is no kind ${name}.${meant} There are: ${kinds.join(', ')}`);
}

function namesOf(kind: Kind): string[] {
  const { plural, shortName, singular } = kindNames[kind];
  return [kind.toLowerCase(), plural, singular, shortName];
}

function kindsText(): string {
  const lines = kinds.map(
    (kind) => `${kind.padEnd(16)}${kindNames[kind].plural} (${kindNames[kind].shortName})`,
  );
  return `${lines.join('\n')}\n`;
}
