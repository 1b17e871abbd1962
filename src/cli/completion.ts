import { Argument, Command, type Option } from 'commander';
import { kinds } from '../resources/kinds.ts';
import { exitCodeHelp } from './exit.ts';

/** What the scripts below call: `dialops __complete -- WORD… CURRENT`. */
export const completeCall = '__complete';

/**
 * What may stand in place of the last word, one a line; nothing where the shell knows better: names of files. The
 * libraries that there are for this turn file names off, and most of our arguments are files.
 */
export function candidates(program: Command, words: readonly string[]): string[] {
  const before = words.slice(0, -1);
  const current = words.at(-1) ?? '';
  const name = before.find((word) => !word.startsWith('-'));
  const command = program.commands.find((each) => each.name() === name) ?? program;
  return possible(command, before, current).filter((each) => each.startsWith(current));
}

function possible(command: Command, before: readonly string[], current: string): readonly string[] {
  const options = command.createHelp().visibleOptions(command);
  const pending = options.find((option) => takesValue(option) && isNamed(option, before.at(-1)));
  if (pending) return pending.argChoices ?? [];
  if (current.startsWith('-')) return options.flatMap(({ long, short }) => long ?? short ?? []);
  const sub = command.createHelp().visibleCommands(command);
  if (sub.length > 0) return sub.map((each) => each.name());
  if (command.name() === 'explain') return kinds;
  return command.registeredArguments[0]?.argChoices ?? [];
}

function takesValue({ optional, required }: Option): boolean {
  return optional || required;
}

function isNamed({ long, short }: Option, word: string | undefined): boolean {
  return word !== undefined && (word === long || word === short);
}

const scripts = {
  bash: `_dialops() {
  local IFS=$'\\n'
  COMPREPLY=($(dialops ${completeCall} -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _dialops dialops
`,
  zsh: `#compdef dialops
_dialops() {
  local -a found
  found=(\${(f)"$(dialops ${completeCall} -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( \${#found} )); then compadd -- $found; else _files; fi
}
# Loaded from fpath this file is the body of the function, and what it defines is not called the first time.
if [[ \${funcstack[1]} == _dialops ]]; then _dialops "$@"; else compdef _dialops dialops; fi
`,
  fish: `complete -c dialops -a '(dialops ${completeCall} -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
`,
} as const;
type Shell = keyof typeof scripts;

const examples = `
Examples:
  Now, in this bash:
    source <(dialops completion bash)

  Always, in zsh:
    dialops completion zsh > "\${fpath[1]}/_dialops"

  Always, in fish:
    dialops completion fish > ~/.config/fish/completions/dialops.fish`;

export function completionCommand(): Command {
  return new Command('completion')
    .description('Prints a script that lets a shell complete commands, options and their values.')
    .addArgument(new Argument('<shell>', 'whose script').choices(Object.keys(scripts)))
    .addHelpText('after', `${examples}\n${exitCodeHelp}`)
    .action((shell: Shell) => {
      process.stdout.write(scripts[shell]);
    });
}
