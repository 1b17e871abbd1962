import { Option } from 'commander';

/** `--show-values`; where it is not given, a person at a terminal sees them and a log does not. */
export function showValuesOption(): Option {
  return new Option(
    '--show-values',
    'show personal values that the account holds (default: on a terminal only)',
  ).default(process.stdout.isTTY === true);
}
