import { styleText } from 'node:util';
import { linesForTerminal } from '../report/terminal-text.ts';

/**
 * Words for a person go to stderr, so that stdout holds nothing but data. Further lines are indented: a name with a line
 * break in it begins none that looks like ours.
 */
export function talk(text: string): void {
  process.stderr.write(`${linesForTerminal(text.replaceAll('\n', '\n  '))}\n`);
}

/** Red where stderr is a terminal and NO_COLOR is not set. */
export function complain(message: string): void {
  process.stderr.write(`${styleText('red', 'error:', { stream: process.stderr })} `);
  talk(message);
}
