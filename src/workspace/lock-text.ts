import { parse, stringify } from 'yaml';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../foundation/json.ts';
import { lockHead } from '../resources/loading/lock-mark.ts';

const layout = { lineWidth: 0, aliasDuplicateObjects: false } as const;
const listHead = 'resources:\n';
const entryMark = '  - ';

/**
 * A lock as YAML. Piece by piece, for the tree that a YAML library keeps of a whole document takes gigabytes where there
 * are 20,000 resources.
 * @param rest all but the resources
 */
export function printLock(rest: JsonObject, resources: readonly object[]): string {
  const top = `${lockHead}${stringify(rest, layout)}`;
  if (resources.length === 0) return `${top}resources: []\n`;
  const entries = resources.map((resource) =>
    stringify({ resources: [resource] }, layout).slice(listHead.length),
  );
  return `${top}${listHead}${entries.join('')}`;
}

/** @throws what the YAML library throws for a text that is no YAML */
export function parseLockText(text: string): Json {
  return inPieces(text) ?? parse(text);
}

/** Undefined where the text is not as `printLock` makes it: somebody has merged or formatted it. */
function inPieces(text: string): Json | undefined {
  const at = text.indexOf(`\n${listHead}${entryMark}`);
  if (at < 0) return undefined;
  // Whatever else begins a line so far to the left ends an entry, and belongs to none.
  const pieces = text.slice(at + 1 + listHead.length).split(/^(?= {0,2}\S)/m);
  if (!pieces.every((piece) => piece.startsWith(entryMark))) return undefined;
  try {
    const rest: Json = parse(text.slice(0, at + 1));
    if (!isJsonObject(rest) || rest.resources !== undefined) return undefined;
    const resources = pieces.flatMap((piece) => {
      const entries: Json = parse(piece);
      if (!isJsonArray(entries) || entries.length !== 1) throw new Error('no entry of its own');
      return entries;
    });
    return { ...rest, resources };
  } catch {
    return undefined;
  }
}
