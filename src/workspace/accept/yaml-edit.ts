import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type ParsedNode,
  stringify,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { isJsonArray, isJsonObject, type Json, type JsonObject, jsonEqual } from '../../foundation/json.ts';
import type { JsonPath } from '../../resources/json-path.ts';
import { kubernetesScalars } from '../../resources/loading/yaml-scalars.ts';

import { identityOf, mergedEntry } from './list-entry.ts';

/** A replacement in a text, by offsets. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The value can't be replaced in its place; the message says why. */
export class NotEditable extends Error {
  override readonly name = 'NotEditable';
}

type Parsed = YAMLMap.Parsed;
type Node = ParsedNode;

/**
 * The replacements that give a value in a YAML document another content and leave the rest of the text, comments and
 * layout, as it is. Lists are changed entry by entry: an entry is known by its MAC address, number, id or name.
 *
 * @param text of the whole file, which the document was parsed from
 * @throws NotEditable where the value is not there, or stands behind an alias
 */
export function spliceValue(document: Document.Parsed, text: string, path: JsonPath, value: Json): Splice[] {
  return new Editor(document, text).replace(nodeAt(document, path), value);
}

function nodeAt(document: Document.Parsed, path: JsonPath): Node {
  let node: Node | null = document.contents;
  for (const segment of path) {
    refuseAlias(node);
    if (isMap(node)) node = memberOf(node, String(segment));
    else if (isSeq(node) && typeof segment === 'number') node = node.items[segment] ?? null;
    else node = null;
    if (!node) throw new NotEditable('it does not stand in this file: something adds it, such as an overlay');
  }
  refuseAlias(node);
  if (!node) throw new NotEditable('the document is empty');
  return node;
}

function memberOf(map: Parsed, name: string): Node | null {
  return map.items.find(({ key }) => isScalar(key) && key.value === name)?.value ?? null;
}

function refuseAlias(node: Node | null): void {
  if (isAlias(node)) throw new NotEditable('it stands behind an alias, which other places share');
}

class Editor {
  readonly #document: Document.Parsed;
  readonly #text: string;

  constructor(document: Document.Parsed, text: string) {
    this.#document = document;
    this.#text = text;
  }

  replace(node: Node, value: Json): Splice[] {
    refuseAlias(node);
    if (jsonEqual(this.#json(node), value)) return [];
    const inFlow = isCollection(node) && node.flow === true;
    if (isScalar(node) && isLeaf(value)) return [this.#over(node, this.#scalar(node, value))];
    if (!inFlow && isMap(node) && isJsonObject(value)) return this.#map(node, value);
    if (!inFlow && isSeq(node) && isJsonArray(value) && value.length > 0) return this.#list(node, value);
    return [
      isCollection(node) && !inFlow ? this.#onLineOfName(node, value) : this.#over(node, inline(value)),
    ];
  }

  /** What is empty or flat stands beside its name, where a block stood below it. */
  #onLineOfName(node: Node, value: Json): Splice {
    const before = this.#text.slice(0, node.range[0]).trimEnd();
    const end = this.#endOf(node);
    if (before.endsWith(':')) return { start: before.length, end, text: ` ${inline(value)}` };
    return { start: node.range[0], end, text: inline(value) };
  }

  #json(node: Node): Json {
    const value: Json = node.toJS(this.#document, { maxAliasCount: 1_000 });
    return value;
  }

  #over({ range: [start, end] }: Node, text: string): Splice {
    return { start, end, text };
  }

  /** In the quotes that stand there already, where the value is a text. */
  #scalar(node: Node, value: Json): string {
    const source = this.#text[node.range[0]] ?? '';
    if (typeof value === 'string' && source === '"') return JSON.stringify(value);
    if (typeof value === 'string' && source === "'" && !/[\n\r\p{Cc}]/u.test(value)) {
      return `'${value.replaceAll("'", "''")}'`;
    }
    const plain = inline(value);
    // Flow context and block scalars know fewer plain texts.
    return typeof value === 'string' && /[,[\]{}\n]/.test(plain) && !plain.startsWith("'")
      ? JSON.stringify(value)
      : plain;
  }

  #map(map: Parsed, value: JsonObject): Splice[] {
    const splices: Splice[] = [];
    const gone: Pair<Node, Node | null>[] = [];
    for (const pair of map.items) {
      const name = isScalar(pair.key) ? String(pair.key.value) : '';
      const next = value[name];
      if (next === undefined) gone.push(pair);
      else if (pair.value) splices.push(...this.replace(pair.value, next));
      else throw new NotEditable('it has no value in this file');
    }
    const names = new Set(map.items.map(({ key }) => (isScalar(key) ? String(key.value) : '')));
    const added = Object.entries(value).filter(([name]) => !names.has(name));
    const column = this.#columnOf(map.range[0]);
    const lines = added.map(([name, member]) => indented(blockOf({ [name]: member }), column));
    const [first, ...others] = gone;
    // One of a kind, such as a name instead of an id, takes the other's place.
    if (first && lines.length > 0) {
      splices.push({
        start: first.key.range[0],
        end: this.#endOfPair(first),
        text: lines.join(`\n${' '.repeat(column)}`),
      });
    } else if (first) splices.push(this.#removed(first.key.range[0], this.#endOfPair(first)));
    else if (lines.length > 0) splices.push(this.#appended(map, lines, column));
    splices.push(...others.map((pair) => this.#removed(pair.key.range[0], this.#endOfPair(pair))));
    return splices;
  }

  #list(list: YAMLSeq.Parsed, value: readonly Json[]): Splice[] {
    const open = [...value];
    const splices: Splice[] = [];
    const gone: Node[] = [];
    for (const item of list.items) {
      refuseAlias(item);
      const identity = identityOf(this.#json(item));
      const at = open.findIndex((next) => identityOf(next) === identity);
      const [next] = at < 0 ? [] : open.splice(at, 1);
      if (next === undefined) gone.push(item);
      else splices.push(...this.replace(item, mergedEntry(this.#json(item), next)));
    }
    const column = this.#columnOf(list.range[0]);
    const lines = open.map((item) => `- ${indented(blockOf(item), column + 2)}`);
    // Entries that come take the places of those that go: a list is never empty in between.
    for (const [index, item] of gone.entries()) {
      const dash = this.#dashBefore(item);
      const line = lines.shift();
      const end = this.#endOf(item);
      if (line === undefined) splices.push(this.#removed(dash, end));
      else
        splices.push({
          start: dash,
          end,
          text: index === gone.length - 1 ? [line, ...lines.splice(0)].join(`\n${' '.repeat(column)}`) : line,
        });
    }
    if (lines.length > 0) splices.push(this.#appended(list, lines, column));
    return splices;
  }

  #dashBefore(item: Node): number {
    const dash = this.#text.lastIndexOf('-', item.range[0] - 1);
    if (dash < 0 || this.#text.slice(dash + 1, item.range[0]).trim() !== '') {
      throw new NotEditable('an entry of its list has a layout that can not be kept');
    }
    return dash;
  }

  /** Takes out what begins on a line of its own, with the line. */
  #removed(start: number, end: number): Splice {
    const lineStart = this.#text.lastIndexOf('\n', start - 1) + 1;
    const nextLine = this.#text.indexOf('\n', end);
    if (this.#text.slice(lineStart, start).trim() !== '') {
      throw new NotEditable('it shares its line with something else');
    }
    return { start: lineStart, end: nextLine < 0 ? this.#text.length : nextLine + 1, text: '' };
  }

  #appended(collection: Node, lines: readonly string[], column: number): Splice {
    const end = this.#endOf(collection);
    const lineEnd = this.#text.indexOf('\n', end);
    const at = lineEnd < 0 ? this.#text.length : lineEnd;
    const text = lines.map((line) => `\n${' '.repeat(column)}${line}`).join('');
    return { start: at, end: at, text };
  }

  #endOfPair({ key, value }: Pair<Node, Node | null>): number {
    return value && value.range[1] > value.range[0] ? this.#endOf(value) : key.range[1];
  }

  /** Of the last value in it: the range of a block goes on over the blank lines and comments behind it. */
  #endOf(node: Node): number {
    if (isMap(node) && !node.flow) {
      const last = node.items.at(-1);
      return last ? this.#endOfPair(last) : node.range[1];
    }
    if (isSeq(node) && !node.flow) {
      const last = node.items.at(-1);
      return last ? this.#endOf(last) : node.range[1];
    }
    const [start, end] = node.range;
    return start + this.#text.slice(start, end).trimEnd().length;
  }

  #columnOf(offset: number): number {
    return offset - (this.#text.lastIndexOf('\n', offset - 1) + 1);
  }
}

function isLeaf(value: Json): boolean {
  return !isJsonArray(value) && !isJsonObject(value);
}

const layout = { schema: 'failsafe', customTags: kubernetesScalars, lineWidth: 0 } as const;

/** On one line. */
function inline(value: Json): string {
  if (typeof value === 'string' && /[\n\r]/.test(value)) return JSON.stringify(value);
  return stringify(value, { ...layout, collectionStyle: 'flow', flowCollectionPadding: false }).trimEnd();
}

function blockOf(value: Json): string {
  if (typeof value === 'string' && /[\n\r]/.test(value)) return JSON.stringify(value);
  return stringify(value, layout).trimEnd();
}

/** All lines but the first. */
function indented(text: string, column: number): string {
  return text.replaceAll('\n', `\n${' '.repeat(column)}`);
}
