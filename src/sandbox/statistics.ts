import type { JsonObject } from '../foundation/json.ts';

/** What the sandbox has counted since it began, or since the counts were cleared. */
export class Statistics {
  #requests = new Map<string, number>();
  #responses = new Map<string, number>();
  #maxInFlight = 0;
  #overInFlight = 0;
  #writes = 0;

  /** @param route such as `GET /users/{userId}` */
  request(route: string): void {
    this.#requests.set(route, (this.#requests.get(route) ?? 0) + 1);
  }

  response(status: number): void {
    this.#responses.set(String(status), (this.#responses.get(String(status)) ?? 0) + 1);
  }

  inFlight(operations: number): void {
    this.#maxInFlight = Math.max(this.#maxInFlight, operations);
  }

  overInFlight(): void {
    this.#overInFlight += 1;
  }

  write(): void {
    this.#writes += 1;
  }

  clear(): void {
    this.#requests = new Map();
    this.#responses = new Map();
    this.#maxInFlight = 0;
    this.#overInFlight = 0;
    this.#writes = 0;
  }

  snapshot(): JsonObject {
    return {
      requests: Object.fromEntries(this.#requests),
      responses: Object.fromEntries(this.#responses),
      operations: { maxInFlight: this.#maxInFlight, overInFlight: this.#overInFlight },
      writes: this.#writes,
    };
  }
}
