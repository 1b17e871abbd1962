import type { Json } from '../../foundation/json.ts';
import { plainScalar } from './yaml-scalars.ts';

/**
 * Reads the YAML that people and kubectl write: block maps and lists of plain and quoted scalars, with comments.
 * Many times as fast as a full reader, which is what ten thousand documents take.
 *
 * @returns the value of each document; undefined when the text holds anything else (flow collections, block
 * scalars, anchors, tags, tabs, deep nesting, a fault), which is for the full reader to say
 */
export function readPlainYaml(text: string): readonly Json[] | undefined {
  if (odd.test(text)) return undefined;
  try {
    return new PlainReader(text).documents();
  } catch (error) {
    if (error === notPlain) return undefined;
    throw error;
  }
}

/** Control characters but for line feeds, other line breaks, byte order marks, and halves of characters. */
const odd = /[^\P{C}\n]|[\u2028\u2029]/u;
const notPlain = new Error('not plain YAML');

const name = /^[A-Za-z_][-A-Za-z0-9_./]*$/;
/** What begins otherwise than with one of these is a plain scalar, but for `-` and a space, which is an item. */
const indicators = new Set(',[]{}#&*!|>\'"%@`?:');
/** No resource is indented so far; a level of nesting takes one column at least, and one on the stack. */
const deepest = 200;
const space = 32;
const hash = 35;
const dash = 45;
const colon = 58;

class PlainReader {
  readonly #text: string;
  /** Start of the next line to look at. */
  #next = 0;
  /** The line at hand: its indentation, where its content starts, and where it ends. */
  #indent = -1;
  #start = 0;
  #end = 0;
  /** The line at hand is `---`, or there is none. */
  #atMarker = false;
  #atEnd = false;

  constructor(text: string) {
    this.#text = text;
    this.#advance();
  }

  documents(): readonly Json[] {
    const documents: Json[] = [];
    // What stands before the first marker is a document only if there is something.
    if (!this.#atMarker && !this.#atEnd) documents.push(this.#document());
    while (this.#atMarker) {
      this.#advance();
      documents.push(this.#atMarker || this.#atEnd ? null : this.#document());
    }
    return documents;
  }

  #document(): Json {
    const value = this.#block(this.#indent);
    if (!this.#atMarker && !this.#atEnd) throw notPlain;
    return value;
  }

  /** Goes to the next line that is neither blank nor a comment. */
  #advance(): void {
    const text = this.#text;
    this.#atMarker = false;
    this.#indent = -1;
    while (this.#next < text.length) {
      const lineStart = this.#next;
      const lineBreak = text.indexOf('\n', lineStart);
      let end = lineBreak < 0 ? text.length : lineBreak;
      this.#next = end + 1;
      let start = lineStart;
      while (start < end && text.charCodeAt(start) === space) start++;
      if (start === end || text.charCodeAt(start) === hash) continue;
      if (start - lineStart > deepest) throw notPlain;
      while (text.charCodeAt(end - 1) === space) end--;
      if (start === lineStart) {
        if (text.startsWith('---', start) && (end === start + 3 || text.charCodeAt(start + 3) === space)) {
          if (end !== start + 3) throw notPlain;
          this.#atMarker = true;
          return;
        }
        if (text.startsWith('...', start)) throw notPlain;
      }
      this.#indent = start - lineStart;
      this.#start = start;
      this.#end = end;
      return;
    }
    this.#atEnd = true;
  }

  /** A map or list whose entries all stand at this indentation, from the line at hand on. */
  #block(indent: number): Json {
    return this.#isItem() ? this.#list(indent) : this.#map(indent);
  }

  #isItem(): boolean {
    return (
      this.#text.charCodeAt(this.#start) === dash &&
      (this.#end === this.#start + 1 || this.#text.charCodeAt(this.#start + 1) === space)
    );
  }

  #list(indent: number): Json {
    const items: Json[] = [];
    while (this.#indent === indent && this.#isItem()) {
      let start = this.#start + 1;
      while (start < this.#end && this.#text.charCodeAt(start) === space) start++;
      if (start >= this.#end) items.push(this.#below(indent, false));
      else if (this.#text.charCodeAt(start) === hash) throw notPlain;
      else if (this.#separator(start) >= 0) {
        // A map that begins on the line of its item: the rest of it stands below its first name.
        this.#indent += start - this.#start;
        this.#start = start;
        if (this.#isItem()) throw notPlain;
        items.push(this.#map(this.#indent));
      } else {
        items.push(this.#scalar(start, this.#end));
        this.#advance();
      }
    }
    if (this.#indent > indent) throw notPlain;
    return items;
  }

  #map(indent: number): Json {
    const members: Record<string, Json> = {};
    while (this.#indent === indent) {
      if (this.#isItem()) break;
      const at = this.#separator(this.#start);
      if (at < 0) throw notPlain;
      const key = this.#name(this.#start, at);
      if (Object.hasOwn(members, key)) throw notPlain;
      let start = at + 1;
      while (start < this.#end && this.#text.charCodeAt(start) === space) start++;
      if (start >= this.#end) members[key] = this.#below(indent, true);
      else {
        members[key] = this.#scalar(start, this.#end);
        this.#advance();
      }
    }
    if (this.#indent > indent) throw notPlain;
    return members;
  }

  /** What stands below a name or an item that has nothing beside it. A list may stand level with its name. */
  #below(indent: number, ofName: boolean): Json {
    this.#advance();
    if (this.#indent > indent) return this.#block(this.#indent);
    return ofName && this.#indent === indent && this.#isItem() ? this.#list(indent) : null;
  }

  /** Where the colon stands that ends a name, on the line at hand; -1 when there is none. */
  #separator(start: number): number {
    const text = this.#text;
    const first = text.charCodeAt(start);
    if (first === 34 || first === 39) return this.#afterQuoted(start);
    let at = text.indexOf(':', start);
    while (at >= 0 && at < this.#end) {
      if (at + 1 === this.#end || text.charCodeAt(at + 1) === space) return at;
      at = text.indexOf(':', at + 1);
    }
    return -1;
  }

  /** A quoted text may hold colons: a name in quotes is left to the full reader, a value is no name. */
  #afterQuoted(start: number): number {
    const close = this.#text.indexOf(this.#text.charAt(start), start + 1);
    if (close < 0 || close >= this.#end) throw notPlain;
    if (this.#text.charCodeAt(close + 1) === colon && close + 1 < this.#end) throw notPlain;
    return -1;
  }

  #name(start: number, end: number): string {
    const text = this.#text.slice(start, end);
    if (!name.test(text) || text === '__proto__' || typeof plainScalar(text) !== 'string') throw notPlain;
    return text;
  }

  #scalar(start: number, end: number): Json {
    const text = this.#text.slice(start, end);
    const first = text.charAt(0);
    if (first === '"' || first === "'") return quoted(text, first);
    if (text === '[]') return [];
    if (text === '{}') return {};
    if (indicators.has(first) || (first === '-' && (text.length === 1 || text.charAt(1) === ' ')))
      throw notPlain;
    const comment = text.indexOf(' #');
    const plain = comment < 0 ? text : text.slice(0, comment).trimEnd();
    if (plain.endsWith(':') || plain.includes(': ')) throw notPlain;
    return plainScalar(plain);
  }
}

/** A text in quotes on one line, without escapes; nothing but a comment may follow. */
function quoted(text: string, quote: string): string {
  const close = text.indexOf(quote, 1);
  const value = text.slice(1, close);
  if (close < 0 || value.includes('\\')) throw notPlain;
  const rest = text.slice(close + 1);
  if (rest !== '' && !/^ +#/.test(rest)) throw notPlain;
  return value;
}
