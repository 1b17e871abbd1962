import type { JsonObject } from '../../foundation/json.ts';
import { digest } from '../digest.ts';
import type { ResourceMemory } from '../memory.ts';
import type { WirePath } from '../objects.ts';
import type { FieldWriter } from './field.ts';

/**
 * Declares the id of a civic address. The phone system normalises addresses, so texts are never compared: memory
 * keeps the id that registering this text gave.
 */
export function registeredAddress(
  writer: FieldWriter,
  field: string,
  path: WirePath,
  civic: JsonObject,
  memory: ResourceMemory,
): void {
  const remember = `address:${field}`;
  const [known, id] = (memory.handled[remember] ?? '').split('=');
  if (known === digest(civic) && id) writer.declare(field, path, id, { refers: true, madeFrom: known });
  else writer.declare(field, path, null, { refers: true, source: { kind: 'address', civic, remember } });
}
