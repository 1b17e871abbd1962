import { styleText } from 'node:util';

/** Words for a person go to stderr, so that stdout holds nothing but data. */
export function talk(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Red where stderr is a terminal and NO_COLOR is not set. */
export function complain(message: string): void {
  talk(`${styleText('red', 'error:', { stream: process.stderr })} ${message}`);
}
