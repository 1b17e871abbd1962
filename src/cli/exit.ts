/** What the command's exit code says; `dialops --help` lists them. */
export const exitCodes = {
  done: 0,
  /** It was tried and went wrong: a port in use, an API server away. */
  failed: 1,
  /** What was compared is not the same: a plan with changes, an account with drift. */
  differs: 2,
  /** The command line, or a file that it names, can't be used: nothing was done. EX_USAGE of sysexits.h. */
  usage: 64,
} as const;

export const exitCodeHelp = `
Exit codes:
  0    done; of what runs until it is stopped (operator, sandbox), stopped and all put away
  1    it went wrong, it was stopped before its end, or the files have faults; the message says where
  2    it differs: a plan with changes, an account with drift
  64   the command line, or what it needs first (a key, a folder, a saved plan), can't be used; nothing was done
  130  a second SIGINT (143: SIGTERM) ended it at once`;

/** The command line, or a file that it names, can't be used. The message says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What was declared can't be used; what is wrong was said before. */
export class FaultyFiles extends Error {
  override readonly name = 'FaultyFiles';

  /** @param left what was not done: `nothing was changed` */
  constructor(left: string) {
    super(`The files have faults, see above: ${left}`);
  }
}

/** The message of an error and of its causes, on one line. */
export function explain(error: unknown): string {
  const messages: string[] = [];
  for (let each = error; each !== undefined && messages.length < 5; ) {
    messages.push(each instanceof Error ? each.message : String(each));
    each = each instanceof Error ? each.cause : undefined;
  }
  return messages
    .filter((text, index) => !messages.slice(0, index).some((before) => before.includes(text)))
    .join(': ');
}
