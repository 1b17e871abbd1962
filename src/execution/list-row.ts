import { holds } from '../account/apply.ts';
import type { ObservedObject } from '../account/objects.ts';
import { read } from '../account/path.ts';
import { isJsonObject, type JsonObject } from '../foundation/json.ts';
import { idOf } from '../phonesystem/collections.ts';
import type { InFlight } from './in-flight.ts';

/** Without regard to case. */
export function userName(row: JsonObject): string | undefined {
  const name = read(row, ['basicInfo', 'userName']);
  return name.present && typeof name.value === 'string' ? name.value.toLowerCase() : undefined;
}

/** The phone system's mark of the last update of a user. */
export function revisionOf(body: JsonObject): string | undefined {
  const time = isJsonObject(body.basicInfo) ? body.basicInfo.lastUpdatedTime : body.lastUpdatedTime;
  return typeof time === 'string' ? time : undefined;
}

/** Does a list row show the write? `hidden`: it is over, but the row does not carry all declared paths. */
export function judgeRow(tracked: InFlight, row: JsonObject): 'shown' | 'hidden' | 'notYet' {
  let hidden = false;
  for (const field of tracked.fields) {
    if (field.createOnly) continue;
    const verdict = holds(row, field);
    if (verdict === 'no') return 'notYet';
    if (verdict === 'unknown') hidden = true;
  }
  if (!hidden) return 'shown';
  if (tracked.change.action === 'Create') return 'hidden';
  return revisionOf(row) !== tracked.revisionBefore ? 'hidden' : 'notYet';
}

export function observed(
  type: ObservedObject['type'],
  body: JsonObject,
  source: 'row' | 'single',
  readAt: number,
): ObservedObject {
  return { type, id: idOf(type, body) ?? '', body, source, readAt };
}
