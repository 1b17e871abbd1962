/** What a worker says to the log: short sentences and the error behind them. */
export interface WorkerLog {
  error(message: string, error: unknown): void;
}
