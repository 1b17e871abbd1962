import { StringDecoder } from 'node:string_decoder';
import { isJsonObject, type Json } from '../../foundation/json.ts';
import { KubernetesError } from './api-error.ts';

export interface WatchEvent {
  readonly type: string;
  readonly object: Json;
}

/** Far above the largest object that etcd takes (1.5 MiB); a stream without newlines must not eat the memory. */
const MAX_LINE = 16 * 1024 * 1024;

/**
 * The events of a watch: JSON objects, one a line. Ends when the stream ends; an unfinished last line is dropped
 * (the event comes again when the watch is resumed). A line that is no event is `unavailable`: going on would
 * mean to have missed one.
 */
export async function* watchEvents(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<WatchEvent> {
  const decoder = new StringDecoder('utf8');
  let pending = '';
  for await (const chunk of chunks) {
    const lines = (pending + (typeof chunk === 'string' ? chunk : decoder.write(chunk))).split('\n');
    pending = lines.pop() ?? '';
    if (pending.length > MAX_LINE) throw new KubernetesError('unavailable', 'watch: an endless line');
    for (const line of lines) {
      if (line.trim() !== '') yield parseEvent(line);
    }
  }
}

function parseEvent(line: string): WatchEvent {
  let event: Json;
  try {
    event = JSON.parse(line);
  } catch (error) {
    throw new KubernetesError('unavailable', 'watch: a line is not JSON', { cause: error });
  }
  if (!isJsonObject(event) || typeof event.type !== 'string') {
    throw new KubernetesError('unavailable', 'watch: a line is not an event');
  }
  return { type: event.type, object: event.object ?? null };
}
