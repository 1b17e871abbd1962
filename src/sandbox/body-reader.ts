import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../foundation/json.ts';
import { type FieldError, validation } from './problem.ts';

export interface TextRules {
  readonly required?: boolean;
  /** Length in characters. */
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  readonly oneOf?: readonly string[];
  readonly email?: boolean;
}

/**
 * Reads a JSON body field by field and collects what is wrong, so that one answer names every fault with its
 * path. A field that is null counts as left out. Readers of nested objects share the list of faults.
 */
export class BodyReader {
  readonly body: JsonObject;
  readonly #prefix: string;
  readonly #errors: FieldError[];

  constructor(body: JsonObject, prefix = '', errors: FieldError[] = []) {
    this.body = body;
    this.#prefix = prefix;
    this.#errors = errors;
  }

  path(name: string): string {
    return this.#prefix === '' ? name : `${this.#prefix}.${name}`;
  }

  fault(name: string, message: string): void {
    this.#errors.push({ code: 'VALIDATION_ERROR', field: this.path(name), message });
  }

  /** Throws 400 with all faults found so far. */
  finish(): void {
    if (this.#errors.length > 0) throw validation(this.#errors);
  }

  has(name: string): boolean {
    return (this.body[name] ?? null) !== null;
  }

  text(name: string, rules: TextRules = {}): string | undefined {
    const value = this.body[name] ?? null;
    if (value === null) {
      if (rules.required) this.fault(name, 'must not be blank');
      return undefined;
    }
    if (typeof value !== 'string') {
      this.fault(name, 'must be a string');
      return undefined;
    }
    this.#checkText(name, value, rules);
    return value;
  }

  #checkText(name: string, value: string, rules: TextRules): void {
    const { min = 0, max = Number.POSITIVE_INFINITY, oneOf, pattern } = rules;
    if (rules.required && value.trim() === '') this.fault(name, 'must not be blank');
    else if (value.length < min || value.length > max) {
      const range = max === Number.POSITIVE_INFINITY ? `at least ${min}` : `between ${min} and ${max}`;
      this.fault(name, `size must be ${range}`);
    } else if (oneOf && !oneOf.includes(value)) this.fault(name, `must be one of ${oneOf.join(', ')}`);
    else if (pattern && !pattern.test(value)) this.fault(name, `must match ${pattern.source}`);
    else if (rules.email && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(value)) {
      this.fault(name, 'must be a well-formed email address');
    }
  }

  boolean(name: string, required = false): boolean | undefined {
    const value = this.body[name] ?? null;
    if (value === null) {
      if (required) this.fault(name, 'must not be null');
      return undefined;
    }
    if (typeof value === 'boolean') return value;
    this.fault(name, 'must be true or false');
    return undefined;
  }

  integer(name: string, rules: { required?: boolean; min?: number; max?: number } = {}): number | undefined {
    const value = this.body[name] ?? null;
    if (value === null) {
      if (rules.required) this.fault(name, 'must not be null');
      return undefined;
    }
    const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = rules;
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    this.fault(name, `must be a whole number${rules.min === undefined ? '' : `, at least ${min}`}`);
    return undefined;
  }

  /** A nested object; `undefined` when left out or of the wrong type (which is a fault). */
  object(name: string, required = false): BodyReader | undefined {
    const value = this.body[name] ?? null;
    if (value === null) {
      if (required) this.fault(name, 'must not be null');
      return undefined;
    }
    if (isJsonObject(value)) return new BodyReader(value, this.path(name), this.#errors);
    this.fault(name, 'must be an object');
    return undefined;
  }

  /** A list of objects; empty when left out. Null items are skipped. */
  objects(name: string, rules: { max?: number } = {}): BodyReader[] {
    const readers: BodyReader[] = [];
    const items = this.list(name);
    if (rules.max !== undefined && items.length > rules.max) {
      this.fault(name, `size must be between 0 and ${rules.max}`);
    }
    for (const [index, item] of items.entries()) {
      const path = `${name}[${index}]`;
      if (isJsonObject(item)) readers.push(new BodyReader(item, this.path(path), this.#errors));
      else if (item !== null) this.fault(path, 'must be an object');
    }
    return readers;
  }

  list(name: string): readonly Json[] {
    const value = this.body[name] ?? null;
    if (value === null) return [];
    if (isJsonArray(value)) return value;
    this.fault(name, 'must be a list');
    return [];
  }

  /** What is left after the named fields: known ones that need no rule, and unknown ones. Nulls are dropped. */
  rest(...taken: string[]): JsonObject {
    return Object.fromEntries(
      Object.entries(this.body).filter(([name, value]) => value !== null && !taken.includes(name)),
    );
  }
}
