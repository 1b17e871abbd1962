import { lineForTerminal } from '../report/terminal-text.ts';

/** What a long run is at; each part is left out while it has nothing to say. */
export interface Progress {
  readonly done: number;
  readonly of: number;
  /** What is under way now. */
  readonly inFlight: readonly string[];
  /** Milliseconds since the beginning. */
  readonly elapsedMs: number;
}

type Screen = Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'>;

/** The last line of a terminal, written over as things move along. Nothing at all where there is no terminal. */
export class ProgressLine {
  readonly #screen: Screen;
  #shown = false;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  show(progress: Progress): void {
    if (this.#screen.isTTY !== true) return;
    const line = lineForTerminal(progressText(progress));
    const width = Math.max(20, this.#screen.columns ?? 80) - 1;
    this.#screen.write(`\r\u001b[2K${line.length > width ? `${line.slice(0, width - 1)}…` : line}`);
    this.#shown = true;
  }

  /** Takes the line away, so that something else may be printed; it comes back with the next `show`. */
  clear(): void {
    if (!this.#shown) return;
    this.#screen.write('\r\u001b[2K');
    this.#shown = false;
  }
}

/** `12 of 57 done, 3 in flight (create user of UserProfile jane, …), 42 wait, about 4 min left` */
export function progressText({ done, elapsedMs, inFlight, of }: Progress): string {
  const waiting = Math.max(0, of - done - inFlight.length);
  const [first] = inFlight;
  const more = inFlight.length > 1 ? ', …' : '';
  const parts = [
    `${done} of ${of} done`,
    ...(first === undefined ? [] : [`${inFlight.length} in flight (${first}${more})`]),
    ...(waiting > 0 ? [`${waiting} ${waiting === 1 ? 'waits' : 'wait'}`] : []),
    ...(done > 0 && done < of ? [`about ${spokenTime((elapsedMs / done) * (of - done))} left`] : []),
  ];
  return parts.join(', ');
}

function spokenTime(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  return seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
