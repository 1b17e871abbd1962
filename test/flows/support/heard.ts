import type { Exchange } from '../../conformance/exchange.ts';

type Listener = (exchange: Exchange) => void;
let listener: Listener | undefined;

/** From now on each exchange of a Flow is told; the conformance run listens. */
export function listenToFlows(hear: Listener): void {
  listener = hear;
}

export function isListenedTo(): boolean {
  return listener !== undefined;
}

export function heard(exchange: Exchange): void {
  listener?.(exchange);
}
