import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseAllDocuments,
  type YAMLMap,
} from 'yaml';
import type { Json } from '../../foundation/json.ts';
import type { Position } from '../finding.ts';
import type { JsonPath } from '../json-path.ts';
import { kubernetesScalars } from './yaml-scalars.ts';

export interface SyntaxFault extends Position {
  readonly message: string;
}

/** One document of a text, as the `yaml` package holds it: with comments, layout and the place of everything. */
export interface YamlDocument {
  readonly document: Document.Parsed;
  readonly faults: readonly SyntaxFault[];
  /** The place of a value, or of the name of a member; the nearest place above it where there is no such value. */
  positionOf(path: JsonPath, at?: 'key' | 'value'): Position;
}

/** Reads all documents of a YAML or JSON text, with scalars as kubectl reads them. */
export function parseYaml(text: string): readonly YamlDocument[] {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    schema: 'failsafe',
    customTags: kubernetesScalars,
    merge: true,
    prettyErrors: false,
    logLevel: 'error',
  });
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const documents: readonly Document.Parsed[] = Array.isArray(parsed) ? parsed : [];
  return documents.map((document) => ({
    document,
    faults: document.errors.map(({ message, pos }) => ({
      message: spoken(message),
      ...position(pos[0]),
    })),
    positionOf: (path, at = 'value') => position(offsetOf(document, path, at)),
  }));
}

/** In the words of people: the parser's own limit is that of its stack. */
function spoken(message: string): string {
  return /call stack/i.test(message) ? 'this is nested too deeply' : message.replace(/\s+/g, ' ');
}

/** The value of a document. Throws when an alias makes it larger than any manifest is. */
export function jsonOf(document: Document.Parsed): Json {
  const value: Json = document.toJS({ maxAliasCount: 1_000 });
  return value;
}

function offsetOf(document: Document.Parsed, path: JsonPath, at: 'key' | 'value'): number {
  let node: ParsedNode | null = resolved(document, document.contents);
  let offset = startOf(node) ?? document.range[0];
  for (const [index, segment] of path.entries()) {
    const last = index === path.length - 1;
    if (isSeq<ParsedNode>(node) && typeof segment === 'number') {
      const item = node.items[segment];
      if (!item) return offset;
      offset = startOf(item) ?? offset;
      node = resolved(document, item);
    } else if (isMap<ParsedNode, ParsedNode | null>(node)) {
      const pair = pairOf(node, String(segment));
      if (!pair) return offset;
      const key = startOf(pair.key) ?? offset;
      offset = last && at === 'key' ? key : (startOf(pair.value) ?? key);
      // What is missing below a member is reported at the member's name.
      if (!last && !isScalar(pair.value) && !hasMember(document, pair.value, path[index + 1])) return key;
      node = resolved(document, pair.value);
    } else return offset;
  }
  return offset;
}

function hasMember(
  document: Document.Parsed,
  value: ParsedNode | null,
  segment: string | number | undefined,
): boolean {
  const node = resolved(document, value);
  if (isMap<ParsedNode, ParsedNode | null>(node)) return pairOf(node, String(segment)) !== undefined;
  return isSeq(node) && typeof segment === 'number' && segment < node.items.length;
}

function pairOf(map: YAMLMap<ParsedNode, ParsedNode | null>, name: string) {
  return map.items.find((pair) => isPair(pair) && isScalar(pair.key) && String(pair.key.value) === name);
}

function resolved(document: Document.Parsed, node: ParsedNode | null): ParsedNode | null {
  if (!isAlias(node)) return node;
  const target = node.resolve(document);
  return isParsed(target) ? target : null;
}

function isParsed(node: unknown): node is ParsedNode {
  return isNode(node) && Array.isArray(node.range);
}

function startOf(node: ParsedNode | null): number | undefined {
  return node?.range?.[0];
}
